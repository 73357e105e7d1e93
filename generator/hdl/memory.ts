import { Expr } from './expr.js';
import { type Int, int } from './int.js';

/**
 * Words of a memory. Reading and writing inside an always block takes a clock edge; a word that is read at the edge at
 * which it is written is read as it was before. A wire reads without a clock, which makes flip-flops of the memory.
 */
export interface Memory {
  readonly name: string;
  /** The word at `address`: a value to read at the clock edge, or the target of set(). */
  at(address: Expr<'u'>): Expr<'u'>;
}

/** The words of the memory `name`, `width` bits each. */
export function wordsOf(name: string, width: Int): Memory {
  const node = { kind: 'select', name, stride: int(0), width } as const;
  return { name, at: (index) => new Expr('u', width, { ...node, index }) };
}
