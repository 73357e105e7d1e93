import type { FloatLayer } from '../../float/model.js';
import { foldBefore, type Scaling } from '../fold.js';
import { readAffine } from './affine.js';
import { kerasError } from './errors.js';
import { type Flow, inputShape } from './flow.js';
import { isLinear } from './head.js';
import { kindOf } from './kinds.js';
import type { KerasLayer } from './layer.js';
import { layerText } from './parts.js';
import type { Path } from './path.js';
import { readRecurrentLayer } from './recurrent-layer.js';
import type { Weights } from './weights.js';

/** The recurrent layers of a path, with what scales before and between them. */
export interface Stack {
  readonly layers: readonly FloatLayer[];
  readonly folded: readonly { readonly layer: KerasLayer; readonly into: string }[];
  readonly notes: readonly string[];
  readonly flow: Flow;
  readonly timeMajor: boolean;
  /** A layer that makes frames of an input of other axes. */
  readonly shapedBy: KerasLayer | null;
}

/**
 * Reads the recurrent layers.
 * @throws UserError FRAMES_UNSETTLED for a layer before the first one that has no place in it, LSTM_BETWEEN for one
 * between two, LSTM_CHAIN where sizes or frames do not fit, or as the readers of layers.
 */
export function readStack(path: Path, weights: Weights, file: string): Stack {
  const fail = (code: string, layer: KerasLayer, expected: string, got: string) =>
    kerasError(file, code, layer.name, expected, got);
  const layers: FloatLayer[] = [];
  const folded: { layer: KerasLayer; into: string }[] = [];
  const notes: string[] = [];
  const shape = path.frames === null ? inputShape([...path.before, ...path.core][0]) : null;
  const shapedBy = path.before.findLast((one) => isShape(one)) ?? null;
  let flow: Flow = { rank: 3, frames: framesOf(shapedBy, shape), last: false };
  let waiting: KerasLayer[] = [];
  let timeMajor: boolean | null = null;
  let below: KerasLayer | null = null;
  for (const layer of [...path.before, ...path.core]) {
    const kind = kindOf(layer);
    if (kind === 'same' || isLinear(layer, file)) continue;
    if (kind === 'affine') {
      waiting.push(layer);
      continue;
    }
    if (kind !== 'layer') {
      if (below !== null) {
        const expected = `nothing between ${below.name} and the next recurrent layer but dropout and batch norm (or --map lstm=${below.name} --map fc=none takes the lower layers alone)`;
        throw fail('LSTM_BETWEEN', layer, expected, layerText(layer));
      }
      if (layer === shapedBy && isFrames(layer) && waiting.length === 0) continue;
      const expected = `frames recorded behind ${layer.name}, and --map frames=${layer.name}, which says so`;
      throw fail(
        'FRAMES_UNSETTLED',
        layer,
        expected,
        `${layerText(layer)} before the first recurrent layer${maskText(layer)}`,
      );
    }
    if (below !== null && (flow.rank !== 3 || flow.last)) {
      const expected = 'return_sequences true, so that the next layer reads every frame';
      throw fail('LSTM_CHAIN', below, expected, 'h of the last frame alone');
    }
    const own = readRecurrentLayer(layer, weights, file);
    if (timeMajor !== null && timeMajor !== own.timeMajor) {
      throw fail('LSTM_CHAIN', layer, `time_major ${timeMajor}, as below it`, `${own.timeMajor}`);
    }
    timeMajor = own.timeMajor;
    const [first, ...others] = own.layers as [FloatLayer, ...FloatLayer[]];
    const norms = waiting.map((norm): Scaling => {
      folded.push({ layer: norm, into: layer.name });
      return readAffine(norm, first.inputs, flow.rank, weights, file);
    });
    // the one right before the layer comes first
    let scaled = first;
    for (const norm of norms.reverse()) {
      const { weights: x, bias } = foldBefore(norm, scaled.x, scaled.bias);
      scaled = { ...scaled, x, bias };
    }
    for (const one of [scaled, ...others]) {
      const inputs =
        layers.at(-1)?.cells ?? (shapedBy === null ? shape?.at(-1) : null) ?? one.inputs;
      if (one.inputs !== inputs) {
        throw fail('LSTM_CHAIN', layer, `${inputs} inputs`, `${one.inputs}`);
      }
      layers.push(one);
    }
    waiting = [];
    notes.push(...own.notes);
    flow = own.everyFrame ? flow : { rank: 2, frames: 1, last: true };
    below = layer;
  }
  return { layers, folded, notes, flow, timeMajor: timeMajor ?? false, shapedBy };
}

const maskText = ({ className }: KerasLayer): string =>
  className === 'Masking'
    ? ', for which there is no hardware: give frames without masked ones'
    : '';

const isShape = ({ className }: KerasLayer): boolean => className === 'Reshape';

function target({ config }: KerasLayer): readonly unknown[] {
  const own = config.target_shape ?? config.dims;
  return Array.isArray(own) ? own : [];
}

/** A reshape to [frames, features], which leaves the numbers in their order. */
const isFrames = (layer: KerasLayer): boolean => isShape(layer) && target(layer).length === 2;

function framesOf(
  shapedBy: KerasLayer | null,
  shape: readonly (number | null)[] | null,
): number | null {
  if (shapedBy === null) return shape?.length === 2 ? (shape[0] ?? null) : null;
  const [frames] = target(shapedBy);
  return typeof frames === 'number' && frames > 0 ? frames : null;
}
