import {
  bit,
  concat,
  type Expr,
  type Int,
  low,
  type Scope,
  set,
  signedLiteral,
  sint,
  uint,
  when,
} from '../../hdl/index.js';
import type { TableFunction } from '../../network/cells/cell.js';
import type { TableScheme } from '../../network/model.js';
import { tableOne, y0Bits } from '../../network/table-scheme.js';
import { MEM_DIR } from '../images/names.js';
import { type ActivationTable, TABLE_LATENCY } from './activation-table.js';
import { gateBits } from './lane-arithmetic.js';

/** Parameter of a lane with the image of each table. */
export const TABLE_FILES = { sigmoid: 'SIGMOID_FILE', tanh: 'TANH_FILE' } as const satisfies Record<
  TableFunction,
  string
>;

/** A value through a table of its own, in a register TABLE_LATENCY + 1 cycles behind stage `at`; `active`: of the lane, by stage. */
export function tableValue(
  m: Scope,
  of: {
    readonly table: ActivationTable;
    readonly scheme: TableScheme;
    readonly clk: Expr<'u'>;
    readonly active: Expr<'u'>;
    /** TABLE_LATENCY, as the lane names it. */
    readonly latency: Int;
  },
  name: string,
  kind: TableFunction,
  value: Expr<'s'>,
  at: Int,
): Expr<'s'> {
  const width = gateBits(of.scheme);
  const y = m.net(`${name}_magnitude`, uint(y0Bits(of.scheme)));
  const negative = m.net(`${name}_negative`, bit);
  m.instance(
    `u_${name}`,
    of.table,
    { clk: of.clk, active: of.active.part(at, TABLE_LATENCY), u: value, y, negative },
    { MEM_DIR, TABLE_FILE: { parameter: TABLE_FILES[kind] } },
  );
  const positive = m.wire(`${name}_positive`, concat(low, y).asSigned());
  const mirror = m.wire(
    `${name}_mirror`,
    kind === 'tanh'
      ? positive.negate()
      : signedLiteral(tableOne(of.scheme), width).subWrap(positive),
    kind === 'tanh' ? 'tanh(-u) = -tanh(u)' : 'sigmoid(-u) = 1 - sigmoid(u)',
  );
  const result = m.reg(name, sint(width));
  m.always(of.clk, [
    when(of.active.bit(at.plus(of.latency)), [set(result, negative.choose(mirror, positive))]),
  ]);
  return result;
}
