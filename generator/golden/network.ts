import { CELLS } from '../network/cells/registry.js';
import type { Model } from '../network/model.js';
import { type Operand, type Pass, type Program, programOf } from '../network/program.js';
import type { GoldenPass, LayerFrame, Pair, Saturations } from './cells/cell.js';
import { GOLDEN_CELLS } from './cells/registry.js';
import { lookups } from './lookup.js';

export type { LayerFrame, Saturations } from './cells/cell.js';

/** Everything the network computes in one frame, as the hardware must compute it. */
export interface GoldenFrame {
  /** Of the recurrent passes. */
  readonly layers: readonly LayerFrame[];
  /** What the last pass writes: exact sums, or h. */
  readonly outputs: Float64Array;
}

/**
 * The bit-exact reference of a network: integers from the input codes to the outputs, every rounding one of
 * `network/arithmetic`. Runs the program pass by pass, and holds the state of one utterance.
 */
export class GoldenNetwork {
  /** Of each recurrent pass, counted since the object was made; `reset` leaves them. */
  readonly layerSaturations: readonly Readonly<Saturations>[];
  readonly #program: Program;
  readonly #passes: readonly GoldenPass[];
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

  /** One frame of input codes. @throws RangeError when there are not as many codes as inputs. */
  step(x: Int32Array | Float64Array): GoldenFrame {
    const { input, output, passes } = this.#program;
    if (x.length !== input.length) {
      throw new RangeError(`a frame has ${input.length} codes, got ${x.length}`);
    }
    this.#vectors[input.id] = x instanceof Float64Array ? x : Float64Array.from(x);
    const layers: LayerFrame[] = [];
    for (const [n, pass] of this.#passes.entries()) {
      const [first, second] = (passes[n] as Pass).operands;
      // a vector of the last frame is one that its pass has not written yet
      const frame = pass.step(this.#read(first), second ? this.#read(second) : null);
      if (frame !== null) layers.push(frame);
    }
    return { layers, outputs: this.#vectors[output.id]?.slice() as Float64Array };
  }

  #read({ vectors }: Operand): Float64Array {
    return sideBySide(vectors, this.#vectors);
  }
}

/** The values of vectors, the first one's first; `written`: by number. */
export function sideBySide(
  [first, ...others]: Operand['vectors'],
  written: readonly Float64Array[],
): Float64Array {
  const own = written[first.id] as Float64Array;
  if (others.length === 0) return own;
  const all = new Float64Array(others.reduce((sum, { length }) => sum + length, first.length));
  let at = 0;
  for (const { id, length } of [first, ...others]) {
    all.set(written[id] as Float64Array, at);
    at += length;
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
