import { atOnce, type Steps } from '../../base/steps.js';
import { checkDirections, frameOf, partsOf, placeOf, type Timed } from '../loops.js';
import type { Utterances } from '../utterances.js';
import { type FloatLayerFrame, FloatState } from './layer-state.js';
import { type FloatModel, isBackward, sourcesOf, timedLayers } from './model.js';
import { multiplyAdd, type Rows, rowsOf } from './rows.js';

export type { FloatLayerFrame } from './layer-state.js';

/** Frames as real numbers. */
export interface RealFrames extends Utterances {
  readonly inputs: number;
  /** [frame][input], utterances one after the other. */
  readonly values: Float64Array;
}

/** What the network computes in one frame. */
export interface FloatFrame {
  /** What each layer computes from this frame. */
  readonly layers: readonly FloatLayerFrame[];
  /** Sums of the output layer, or the last h where there is none: what stands at the place of this frame. */
  readonly outputs: Float64Array;
}

/**
 * The network in double precision with the exact functions: what a trained network computes before
 * quantisation. Runs frame by frame (`step`), or layer by layer over a whole utterance (`utterance`), which is the same where time
 * goes forward. Holds the state of one utterance.
 */
export class FloatNetwork {
  readonly #model: FloatModel;
  readonly #timed: readonly Timed[];
  readonly #backward: boolean;
  readonly #layers: readonly FloatState[];
  readonly #output: { readonly rows: Rows; readonly bias: Float64Array } | null;

  /** @throws UserError MODEL_INVALID as `checkDirections` */
  constructor(model: FloatModel) {
    const { layers, output } = model;
    this.#model = model;
    this.#timed = timedLayers(model);
    this.#backward = isBackward(model);
    checkDirections(
      this.#timed,
      layers.map((_, l) => `layer.${l}`),
    );
    this.#layers = layers.map((_, l) => new FloatState(model, l));
    this.#output = output && {
      rows: rowsOf(output.weights, output.inputs),
      bias: output.bias.values,
    };
  }

  reset(): void {
    for (const layer of this.#layers) layer.reset();
  }

  /** One frame; the arrays returned are the caller's to keep. @throws Error where a layer runs backward */
  step(x: Float64Array): FloatFrame {
    if (this.#backward) {
      throw new Error('a layer runs backward: it needs an utterance, not a frame');
    }
    const layers: FloatLayerFrame[] = [];
    const at = (l: number) => (l < 0 ? x : (layers[l] as FloatLayerFrame).h);
    for (const [l, layer] of this.#layers.entries()) layers.push(layer.step(this.#read(l, at)));
    for (const [l, layer] of this.#layers.entries()) layer.remember(layers, l);
    return { layers, outputs: this.#outputs(at) };
  }

  /** The frames of one utterance from its start, in either direction; the arrays returned are the caller's to keep. */
  utterance(frames: readonly Float64Array[]): readonly FloatFrame[] {
    return atOnce(this.utteranceSteps(frames));
  }

  /** The same, step by step of each layer. */
  *utteranceSteps(frames: readonly Float64Array[]): Steps<readonly FloatFrame[]> {
    const { length } = frames;
    this.reset();
    /** [frame][layer], and by layer the values of h by place. */
    const made = frames.map((): FloatLayerFrame[] => []);
    const written = this.#layers.map(() => new Array<Float64Array>(length));
    const standing = (l: number, place: number) =>
      (l < 0 ? frames[place] : written[l]?.[place]) as Float64Array;
    for (const { first, last } of partsOf(this.#timed)) {
      for (let step = 0; step < length; step++) {
        const t = frameOf(this.#timed[first] as Timed, step, length);
        const own = made[t] as FloatLayerFrame[];
        const at = (l: number) => (l < first ? standing(l, t) : (own[l] as FloatLayerFrame).h);
        for (let l = first; l <= last; l++) {
          const frame = (this.#layers[l] as FloatState).step(this.#read(l, at));
          own.push(frame);
          const place = placeOf(this.#timed[l] as Timed, step, length);
          (written[l] as Float64Array[])[place] = frame.h;
        }
        for (let l = first; l <= last; l++) (this.#layers[l] as FloatState).remember(own, l);
        yield;
      }
    }
    return made.map((layers, t) => ({ layers, outputs: this.#outputs((l) => standing(l, t)) }));
  }

  /** What layer `l`, or behind all the output layer, reads, one vector behind the other; -1 is the frame. */
  #read(l: number, at: (l: number) => Float64Array): Float64Array {
    const parts = sourcesOf(this.#model, l).map(at);
    const [alone, ...others] = parts as [Float64Array, ...Float64Array[]];
    if (others.length === 0) return alone;
    return Float64Array.from(parts.flatMap((part) => [...part]));
  }

  #outputs(at: (l: number) => Float64Array): Float64Array {
    const read = this.#read(this.#layers.length, at);
    if (this.#output === null) return read.slice();
    const outputs = this.#output.bias.slice();
    multiplyAdd(this.#output.rows, read, outputs);
    return outputs;
  }
}

/**
 * Runs every utterance from its initial state. `visit` sees each frame, numbered over all utterances; `tick` is told
 * after each utterance. Where layers run backward, one utterance is kept at a time.
 */
export function* floatSteps(
  model: FloatModel,
  { lengths, inputs, values }: RealFrames,
  visit: (frame: FloatFrame, index: number) => void,
  tick: (done: number, total: number) => void = () => undefined,
): Steps<void> {
  const network = new FloatNetwork(model);
  const whole = isBackward(model);
  const valuesOf = (frame: number) => values.subarray(frame * inputs, (frame + 1) * inputs);
  let index = 0;
  for (const [u, length] of lengths.entries()) {
    network.reset();
    const first = index;
    const all = Array.from({ length: whole ? length : 0 }, (_, t) => valuesOf(first + t));
    const done = yield* network.utteranceSteps(all);
    for (const end = first + length; index < end; index++) {
      visit(done[index - first] ?? network.step(valuesOf(index)), index);
      yield;
    }
    tick(u + 1, lengths.length);
  }
}
