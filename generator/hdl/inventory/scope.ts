import type { Expr } from '../expr.js';
import { Int } from '../int.js';
import type { MemoryPort } from './stock.js';

/** A memory while the ports of its module are being found. */
export interface MemoryDraft {
  readonly width: number;
  readonly reads: MemoryPort[];
  readonly writes: MemoryPort[];
}

/** What names mean in one round of the generate loops around a place. */
export interface InventoryScope {
  /** Values of parameters and loop variables. */
  readonly at: (name: string) => number;
  /** Generate blocks between the module and this place. */
  readonly prefix: string;
  readonly memories: ReadonlyMap<string, MemoryDraft>;
  readonly registers: ReadonlySet<string>;
  readonly inputs: ReadonlySet<string>;
}

const OUTSIDE = '^';

/** A text that is equal for equal addresses: an input of the module is marked, for the module above to resolve. */
export function addressText(address: Expr, { at, inputs }: InventoryScope): string {
  const { node } = address;
  if (node.kind === 'name') return inputs.has(node.name) ? `${OUTSIDE}${node.name}` : node.name;
  return JSON.stringify(node, (_, value: unknown) => {
    if (value instanceof Int) return value.evaluate(at);
    return typeof value === 'bigint' ? String(value) : value;
  });
}

/** The same address as the module above the instance sees it. */
export function outerAddress(
  address: string,
  connected: Readonly<Record<string, Expr>>,
  place: InventoryScope,
): string {
  if (!address.startsWith(OUTSIDE)) return address;
  const outer = connected[address.slice(OUTSIDE.length)];
  return outer === undefined ? address : addressText(outer, place);
}
