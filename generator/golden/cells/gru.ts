import {
  cellRounding,
  clamp,
  type Rounding,
  resetRounding,
  rounded,
  roundedCell,
  tableInputRounding,
  valueRounding,
} from '../../network/arithmetic.js';
import type { Pass } from '../../network/program.js';
import { tableOne } from '../../network/table-scheme.js';
import { tableInput } from '../table-input.js';
import type { Surroundings } from './cell.js';
import { StatePass, type StateUpdate } from './state-pass.js';

/** One GRU layer (reset behind the product) with its state. */
export class GruPass extends StatePass {
  constructor(pass: Pass, around: Surroundings) {
    super(pass, around, updateOf(pass, around));
  }
}

/** From the sums to the next state and h, in place. */
function updateOf(pass: Pass, around: Surroundings): StateUpdate {
  const { rows, align, stateFraction, writes } = pass;
  const { words, tables, saturations } = around;
  if (stateFraction === null) throw new Error('a GRU has a state');
  const { scheme, offset, sigmoid, tanh } = tables;
  const one = tableOne(scheme);
  const gate = tableInputRounding(align.fraction, scheme);
  const reset = resetRounding(align.fraction, scheme);
  const blend = cellRounding(stateFraction, scheme);
  const hidden = valueRounding(stateFraction, writes.fraction);
  const [stateLimit, hiddenLimit] = [2 ** (words.cell - 1), 2 ** (words.activation - 1)];
  const saturated = (exact: number, limit: number, kind: keyof typeof saturations): number => {
    const value = clamp(exact, limit);
    if (value !== exact) saturations[kind]++;
    return value;
  };
  const toTable = tableInput(pass, around);
  const looked = (table: Int32Array, sum: number, by: Rounding): number =>
    table[toTable(rounded(sum, by)) + offset] as number;
  return (sums, state, values) => {
    for (let row = 0; row < rows; row++) {
      const sum = (channel: number) => sums[channel * rows + row] as number;
      const r = looked(sigmoid, sum(0), gate);
      const z = looked(sigmoid, sum(1), gate);
      const d = saturated(rounded(sum(3), reset.under), reset.limit, 'gateInput');
      const n = looked(tanh, sum(2) * reset.direct + r * d * reset.gated, reset.meet);
      const next = saturated(
        roundedCell(z, state[row] as number, one - z, n, blend),
        stateLimit,
        'cell',
      );
      state[row] = next;
      values[row] = saturated(rounded(next, hidden), hiddenLimit, 'hidden');
    }
  };
}
