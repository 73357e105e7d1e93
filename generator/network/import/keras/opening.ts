import { kerasError } from './errors.js';
import { type Flow, inputShape } from './flow.js';
import { kindOf } from './kinds.js';
import type { KerasLayer } from './layer.js';
import { layerText } from './parts.js';
import type { Path } from './path.js';

/** What the first layer that computes reads. */
export interface Opening {
  readonly flow: Flow;
  /** Values of a frame, as far as the input says it. */
  readonly features: number | null;
  /** A layer before the first one that makes frames of an input of other axes. */
  readonly shapedBy: KerasLayer | null;
}

/** Layers that give one vector of whatever they read. */
const TO_VECTOR = /^(Flatten|Global(Max|Average)Pooling\dD)$/;

/**
 * The axes of frames: [batch, frames, features] before recurrent layers; before dense layers alone also [batch, features],
 * where every one is a frame by itself.
 * @throws UserError FRAMES_UNSETTLED for inputs of other axes
 */
export function openingOf(path: Path, file: string): Opening {
  const all = [...path.before, ...path.core];
  const first = all.find((layer) => ['layer', 'dense'].includes(kindOf(layer))) as KerasLayer;
  const shape = path.frames === null ? inputShape(all[0]) : null;
  const shapedBy =
    all.slice(0, all.indexOf(first)).findLast((one) => isShaping(one, path.recurrent)) ?? null;
  const count = framesOf(shapedBy, shape);
  const features = shapedBy === null ? (shape?.at(-1) ?? null) : featuresOf(shapedBy, shape);
  const frames: Flow = { rank: 3, frames: count, last: false };
  const vector: Flow = { rank: 2, frames: null, last: false };
  const axes = axesOf(path, shapedBy, shape);
  if (axes === 2 || (axes === null && path.recurrent)) return { flow: frames, features, shapedBy };
  if (axes === 1 && !path.recurrent) return { flow: vector, features, shapedBy };
  const expected = path.recurrent
    ? `frames [batch, frames, features] before ${first.name}`
    : `an input [batch, features] or [batch, frames, features] before ${first.name}, or a layer that gives a vector, Flatten say`;
  const from = shapedBy ?? path.frames ?? (all[0] as KerasLayer);
  throw kerasError(file, 'FRAMES_UNSETTLED', from.name, expected, layerText(from));
}

/** Axes beside the batch, where they are known. */
function axesOf(
  { frames, recurrent }: Path,
  shapedBy: KerasLayer | null,
  shape: readonly (number | null)[] | null,
): number | null {
  if (shapedBy !== null) {
    if (recurrent) return 2; // only then is it taken
    return shapedBy.className === 'Flatten' ? 1 : target(shapedBy).length;
  }
  if (frames === null) return shape?.length ?? null;
  return TO_VECTOR.test(frames.className) ? 1 : null;
}

const isShaping = ({ className }: KerasLayer, recurrent: boolean): boolean =>
  className === 'Reshape' || (className === 'Flatten' && !recurrent);

function target({ config }: KerasLayer): readonly unknown[] {
  const own = config.target_shape ?? config.dims;
  return Array.isArray(own) ? own : [];
}

/** Whether a layer leaves the numbers of the input in their order, as frames [frames, features] or as a vector. */
export const isOrdered = (layer: KerasLayer, { rank }: Flow): boolean =>
  layer.className === 'Flatten' ? rank === 2 : target(layer).length === rank - 1;

/** Values of a vector that holds the whole input. */
function featuresOf(
  { className }: KerasLayer,
  shape: readonly (number | null)[] | null,
): number | null {
  if (className !== 'Flatten' || shape === null || shape.includes(null)) return null;
  return shape.reduce<number>((product, n) => product * (n ?? 1), 1);
}

function framesOf(
  shapedBy: KerasLayer | null,
  shape: readonly (number | null)[] | null,
): number | null {
  if (shapedBy === null) return shape?.length === 2 ? (shape[0] ?? null) : null;
  const [frames] = target(shapedBy);
  return typeof frames === 'number' && frames > 0 ? frames : null;
}
