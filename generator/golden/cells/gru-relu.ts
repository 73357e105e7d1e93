import {
  clamp,
  reluRounding,
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

/** One GRU layer whose new gate is a ReLU (reset behind the product), with its state. */
export class GruReluPass extends StatePass {
  constructor(pass: Pass, around: Surroundings) {
    super(pass, around, updateOf(pass, around));
  }
}

/** From the sums to the next state and h, in place. */
function updateOf(pass: Pass, around: Surroundings): StateUpdate {
  const { rows, align, stateFraction, writes } = pass;
  const { words, tables, saturations } = around;
  if (stateFraction === null) throw new Error('a GRU has a state');
  const { scheme, offset, sigmoid } = tables;
  const one = tableOne(scheme);
  const input = tableInputRounding(align.fraction, scheme);
  const by = reluRounding(align.fraction, stateFraction, words.cell, scheme);
  const hidden = valueRounding(stateFraction, writes.fraction);
  const [stateLimit, hiddenLimit] = [2 ** (words.cell - 1), 2 ** (words.activation - 1)];
  const saturated = (exact: number, limit: number, kind: keyof typeof saturations): number => {
    const value = clamp(exact, limit);
    if (value !== exact) saturations[kind]++;
    return value;
  };
  const toTable = tableInput(pass, around);
  const gate = (sum: number): number => sigmoid[toTable(rounded(sum, input)) + offset] as number;
  return (sums, state, values) => {
    for (let row = 0; row < rows; row++) {
      const sum = (channel: number) => sums[channel * rows + row] as number;
      const [r, z] = [gate(sum(0)), gate(sum(1))];
      const d = saturated(rounded(sum(3), by.under), by.limit, 'gateInput');
      const exact = sum(2) * by.direct + r * d * by.gated;
      const n = saturated(rounded(Math.max(0, exact), by.meet), stateLimit, 'cell');
      const next = roundedCell(z, state[row] as number, one - z, n, by.blend);
      state[row] = next;
      values[row] = saturated(rounded(next, hidden), hiddenLimit, 'hidden');
    }
  };
}
