import { type Expr, indexBits, int, type Scope, set, uint, when } from '../../hdl/index.js';
import { recordLayout } from '../build/record.js';
import { cellTableFields } from '../control/cell-table.js';
import { MEM_DIR } from '../images/names.js';
import type { Rom } from '../memory/leaf.js';
import { type Configuration, tablesOf } from '../plan/configuration.js';
import type { CellInts, CellPorts } from './cell-interface.js';
import { hasSingles } from './kinds.js';

/** The cell table word of the set at the lanes, by field, and in the cycle before its first step already. */
export interface TableEntry {
  readonly field: (name: string) => Expr<'u'>;
  readonly early: (name: string) => Expr<'u'>;
}

/** Reads the cell table one cycle before a set is taken: its biases are addressed then. */
export function tableEntry(
  c: Configuration,
  m: Scope,
  p: CellInts,
  io: CellPorts,
  rom: Rom,
): TableEntry {
  const bias = m.local('BIAS_ADDRESS_BITS', indexBits(p.BIAS_DEPTH));
  const state = p.CELL_DEPTH && m.local('C_ADDRESS_BITS', indexBits(p.CELL_DEPTH));
  const layout = recordLayout(
    cellTableFields({
      one: int(1),
      kind: p.KIND_BITS,
      ...(hasSingles(c) && { single: int(1) }),
      ...(c.turns && { flat: int(1) }),
      peephole: p.PEEPHOLE_SHIFT_BITS,
      ...(c.clips && { clip: int(tablesOf(c).inputBits - 1) }),
      ...(c.ranges && { range: p.ACT_BITS }),
      shiftX: p.SHIFT_X_BITS,
      shiftH: p.SHIFT_H_BITS,
      shiftBias: p.SHIFT_BIAS_BITS,
      round: p.ROUND_BITS,
      cellShift: p.CELL_SHIFT_BITS,
      bias,
      ...(c.initialState && { first: bias }),
      state,
      value: p.H_ADDRESS_BITS,
    }),
  );
  const [early, note] = c.initialState
    ? [bias.times(2), 'all but the bases of the biases']
    : [bias, 'all but the base of the biases'];
  const kept = m.local('ENTRY_BITS', layout.width.minus(early), note);
  const width = kept.plus(early);
  const next = m.net('next_entry', uint(width), 'cell table word of the layer that is taken');
  m.instance(
    'u_cell_table',
    rom,
    { clk: io.clk, enable: io.fetch, address: io.fetch_layer, data: next },
    { WIDTH: width, DEPTH: p.LAYERS, MEM_DIR, INIT_FILE: { parameter: 'CELL_FILE' } },
  );
  const entry = m.reg('entry', uint(kept), 'of the layer of the step');
  m.always(io.clk, [when(io.take, [set(entry, next.part(0, kept))])]);
  m.comment('Fields of the cell table word.');
  const fieldOf = layout.places(m, 'entry');
  return { field: (name) => fieldOf(entry, name), early: (name) => fieldOf(next, name) };
}
