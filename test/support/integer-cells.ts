import type { Model, ModelPass } from '../../generator/network/model.js';
import { clamp, dot, round, sigmoid, tanh, up } from './integer-lstm.js';

/** Values of a frame, and their fraction bits. */
export interface Written {
  readonly h: readonly bigint[];
  readonly point: number;
}

/**
 * Stacks of GRU, RNN and dense layers with an output layer once more, in BigInt and dense, straight from the formulas in the
 * documents and sharing no code with the golden model. The frames are those of one utterance.
 */
export function integerCells(model: Model, frames: readonly (readonly number[])[]) {
  const states = model.passes.map(({ rows, initial }) =>
    Array.from({ length: rows }, (_, k) => BigInt(initial?.state?.[k] ?? 0)),
  );
  const held: (readonly bigint[])[] = [];
  // by the number of the vector; those of the frame before stand until they are written again
  const vectors: Written[] = [
    { h: [], point: model.input.fraction },
    ...model.passes.map((pass, n) => ({
      h: new Array<bigint>(pass.rows).fill(0n),
      point: fractionOf(model, pass, model.passes[n + 1]),
    })),
  ];
  return frames.map((frame, t) => {
    vectors[0] = { h: frame.map(BigInt), point: model.input.fraction };
    const layers = model.passes.map((pass, n) => {
      const read = pass.operands.map(({ vectors: numbers }) =>
        sideBySide(numbers.map((n) => vectors[n] as Written)),
      );
      // a reset gate before the product reads the state of the pass behind it, and leaves z there
      const at = pass.cell.startsWith('gru-reset') ? n + 1 : n;
      const own = { state: states[at] as bigint[], z: held[n - 1] ?? [] };
      const done = step(model, pass, model.passes[at] as ModelPass, read, own, t === 0);
      if (done.state !== null) states[n] = done.state;
      held[n] = done.z ?? [];
      vectors[n + 1] = done;
      return done;
    });
    return { layers, outputs: layers.at(-1)?.h ?? [] };
  });
}

/** Values of one binary point, one vector behind the other. */
export function sideBySide(all: readonly Written[]): Written {
  return { h: all.flatMap(({ h }) => h), point: (all[0] as Written).point };
}

/** Fraction bits of the values of a pass that rounds them. */
export function fractionOf({ words }: Model, pass: ModelPass, next: ModelPass | undefined): number {
  // of a GRU with ReLU: of its state, or that of the pass behind it, without the lowest bits
  const keeper = pass.cell === 'gru-reset-relu' ? next : pass;
  if (pass.cell.endsWith('-relu') && keeper?.stateFraction != null) {
    return keeper.stateFraction - words.cell + words.activation;
  }
  return pass.valueFraction ?? words.activation - 1;
}

