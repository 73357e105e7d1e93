import type { GoldenPass, LayerFrame, MakePass } from '../../../generator/golden/cells/cell.js';
import { SumStart, stateAtStart } from '../../../generator/golden/sum-start.js';
import { accumulate, weightsOf } from '../../../generator/golden/weighted-sums.js';
import {
  cellRounding,
  nextHidden,
  roundedCell,
  sat,
  toTableInput,
} from '../../../generator/network/arithmetic.js';
import { tableOne } from '../../../generator/network/table-scheme.js';

/** The arithmetic of the coupled cell, in integers. */
export const goldenCoupled: MakePass = (pass, { words, tables }): GoldenPass => {
  const { operands, rows, align, stateFraction } = pass;
  const [x, h] = operands;
  if (h === undefined || stateFraction === null) throw new Error('a coupled cell has h and c');
  const weights = [x, h].map(({ matrix }) => weightsOf(matrix, words.activation));
  const start = new SumStart(pass);
  const initial = stateAtStart(pass);
  const state = initial.slice();
  const values = new Float64Array(rows);
  const { scheme, offset } = tables;
  const by = cellRounding(stateFraction, scheme);
  const one = tableOne(scheme);
  const look = (table: Int32Array, u: number) => table[u + offset] as number;
  return {
    values,
    reset: () => {
      start.reset();
      state.set(initial);
      values.fill(0);
    },
    step: (input, hidden): LayerFrame => {
      const sums = start.next().slice();
      accumulate(weights[0] as (typeof weights)[0], input, align.x, sums);
      accumulate(weights[1] as (typeof weights)[0], hidden as Float64Array, align.h, sums);
      const u = (gate: number, row: number) =>
        toTableInput(sums[gate * rows + row] as number, align.fraction, scheme);
      for (let row = 0; row < rows; row++) {
        const f = look(tables.sigmoid, u(0, row));
        const g = look(tables.tanh, u(1, row));
        const o = look(tables.sigmoid, u(2, row));
        const exact = roundedCell(f, state[row] as number, one - f, g, by);
        const next = sat(exact, words.cell);
        state[row] = next;
        const squashed = look(tables.tanh, toTableInput(next, stateFraction, scheme));
        values[row] = nextHidden(o, squashed, words.activation, scheme);
      }
      return { sums, state: state.slice(), value: Int32Array.from(values) };
    },
  };
};
