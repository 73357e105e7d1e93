import type { FloatTensor } from '../../float/model.js';
import type { Hdf5Dataset } from '../../formats/hdf5/hdf5.js';
import type { Scaling } from '../fold.js';
import { isList, type Json, jsonText } from './json.js';
import { unwrapped } from './kinds.js';
import type { KerasLayer } from './layer.js';
import { inOrder } from './layer-weights.js';
import { Options } from './options.js';
import type { Weights } from './weights.js';

/**
 * Reads `BatchNormalization`, `Normalization` or `Rescaling` on `size` features, which are the last of `rank` axes.
 * @throws UserError KERAS_LAYER for other axes and forms, KERAS_WEIGHTS or as the reader of weights.
 */
export function readAffine(
  layer: KerasLayer,
  size: number,
  rank: number,
  weights: Weights,
  file: string,
): Scaling {
  const own = unwrapped(layer);
  const options = new Options(own, file);
  // within TimeDistributed a layer sees one frame
  const axes = own === layer ? rank : rank - 1;
  const datasets = () => weights.of(layer, '', 'layer');
  const result =
    own.className === 'Rescaling'
      ? rescaling(options, size)
      : own.className === 'Normalization'
        ? normalization(options, size, axes, datasets(), weights)
        : batchNormalization(options, size, axes, datasets(), weights);
  options.finish();
  const bad = [...result.scale, ...result.shift].find((value) => !Number.isFinite(value));
  if (bad === undefined) return result;
  throw options.fail('KERAS_LAYER', 'scale', 'finite numbers', `${bad}`);
}

/** (x - mean) · gamma / sqrt(variance + epsilon) + beta. */
function batchNormalization(
  options: Options,
  size: number,
  rank: number,
  found: readonly Hdf5Dataset[],
  weights: Weights,
): Scaling {
  checkAxis(options, rank);
  if (options.flag(false, 'renorm') || options.number(0, 'mode') !== 0) {
    throw options.fail('KERAS_LAYER', 'renorm', 'false, and mode 0', 'another form of the norm');
  }
  options.ignore('fused', 'synchronized', 'renorm_momentum', 'renorm_clipping');
  const epsilon = options.number(undefined, 'epsilon');
  const has = { gamma: options.flag(true, 'scale'), beta: options.flag(true, 'center') };
  const names = [
    ...(has.gamma ? [['gamma']] : []),
    ...(has.beta ? [['beta']] : []),
    ['moving_mean', 'running_mean'],
    ['moving_variance', 'running_std'],
  ];
  const values = readAll(options, found, names, size, weights);
  const variance = values.at(-1) as FloatTensor;
  const mean = values.at(-2) as FloatTensor;
  const gamma = has.gamma ? values[0]?.values : undefined;
  const beta = has.beta ? values[has.gamma ? 1 : 0]?.values : undefined;
  const negative = variance.values.findIndex((value) => !(value + epsilon > 0));
  if (negative >= 0) {
    const got = `${variance.values[negative]} at element ${negative}`;
    throw weights.fail('KERAS_LAYER', variance.name, 'a variance above -epsilon', got);
  }
  const scale = variance.values.map((value, i) => (gamma?.[i] ?? 1) / Math.sqrt(value + epsilon));
  const shift = mean.values.map((value, i) => (beta?.[i] ?? 0) - value * (scale[i] as number));
  return { scale, shift };
}

/** (x - mean) / max(sqrt(variance), 1e-7), with what the layer has learned or what its options say. */
function normalization(
  options: Options,
  size: number,
  rank: number,
  found: readonly Hdf5Dataset[],
  weights: Weights,
): Scaling {
  checkAxis(options, rank);
  if (options.flag(false, 'invert')) {
    throw options.fail('KERAS_LAYER', 'invert', 'false', 'true');
  }
  const [mean, variance] = ['mean', 'variance'].map((name) => options.get(name) ?? null);
  const given = mean !== null || variance !== null;
  const learned = found.slice(0, 2);
  for (const more of found.slice(2)) weights.take(more);
  const [m, v] = given
    ? [perFeature(options, 'mean', mean, size), perFeature(options, 'variance', variance, size)]
    : readAll(options, learned, [['mean'], ['variance']], size, weights).map(
        ({ values }) => values,
      );
  const scale = (v as Float64Array).map((value) => 1 / Math.max(Math.sqrt(value), 1e-7));
  return { scale, shift: (m as Float64Array).map((value, i) => -value * (scale[i] as number)) };
}

function rescaling(options: Options, size: number): Scaling {
  return {
    scale: perFeature(options, 'scale', options.get('scale'), size),
    shift: perFeature(options, 'offset', options.get('offset') ?? 0, size),
  };
}

/** A number for all features, or one for each, in lists of one within each other. */
function perFeature(
  options: Options,
  name: string,
  value: Json | undefined,
  size: number,
): Float64Array {
  let own = value;
  while (isList(own) && own.length === 1) own = own[0];
  const list = isList(own) ? own : new Array<Json | undefined>(size).fill(own);
  const numbers = list.filter((one) => typeof one === 'number');
  if (numbers.length === size && list.length === size) return Float64Array.from(numbers);
  throw options.fail('KERAS_LAYER', name, `a number, or ${size} of them`, jsonText(value));
}

/** The features are the last axis. */
function checkAxis(options: Options, rank: number): void {
  const value = options.get('axis') ?? -1;
  const own = isList(value) && value.length === 1 ? value[0] : value;
  if (own === -1 || own === rank - 1) return;
  throw options.fail('KERAS_LAYER', 'axis', '-1, the features', jsonText(value));
}

function readAll(
  options: Options,
  found: readonly Hdf5Dataset[],
  names: readonly (readonly string[])[],
  size: number,
  weights: Weights,
): readonly FloatTensor[] {
  if (found.length !== names.length) {
    const got = found.map(({ path }) => path).join(', ') || 'none';
    const expected = `${names.map(([name]) => name).join(', ')}`;
    throw weights.fail('KERAS_WEIGHTS', options.layer.name, expected, got);
  }
  return inOrder(found, names, weights).map((dataset) => weights.read(dataset, [size]));
}
