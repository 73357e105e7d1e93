import { kerasError } from './errors.js';
import { fieldOf, isList, type Json, jsonText } from './json.js';
import type { KerasLayer } from './layer.js';

/** The axes of a value on the way: [batch, frames, features], or [batch, features] of one frame. */
export interface Flow {
  readonly rank: 2 | 3;
  /** Frames where the file says how many, or null. */
  readonly frames: number | null;
  /** It holds the last frame alone. */
  readonly last: boolean;
}

/** [frames, features] of the input where the file says so, null for each number that it leaves open. */
export function inputShape(layer: KerasLayer | undefined): readonly (number | null)[] | null {
  const { batch_input_shape, batch_shape, input_shape, input_dim, input_length } =
    layer?.config ?? {};
  const whole = batch_input_shape ?? batch_shape;
  const shape = isList(whole) ? whole.slice(1) : isList(input_shape) ? input_shape : null;
  if (shape !== null) return shape.map((n) => (typeof n === 'number' ? n : null));
  if (typeof input_dim !== 'number') return null;
  return [typeof input_length === 'number' ? input_length : null, input_dim];
}

/**
 * What a `Flatten` or `Reshape` makes of the axes, where it leaves frames what they are.
 * @throws UserError KERAS_LAYER where it mixes frames.
 */
export function reshaped(layer: KerasLayer, flow: Flow, width: number, file: string): Flow {
  const { rank, frames } = flow;
  const one: Flow = { rank: 2, frames: 1, last: flow.last || frames === 1 };
  const fail = (got: string) => {
    const expected =
      'a layer that leaves frames what they are: a dense layer over several frames has no hardware yet';
    return kerasError(file, 'KERAS_LAYER', layer.name, expected, got);
  };
  const single = rank === 2 || frames === 1;
  if (layer.className === 'Flatten') {
    if (single) return one;
    throw fail(`Flatten of ${frames ?? 'all'} frames`);
  }
  const target = fieldOf(layer.config, 'target_shape') ?? fieldOf(layer.config, 'dims');
  const shape = isList(target) ? target : [];
  const is = (n: Json | undefined, wanted: number | null) => n === wanted || n === -1;
  if (shape.filter((n) => n === -1).length <= 1) {
    if (shape.length === 1 && single && is(shape[0], width)) return one;
    if (shape.length === 2 && is(shape[1], width)) {
      if (single && is(shape[0], 1)) return { ...one, rank: 3 };
      if (rank === 3 && (shape[0] === -1 || shape[0] === frames)) return flow;
    }
  }
  throw fail(`${layer.className} to ${jsonText(target)}`);
}
