import {
  type FloatLayer,
  type FloatModel,
  sourcesOf,
} from '../../generator/network/float/model.js';
import { FloatNetwork } from '../../generator/network/float/run.js';

type Vectors = readonly (readonly number[])[];

/** What a network computes of one utterance. */
export interface WholeRun {
  /** [frame][output] */
  readonly outputs: number[][];
  /** h and the state of every layer after its last step. */
  readonly states: number[];
}

/**
 * A float network over one whole utterance, layer by layer and by the definition: a layer that runs backward is the layer itself
 * on the frames from behind, and what it gives is turned round again where it is aligned.
 */
export function runBothWays(model: FloatModel, frames: Vectors): WholeRun {
  const values: Vectors[] = [];
  const states: number[] = [];
  const read = (l: number): number[][] => {
    const parts = sourcesOf(model, l).map((from) =>
      from < 0 ? frames : values[from],
    ) as Vectors[];
    return frames.map((_, t) => parts.flatMap((part) => part[t] as number[]));
  };
  for (let l = 0; l < model.layers.length; l++) {
    const { direction, loop = 0 } = model.layers[l] as FloatLayer;
    const own = model.layers.slice(l, l + loop + 1);
    const backward = direction === 'backward';
    const order = <T>(list: readonly T[]) => (backward ? list.toReversed() : [...list]);
    const network = new FloatNetwork({
      ...model,
      layers: own.map(({ direction: _, aligned: __, from: ___, ...layer }) => layer),
      output: null,
    });
    const steps = order(read(l)).map((x) => network.step(Float64Array.from(x)).layers);
    states.push(...(steps.at(-1) ?? []).flatMap(({ h, state }) => [...h, ...state]));
    for (const n of own.keys()) {
      const given = steps.map((layers) => [...(layers[n]?.h ?? [])]);
      const aligned = own[n]?.aligned !== false;
      values.push(aligned ? order(given) : given);
    }
    l += loop;
  }
  const x = read(model.layers.length);
  const { output } = model;
  if (output === null) return { outputs: x, states };
  const { inputs, weights, bias } = output;
  const row = (vector: readonly number[], n: number, start: number) =>
    vector.reduce((sum, one, i) => sum + one * (weights.values[n * inputs + i] as number), start);
  const outputs = x.map((vector) => Array.from(bias.values, (one, n) => row(vector, n, one)));
  return { outputs, states };
}
