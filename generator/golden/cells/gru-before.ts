import {
  type CellRounding,
  cellRounding,
  clamp,
  reluRounding,
  rounded,
  roundedCell,
  tableInputRounding,
  valueRounding,
} from '../../network/arithmetic.js';
import type { Pass } from '../../network/program.js';
import { tableOne } from '../../network/table-scheme.js';
import { ChannelSums } from '../channel-sums.js';
import { stateAtStart } from '../sum-start.js';
import { tableInput } from '../table-input.js';
import type { GoldenPass, LayerFrame, Pair, Surroundings } from './cell.js';

/** p = sat(rnd(r * sat(rnd(s)))), and z for the pass behind. */
export class GruResetPass implements GoldenPass {
  /** p of the last frame. */
  readonly values: Float64Array;
  readonly #sums: ChannelSums;
  #pair: Pair | null = null;

  constructor(
    private readonly pass: Pass,
    private readonly around: Surroundings,
  ) {
    this.#sums = new ChannelSums(pass, around.words);
    this.values = new Float64Array(pass.rows);
  }

  reset(): void {
    this.#sums.reset();
    this.values.fill(0);
  }

  step(x: Float64Array, h: Float64Array | null): LayerFrame {
    const { rows, align, writes } = this.pass;
    const { words, tables, pairs } = this.around;
    const { scheme, offset, sigmoid } = tables;
    // the pass behind made it, when the network was made
    this.#pair ??= pairs.get(writes.id) ?? null;
    const pair = this.#pair;
    if (pair === null) throw new Error('a reset gate without the pass behind it');
    const sums = this.#sums.next(x, h);
    const input = tableInputRounding(align.fraction, scheme);
    const product = valueRounding(scheme.outputFraction, 0);
    const limit = 2 ** (words.activation - 1);
    const toTable = tableInput(this.pass, this.around);
    const gate = (sum: number): number => sigmoid[toTable(rounded(sum, input)) + offset] as number;
    for (let row = 0; row < rows; row++) {
      const r = gate(sums[row] as number);
      pair.z[row] = gate(sums[rows + row] as number);
      const before = clamp(rounded(pair.state[row] as number, pair.toHidden), limit);
      this.values[row] = clamp(rounded(r * before, product), limit);
    }
    return { sums, state: null, value: new Int32Array(this.values) };
  }
}

/** How a pass gets n from its sum, counting what saturates, and the rounding of the state that follows. */
interface Candidate {
  readonly of: (sum: number) => number;
  readonly blend: CellRounding;
}

/** n = tanh(u). */
export function tanhCandidate(pass: Pass, around: Surroundings): Candidate {
  const { scheme, offset, tanh } = around.tables;
  const input = tableInputRounding(pass.align.fraction, scheme);
  const toTable = tableInput(pass, around);
  return {
    of: (sum) => tanh[toTable(rounded(sum, input)) + offset] as number,
    blend: cellRounding(pass.stateFraction as number, scheme),
  };
}

/** n = sat(rnd(max(0, S))) in the word of the state. */
export function reluCandidate(pass: Pass, around: Surroundings): Candidate {
  const { words, tables, saturations } = around;
  const { align, stateFraction } = pass;
  const by = reluRounding(align.fraction, stateFraction as number, words.cell, tables.scheme);
  const limit = 2 ** (words.cell - 1);
  return {
    of: (sum) => {
      const exact = rounded(Math.max(0, sum), by.under);
      const n = clamp(exact, limit);
      if (n !== exact) saturations.cell++;
      return n;
    },
    blend: by.blend,
  };
}

/** s' = sat(rnd(z * s + (1 - z) * n)); h = sat(rnd(s')). */
export class GruNewPass implements GoldenPass {
  /** h of the last frame. */
  readonly values: Float64Array;
  readonly #sums: ChannelSums;
  readonly #initial: Int32Array;
  readonly #pair: Pair;
  readonly #candidate: Candidate;

  constructor(
    private readonly pass: Pass,
    private readonly around: Surroundings,
    candidate: (pass: Pass, around: Surroundings) => Candidate,
  ) {
    this.#candidate = candidate(pass, around);
    const { rows, operands, stateFraction, writes } = pass;
    const [, p] = operands;
    if (p === undefined || stateFraction === null) throw new Error('a GRU has p and a state');
    this.#sums = new ChannelSums(pass, around.words);
    this.#initial = stateAtStart(pass);
    this.values = new Float64Array(rows);
    this.#pair = {
      state: this.#initial.slice(),
      toHidden: valueRounding(stateFraction, writes.fraction),
      z: new Int32Array(rows),
    };
    around.pairs.set(p.vectors[0].id, this.#pair);
  }

  reset(): void {
    this.#sums.reset();
    this.#pair.state.set(this.#initial);
    this.values.fill(0);
  }

  step(x: Float64Array, p: Float64Array | null): LayerFrame {
    const { rows } = this.pass;
    const { words, tables, saturations } = this.around;
    const { state, z, toHidden } = this.#pair;
    const sums = this.#sums.next(x, p);
    const { of: candidate, blend } = this.#candidate;
    const one = tableOne(tables.scheme);
    const saturated = (exact: number, limit: number, kind: keyof typeof saturations): number => {
      const value = clamp(exact, limit);
      if (value !== exact) saturations[kind]++;
      return value;
    };
    for (let row = 0; row < rows; row++) {
      const n = candidate(sums[row] as number);
      const keep = z[row] as number;
      const exact = roundedCell(keep, state[row] as number, one - keep, n, blend);
      const next = saturated(exact, 2 ** (words.cell - 1), 'cell');
      state[row] = next;
      this.values[row] = saturated(rounded(next, toHidden), 2 ** (words.activation - 1), 'hidden');
    }
    return { sums, state: state.slice(), value: new Int32Array(this.values) };
  }
}
