import { atOnce, type Steps } from '../base/steps.js';
import { CELLS } from '../network/cells/registry.js';
import { frameOf, partsOf, placeOf, runsBackward } from '../network/loops.js';
import type { Model } from '../network/model.js';
import { type Operand, type Pass, type Program, programOf } from '../network/program.js';
import type { GoldenPass, LayerFrame, Pair, Saturations } from './cells/cell.js';
import { GOLDEN_CELLS } from './cells/registry.js';
import { lookups } from './lookup.js';

export type { LayerFrame, Saturations } from './cells/cell.js';

/** Everything the network computes in one frame, as the hardware must compute it. */
export interface GoldenFrame {
  /** Of the recurrent passes: what they compute from this frame. */
  readonly layers: readonly LayerFrame[];
  /** What the last pass writes, exact sums or h: what stands at the place of this frame. */
  readonly outputs: Float64Array;
}

/**
 * The bit-exact reference of a network: integers from the input codes to the outputs, every rounding one of
 * `network/arithmetic`. Runs the program frame by frame (`step`), or layer by layer over a whole utterance (`utterance`), which
 * is the same where time goes forward. Holds the state of one utterance.
 */
export class GoldenNetwork {
  /** Of each recurrent pass, counted since the object was made; `reset` leaves them. */
  readonly layerSaturations: readonly Readonly<Saturations>[];
  readonly #program: Program;
  readonly #passes: readonly GoldenPass[];
  readonly #backward: boolean;
  /** By the number of the vector: what was written last. */
  readonly #vectors: Float64Array[];

  constructor(model: Model) {
    const tables = lookups(model.tables);
    const program = programOf(model);
    const counts = program.passes.map(noSaturations);
    this.layerSaturations = counts.filter((_, n) => {
      const pass = program.passes[n];
      return pass !== undefined && CELLS[pass.cell].value !== null;
    });
    this.#program = program;
    this.#backward = runsBackward(program);
    const pairs = new Map<number, Pair>();
    this.#passes = program.passes.map((pass, n) =>
      GOLDEN_CELLS[pass.cell](pass, {
        words: program.words,
        tables,
        pairs,
        saturations: counts[n] as Saturations,
      }),
    );
    this.#vectors = [new Float64Array(0), ...this.#passes.map(({ values }) => values)];
  }

  /** What all layers have counted so far. */
  get saturations(): Readonly<Saturations> {
    const total = noSaturations();
    for (const layer of this.layerSaturations) {
      for (const kind of Object.keys(total) as (keyof Saturations)[]) total[kind] += layer[kind];
    }
    return total;
  }

  /** The next frame is the first of an utterance. */
  reset(): void {
    for (const pass of this.#passes) pass.reset();
  }

  /**
   * One frame of input codes. @throws RangeError when there are not as many codes as inputs; Error where a pass runs backward
   */
  step(x: Int32Array | Float64Array): GoldenFrame {
    const { input, output, passes } = this.#program;
    if (this.#backward) {
      throw new Error('a pass runs backward: it needs an utterance, not a frame');
    }
    this.#vectors[input.id] = this.#checked(x);
    const at = (id: number) => this.#vectors[id] as Float64Array;
    const layers: LayerFrame[] = [];
    for (const [n, pass] of this.#passes.entries()) {
      // a vector of the last frame is one that its pass has not written yet
      const frame = stepOf(pass, passes[n] as Pass, at);
      if (frame !== null) layers.push(frame);
    }
    return { layers, outputs: at(output.id).slice() };
  }

  /**
   * The frames of one utterance from its start, in either direction; the arrays returned are the caller's to keep.
   * @throws RangeError when there are not as many codes in a frame as inputs
   */
  utterance(frames: readonly (Int32Array | Float64Array)[]): readonly GoldenFrame[] {
    return atOnce(this.utteranceSteps(frames));
  }

  /** The same, step by step of each pass. */
  *utteranceSteps(frames: readonly (Int32Array | Float64Array)[]): Steps<readonly GoldenFrame[]> {
    const { output, passes } = this.#program;
    const { length } = frames;
    this.reset();
    /** By the number of the vector, then by place. */
    const written = [
      frames.map((x) => this.#checked(x)),
      ...passes.map(() => new Array<Float64Array>(length)),
    ];
    const layers = frames.map((): LayerFrame[] => []);
    for (const { first, last } of partsOf(passes)) {
      const together = passes.slice(first, last + 1);
      for (let step = 0; step < length; step++) {
        const frame = frameOf(together[0] as Pass, step, length);
        // what the passes of a loop write is read as of this step, or of the one before where it was not written again yet
        const at = (id: number) =>
          (id > first ? this.#vectors[id] : written[id]?.[frame]) as Float64Array;
        for (const pass of together) {
          const { index, writes } = pass;
          const done = stepOf(this.#passes[index] as GoldenPass, pass, at);
          if (done !== null) layers[frame]?.push(done);
          (written[writes.id] as Float64Array[])[placeOf(pass, step, length)] = at(
            writes.id,
          ).slice();
        }
        yield;
      }
    }
    const outputs = written[output.id] as Float64Array[];
    return layers.map((own, t) => ({ layers: own, outputs: outputs[t] as Float64Array }));
  }

  /** @throws RangeError when there are not as many codes as inputs */
  #checked(x: Int32Array | Float64Array): Float64Array {
    const { length } = this.#program.input;
    if (x.length !== length) throw new RangeError(`a frame has ${length} codes, got ${x.length}`);
    return x instanceof Float64Array ? x : Float64Array.from(x);
  }
}

/** One step of a pass on the vectors that `at` gives by number. */
function stepOf(golden: GoldenPass, pass: Pass, at: (id: number) => Float64Array) {
  const [x, h] = pass.operands;
  return golden.step(sideBySide(x.vectors, at), h ? sideBySide(h.vectors, at) : null);
}

/** The values of vectors, the first one's first; `at`: by number. */
export function sideBySide(
  [first, ...others]: Operand['vectors'],
  at: (id: number) => Float64Array,
): Float64Array {
  const own = at(first.id);
  if (others.length === 0) return own;
  const all = new Float64Array(others.reduce((sum, { length }) => sum + length, first.length));
  let end = 0;
  for (const { id, length } of [first, ...others]) {
    all.set(at(id), end);
    end += length;
  }
  return all;
}

function noSaturations(): Saturations {
  return { gateInput: 0, cellInput: 0, cell: 0, hidden: 0 };
}

/** Fraction bits of the outputs: of the aligned sums, or of h where there is no output layer. */
export function outputFractionBits(model: Model): number {
  return programOf(model).output.fraction;
}
