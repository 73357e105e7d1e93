import {
  cellRounding,
  clamp,
  hiddenRounding,
  peepholeRounding,
  type Rounding,
  rounded,
  roundedCell,
  tableInputRounding,
} from '../../network/arithmetic.js';
import type { Pass } from '../../network/program.js';
import { tableInput } from '../table-input.js';
import type { Surroundings } from './cell.js';
import { StatePass, type StateUpdate } from './state-pass.js';

/** One LSTM layer with peepholes, with its state. */
export class LstmPeepholePass extends StatePass {
  constructor(pass: Pass, around: Surroundings) {
    super(pass, around, updateOf(pass, around));
  }
}

/** From the sums, and the peepholes as they are in the biases, to the next state and h, in place. */
function updateOf(pass: Pass, around: Surroundings): StateUpdate {
  const { rows, align, bias, biasFraction, stateFraction } = pass;
  const { words, tables, saturations } = around;
  if (stateFraction === null) throw new Error('an LSTM has a state');
  const { scheme, offset, sigmoid, tanh } = tables;
  const plain = tableInputRounding(align.fraction, scheme);
  const peephole = peepholeRounding(align.fraction, biasFraction, stateFraction, scheme);
  const blend = cellRounding(stateFraction, scheme);
  const ofState = tableInputRounding(stateFraction, scheme);
  const hidden = hiddenRounding(words.activation, scheme);
  const [stateLimit, hiddenLimit] = [2 ** (words.cell - 1), 2 ** (words.activation - 1)];
  const saturated = (exact: number, limit: number, kind: keyof typeof saturations): number => {
    const value = clamp(exact, limit);
    if (value !== exact) saturations[kind]++;
    return value;
  };
  const toTable = tableInput(pass, around);
  const looked = (table: Int32Array, exact: number, by: Rounding): number =>
    table[toTable(rounded(exact, by)) + offset] as number;
  return (sums, state, values) => {
    for (let row = 0; row < rows; row++) {
      const before = state[row] as number;
      const sum = (channel: number) => sums[channel * rows + row] as number;
      const seen = (channel: number, weight: number, c: number) =>
        sum(channel) * peephole.direct +
        (bias[weight * rows + row] as number) * c * peephole.product;
      const i = looked(sigmoid, seen(0, 4, before), peephole.meet);
      const f = looked(sigmoid, seen(1, 5, before), peephole.meet);
      const g = looked(tanh, sum(2), plain);
      const next = saturated(roundedCell(f, before, i, g, blend), stateLimit, 'cell');
      const o = looked(sigmoid, seen(3, 6, next), peephole.meet);
      const v = saturated(rounded(next, ofState), offset, 'cellInput');
      const t = tanh[v + offset] as number;
      state[row] = next;
      values[row] = saturated(rounded(o * t, hidden), hiddenLimit, 'hidden');
    }
  };
}
