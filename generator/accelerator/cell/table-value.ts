import {
  bit,
  concat,
  type Expr,
  type Int,
  low,
  type Scope,
  type Stage,
  type Stages,
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
import { TABLE } from '../pipeline/tracks.js';
import type { ActivationTable } from './activation-table.js';
import { gateBits } from './lane-arithmetic.js';

/** Parameter of a lane with the image of each table. */
export const TABLE_FILES = { sigmoid: 'SIGMOID_FILE', tanh: 'TANH_FILE' } as const satisfies Record<
  TableFunction,
  string
>;

/** A value through a table of its own, GATE stages behind stage `at`; `active`: of the lane, by its stages. */
export function tableValue(
  m: Scope,
  of: {
    readonly table: ActivationTable;
    readonly scheme: TableScheme;
    readonly clk: Expr<'u'>;
    readonly active: Expr<'u'>;
    readonly stages: Stages;
    /** Cycles through a table, as the lane names them. */
    readonly latency: () => Int;
  },
  name: string,
  kind: TableFunction,
  value: Expr<'s'>,
  at: Stage,
): Expr<'s'> {
  const { stages } = of;
  const cycles = stages.track.between(at.place, at.place + TABLE.length);
  const signed = signedTable(m, of, name, kind, value, of.active.part(at.cycle, cycles));
  const end = at.behind(TABLE.length, of.latency);
  const result = stages.reg(end, name, sint(signed.width));
  stages.set(stages.held(end, set(result, signed)));
  return result;
}

/** The value of a table with its sign, TABLE stages behind `value`; `active`, bit n: a value came n cycles ago. */
export function signedTable(
  m: Scope,
  of: {
    readonly table: ActivationTable;
    readonly scheme: TableScheme;
    readonly clk: Expr<'u'>;
  },
  name: string,
  kind: TableFunction,
  value: Expr<'s'>,
  active: Expr<'u'>,
): Expr<'s'> {
  const width = gateBits(of.scheme);
  const y = m.net(`${name}_magnitude`, uint(y0Bits(of.scheme)));
  const negative = m.net(`${name}_negative`, bit);
  m.instance(
    `u_${name}`,
    of.table,
    { clk: of.clk, active, u: value, y, negative },
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
  return negative.choose(mirror, positive);
}

/** A value through a table that values of several stages share, in a register that always stands, a cycle behind the table. */
export function sharedTableValue(
  m: Scope,
  tables: Parameters<typeof signedTable>[1],
  name: string,
  kind: TableFunction,
  value: Expr<'s'>,
  of: {
    readonly latency: number;
    readonly width: number;
    /** A value came n cycles ago. */
    readonly during: (n: number) => Expr<'u'>;
  },
): Expr<'s'> {
  const bits = Array.from({ length: of.latency }, (_, n) => of.during(n));
  const active = m.wire(`${name}_active`, concat(...bits.reverse()));
  const signed = signedTable(m, tables, name, kind, value, active);
  const result = m.reg(name, sint(of.width));
  m.always(tables.clk, [when(of.during(of.latency), [set(result, signed)])]);
  return result;
}