/** One pass of one frame. */
export function step(
  model: Model,
  pass: ModelPass,
  keeper: ModelPass,
  [x, h]: readonly Written[],
  { state, z }: { readonly state: readonly bigint[]; readonly z: readonly bigint[] },
  first: boolean,
): { sums: bigint[]; state: bigint[] | null; z?: bigint[]; h: bigint[]; point: number } {
  const { activation, cell } = model.words;
  const { inputFraction: m, outputFraction: n, inputBits } = model.tables.scheme;
  const { rows, operands, biasFraction } = pass;
  const [wx, wh] = operands.map(({ matrix }) => matrix);
  if (wx === undefined || x === undefined) throw new Error('a pass reads something');
  const written = fractionOf(model, pass, keeper);
  const xPoint = x.point + wx.exponent;
  const hPoint = wh === undefined || h === undefined ? xPoint : h.point + wh.exponent;
  const leasts = { gru: m + 2, 'rnn-relu': written, 'dense-linear': written, dense: xPoint };
  const least = (leasts as Partial<Record<ModelPass['cell'], number>>)[pass.cell] ?? m;
  const point = Math.max(xPoint, hPoint, biasFraction, least);
  const bias = first && pass.initial !== undefined ? pass.initial.bias : pass.bias;
  const part = (channel: number, row: number, sides: 'x' | 'h' | 'xh' | '', gate = channel) => {
    const b = up(BigInt(bias[channel * rows + row] as number), point - biasFraction);
    const ofX = sides.includes('x') ? up(dot(wx, gate * rows + row, x.h), point - xPoint) : 0n;
    const ofH =
      sides.includes('h') && wh && h ? up(dot(wh, gate * rows + row, h.h), point - hPoint) : 0n;
    return b + ofX + ofH;
  };
  const all = Array.from({ length: rows }, (_, row) => row);
  /** Sums that go to tables, where the pass clips them. */
  const clip = (u: bigint): bigint => {
    const most = BigInt(pass.clip ?? 2 ** (inputBits - 1));
    return u > most ? most : u < -most ? -most : u;
  };
  if (pass.cell === 'dense') {
    const sums = all.map((row) => part(0, row, 'x'));
    return { sums, state: null, h: sums, point };
  }
  if (pass.cell === 'lstm' || pass.cell === 'lstm-peephole') {
    const fraction = pass.stateFraction as number;
    const fine = 80;
    const peeps = pass.cell === 'lstm' ? [] : [0, 1, 3];
    const sums = [0, 1, 2, 3].flatMap((gate) => all.map((row) => part(gate, row, 'xh')));
    sums.push(...peeps.flatMap((gate, n) => all.map((row) => part(4 + n, row, '', gate))));
    // with the peephole of a gate, which sees the state before, or o the new one
    const gate = (n: number, row: number, c: bigint = state[row] as bigint) => {
      const place = peeps.indexOf(n);
      const weight = place < 0 ? 0 : (bias[(4 + place) * rows + row] as number);
      const product = up(BigInt(weight) * c, fine - biasFraction - fraction);
      return clip(round(up(sums[n * rows + row] as bigint, fine - point) + product, fine - m));
    };
    const next = all.map((row) => {
      const kept = sigmoid(model, gate(1, row)) * (state[row] as bigint);
      const added = sigmoid(model, gate(0, row)) * tanh(model, gate(2, row));
      const exact = up(kept, fine - n - fraction) + up(added, fine - 2 * n);
      return clamp(round(exact, fine - fraction), cell);
    });
    const h1 = next.map((c, row) => {
      const t = tanh(model, round(c, fraction - m));
      return clamp(round(sigmoid(model, gate(3, row, c)) * t, 2 * n - written), activation);
    });
    return { sums, state: next, h: h1, point: written };
  }
  if (pass.cell === 'gru-reset' || pass.cell === 'gru-reset-relu') {
    const sums = [0, 1].flatMap((gate) => all.map((row) => part(gate, row, 'xh')));
    const gates = sums.map((sum) => sigmoid(model, clip(round(sum, point - m))));
    const fraction = keeper.stateFraction as number;
    const p = all.map((row) => {
      const before = clamp(round(state[row] as bigint, fraction - written), activation);
      return clamp(round((gates[row] as bigint) * before, n), activation);
    });
    return { sums, state: null, z: gates.slice(rows), h: p, point: written };
  }
  if (pass.cell === 'gru-new-relu' || pass.cell === 'gru-relu') {
    const fraction = pass.stateFraction as number;
    const after = pass.cell === 'gru-relu';
    const sums = after
      ? [
          ...all.map((row) => part(0, row, 'xh')),
          ...all.map((row) => part(1, row, 'xh')),
          ...all.map((row) => part(2, row, 'x', 2)),
          ...all.map((row) => part(3, row, 'h', 2)),
        ]
      : all.map((row) => part(0, row, 'xh'));
    const fine = 120;
    const next = all.map((row) => {
      const sum = (channel: number) => sums[channel * rows + row] as bigint;
      const gate = (channel: number) => sigmoid(model, clip(round(sum(channel), point - m)));
      const d = after ? clamp(round(sum(3), point - fraction), cell + 4) : 0n;
      const gated = after ? up(gate(0) * d, fine - n - fraction) : 0n;
      const exact = up(sum(after ? 2 : 0), fine - point) + gated;
      const candidate = exact < 0n ? 0n : clamp(round(exact, fine - fraction), cell);
      const keep = after ? gate(1) : (z[row] as bigint);
      const one = 1n << BigInt(n);
      return clamp(round(keep * (state[row] as bigint) + (one - keep) * candidate, n), cell);
    });
    const h1 = next.map((s) => clamp(round(s, cell - activation), activation));
    return { sums, state: next, h: h1, point: written };
  }
  if (pass.cell === 'gru-new') {
    const fraction = pass.stateFraction as number;
    const sums = all.map((row) => part(0, row, 'xh'));
    const fine = 80;
    const next = all.map((row) => {
      const keep = z[row] as bigint;
      const kept = up(keep * (state[row] as bigint), fine - n - fraction);
      const candidate = tanh(model, clip(round(sums[row] as bigint, point - m)));
      const added = up(((1n << BigInt(n)) - keep) * candidate, fine - 2 * n);
      return clamp(round(kept + added, fine - fraction), cell);
    });
    const h1 = next.map((s) => clamp(round(s, fraction - written), activation));
    return { sums, state: next, h: h1, point: written };
  }
  if (pass.cell !== 'gru') {
    const sums = all.map((row) => part(0, row, 'xh'));
    const low = pass.cell === 'rnn-relu' ? 0 : (pass.range?.low ?? -(2 ** 30));
    const high = pass.range?.high ?? 2 ** 30;
    const values = sums.map((sum) => {
      if (pass.cell.endsWith('tanh'))
        return round(tanh(model, clip(round(sum, point - m))), n - written);
      if (pass.cell.endsWith('sigmoid')) {
        return round(sigmoid(model, round(sum, point - m)), n - written);
      }
      const value = clamp(round(sum, point - written), activation);
      return value < low ? BigInt(low) : value > high ? BigInt(high) : value;
    });
    return { sums, state: null, h: values.map((one) => clamp(one, activation)), point: written };
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
    const r = sigmoid(model, clip(round(sum(0), point - m)));
    const z = sigmoid(model, clip(round(sum(1), point - m)));
    const d = clamp(round(sum(3), point - m - 2), inputBits + 4);
    // both at a binary point that is finer than any of them
    const fine = 80;
    const exact = up(sum(2), fine - point) + up(r * d, fine - n - m - 2);
    const candidate = tanh(model, clip(round(exact, fine - m)));
    const kept = up(z * (state[row] as bigint), fine - n - fraction);
    const added = up(((1n << BigInt(n)) - z) * candidate, fine - 2 * n);
    return clamp(round(kept + added, fine - fraction), cell);
  });
  const h1 = next.map((s) => clamp(round(s, fraction - written), activation));
  return { sums, state: next, h: h1, point: written };
}
