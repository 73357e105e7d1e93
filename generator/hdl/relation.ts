import { callSite, complain } from './diagnostics.js';
import { type Int, type IntLike, int } from './int.js';

export type CompareOp = '==' | '!=' | '<' | '<=' | '>' | '>=';

/** What the values of several parameters have to be to each other. */
export interface Relation {
  readonly a: Int;
  readonly op: CompareOp;
  readonly b: Int;
  /** What elaboration stops with where it does not hold, e.g. `LANE_BITS must be at least ACT_BITS`. */
  readonly message: string;
  readonly site: string;
}

/**
 * A relation between parameters: other values are refused here (PARAMETER_RELATION), and stop the elaboration of the
 * Verilog with `message`: words of letters and digits that begin with a letter (INVALID_NAME).
 */
export function requires(a: IntLike, op: CompareOp, b: IntLike, message: string): Relation {
  const site = callSite();
  if (!/^[A-Za-z]\w*( \w+)*$/.test(message)) complain('INVALID_NAME', `"${message}"`, site);
  return { a: int(a), op, b: int(b), message, site };
}

/** Whether two numbers are to each other as an operator says. */
export function holds(x: number, op: CompareOp, y: number): boolean {
  if (x === y) return op === '==' || op === '<=' || op === '>=';
  return op === '!=' || (x < y ? op === '<' || op === '<=' : op === '>' || op === '>=');
}
