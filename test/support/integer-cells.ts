import type { Model, ModelPass } from '../../generator/network/model.js';
import { clamp, dot, round, sigmoid, tanh, up } from './integer-lstm.js';

interface State {
  state: bigint[];
  h: bigint[];
}

/**
 * Stacks of GRU and RNN layers with an output layer once more, in BigInt and dense, straight from the formulas in the
 * documents and sharing no code with the golden model. The frames are those of one utterance.
 */
export function integerCells(model: Model, frames: readonly (readonly number[])[]) {
  const states = model.passes.map(
    ({ rows, initial }): State => ({
      state: Array.from({ length: rows }, (_, k) => BigInt(initial?.state?.[k] ?? 0)),
      h: new Array<bigint>(rows).fill(0n),
    }),
  );
  return frames.map((frame, t) => {
    let below = frame.map(BigInt);
    let point = model.input.fraction;
    const layers = model.passes.map((pass, n) => {
      const own = states[n] as State;
      const done = step(model, pass, below, point, own, t === 0);
      states[n] = { state: done.state ?? own.state, h: done.h };
      below = done.h;
      point = done.point;
      return done;
    });
    return { layers, outputs: below };
  });
}

/** One pass of one frame. */
function step(
  model: Model,
  pass: ModelPass,
  x: readonly bigint[],
  xFraction: number,
  { state, h }: State,
  first: boolean,
): { sums: bigint[]; state: bigint[] | null; h: bigint[]; point: number } {
  const { activation, cell } = model.words;
  const { inputFraction: m, outputFraction: n, inputBits } = model.tables.scheme;
  const { rows, operands, biasFraction } = pass;
  const [wx, wh] = operands.map(({ matrix }) => matrix);
  if (wx === undefined) throw new Error('a pass reads something');
  const written = pass.cell === 'rnn-relu' ? (pass.valueFraction as number) : activation - 1;
  const xPoint = xFraction + wx.exponent;
  const hPoint = wh === undefined ? xPoint : written + wh.exponent;
  const least = { gru: m + 2, 'rnn-tanh': m, 'rnn-relu': written, dense: xPoint, lstm: m }[
    pass.cell
  ];
  const point = Math.max(xPoint, hPoint, biasFraction, least);
  const bias = first && pass.initial !== undefined ? pass.initial.bias : pass.bias;
  const part = (channel: number, row: number, sides: 'x' | 'h' | 'xh', gate = channel) => {
    const b = up(BigInt(bias[channel * rows + row] as number), point - biasFraction);
    const ofX = sides.includes('x') ? up(dot(wx, gate * rows + row, x), point - xPoint) : 0n;
    const ofH = sides.includes('h') && wh ? up(dot(wh, gate * rows + row, h), point - hPoint) : 0n;
    return b + ofX + ofH;
  };
  const all = Array.from({ length: rows }, (_, row) => row);
  if (pass.cell === 'dense') {
    const sums = all.map((row) => part(0, row, 'x'));
    return { sums, state: null, h: sums, point };
  }
  if (pass.cell !== 'gru') {
    const sums = all.map((row) => part(0, row, 'xh'));
    const value = sums.map((sum) =>
      pass.cell === 'rnn-relu'
        ? round(sum < 0n ? 0n : sum, point - written)
        : round(tanh(model, round(sum, point - m)), n - written),
    );
    return { sums, state: null, h: value.map((one) => clamp(one, activation)), point: written };
  }
  const fraction = pass.stateFraction as number;
  const sums = [
    ...all.map((row) => part(0, row, 'xh')),
    ...all.map((row) => part(1, row, 'xh')),
    ...all.map((row) => part(2, row, 'x', 2)),
    ...all.map((row) => part(3, row, 'h', 2)),
  ];
  const next = all.map((row) => {
    const sum = (channel: number) => sums[channel * rows + row] as bigint;
    const r = sigmoid(model, round(sum(0), point - m));
    const z = sigmoid(model, round(sum(1), point - m));
    const d = clamp(round(sum(3), point - m - 2), inputBits + 4);
    // both at a binary point that is finer than any of them
    const fine = 80;
    const exact = up(sum(2), fine - point) + up(r * d, fine - n - m - 2);
    const candidate = tanh(model, round(exact, fine - m));
    const kept = up(z * (state[row] as bigint), fine - n - fraction);
    const added = up(((1n << BigInt(n)) - z) * candidate, fine - 2 * n);
    return clamp(round(kept + added, fine - fraction), cell);
  });
  const h1 = next.map((s) => clamp(round(s, fraction - written), activation));
  return { sums, state: next, h: h1, point: written };
}
