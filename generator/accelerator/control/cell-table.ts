import type { IntLike } from '../../hdl/index.js';
import { hasSingles, hasState } from '../cell/kinds.js';
import { unitsOf } from '../cell/units.js';
import { hWriteBits } from '../memory/h-words.js';
import { bitsOf, type Configuration, peepholeBits, tablesOf } from '../plan/configuration.js';
import { stateDepth } from '../plan/frames-in-memory.js';

/** Widths of the fields of the cell table; numbers for the images, expressions for the Verilog. */
export interface CellTableWidths<W extends IntLike> {
  readonly one: W;
  /** In a design with lanes of several kinds. */
  readonly kind?: W | undefined;
  /** In a design whose lanes update layers of one operand. */
  readonly single?: W | undefined;
  /** In a design with layers whose rows take turns. */
  readonly flat?: W | undefined;
  /** In a design with peepholes. */
  readonly peephole?: W | undefined;
  /** In a design with clips: of the magnitude of a table input. */
  readonly clip?: W | undefined;
  /** In a design with ranges: of a value. */
  readonly range?: W | undefined;
  readonly shiftX: W;
  readonly shiftH: W;
  readonly shiftBias: W;
  readonly round: W;
  /** In a design whose cells keep a state. */
  readonly cellShift?: W | undefined;
  readonly bias: W;
  /** In a design with initial states: of the biases of the first frame of an utterance. */
  readonly first?: W | undefined;
  readonly state?: W | undefined;
  readonly value: W;
}

/** Fields of the cell table: what the cell update must know of each pass. Bases are where its first step has its words. */
export function cellTableFields<W extends IntLike>(w: CellTableWidths<W>) {
  return [
    { name: 'output_layer', width: w.one },
    ...(w.single === undefined ? [] : [{ name: 'single', width: w.single }]),
    ...(w.flat === undefined ? [] : [{ name: 'flat', width: w.flat }]),
    ...(w.kind === undefined ? [] : [{ name: 'kind', width: w.kind }]),
    { name: 'leaves', width: w.one },
    { name: 'x_first', width: w.one },
    { name: 'shift_x', width: w.shiftX },
    { name: 'shift_h', width: w.shiftH },
    { name: 'shift_bias', width: w.shiftBias },
    { name: 'round', width: w.round },
    ...(w.peephole === undefined ? [] : [{ name: 'peephole_shift', width: w.peephole }]),
    ...(w.clip === undefined ? [] : [{ name: 'clip', width: w.clip }]),
    ...(w.range === undefined
      ? []
      : [
          { name: 'range_low', width: w.range },
          { name: 'range_high', width: w.range },
        ]),
    ...(w.cellShift === undefined ? [] : [{ name: 'cell_shift', width: w.cellShift }]),
    ...(w.state === undefined ? [] : [{ name: 'c_base', width: w.state }]),
    { name: 'h_base', width: w.value },
    { name: 'bias_base', width: w.bias },
    ...(w.first === undefined ? [] : [{ name: 'first_base', width: w.first }]),
  ];
}

export function cellTableWidths(c: Configuration): CellTableWidths<number> {
  return {
    one: 1,
    ...(unitsOf(c).length > 1 && { kind: kindBits(c) }),
    ...(hasSingles(c) && { single: 1 }),
    ...(c.turns && { flat: 1 }),
    ...(c.peepholes && { peephole: peepholeBits(c) }),
    ...(c.clips && { clip: tablesOf(c).inputBits - 1 }),
    ...(c.ranges && { range: c.words.activation }),
    shiftX: bitsOf(c.shiftXMost + 1),
    shiftH: bitsOf(c.shiftHMost + 1),
    shiftBias: bitsOf(c.shiftBiasMost + 1),
    round: bitsOf(c.roundMost + 1),
    ...(hasState(c) && {
      cellShift: bitsOf(c.cellPointMost - c.cellPointLeast + 1),
      state: bitsOf(stateDepth(c)),
    }),
    bias: bitsOf(c.biasDepth),
    ...(c.initialState && { first: bitsOf(c.biasDepth) }),
    value: hWriteBits(c),
  };
}

/** Bits of the number of a kind of lanes. */
export function kindBits(c: Configuration): number {
  return bitsOf(unitsOf(c).length);
}
