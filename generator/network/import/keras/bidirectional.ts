import type { Merge } from '../both-directions.js';
import { fieldOf, isObject, type Json, jsonText } from './json.js';
import type { KerasLayer } from './layer.js';
import { Options } from './options.js';
import { type From, type OneDirection, type OwnLayer, readDirection } from './recurrent-layer.js';

/** A recurrent layer of a Keras network, of one direction or two. */
export interface RecurrentLayer {
  /** The forward direction first, each with its layers of the hardware, lowest first. */
  readonly directions: readonly (readonly OwnLayer[])[];
  /** How what follows reads two directions. */
  readonly merge: Merge;
  /** It gives h of every frame, not that of the last one, or the final states, alone. */
  readonly everyFrame: boolean;
  readonly timeMajor: boolean;
  readonly notes: readonly string[];
}

const MERGES: readonly Json[] = ['concat', 'sum', 'ave'] satisfies readonly Merge[];

/**
 * Reads a recurrent layer as `readDirection` does, with `go_backwards`, or `Bidirectional` of one
 * (keras/src/layers/rnn/bidirectional.py), whose backward direction has its values at their frames, or its final state where only the
 * last frame is given.
 * @throws UserError LSTM_UNSUPPORTED for another merge mode, and as `readDirection`
 */
export function readRecurrentLayer(
  layer: KerasLayer,
  from: From & { readonly file: string },
): RecurrentLayer {
  if (layer.className === 'Bidirectional') return readBidirectional(layer, from);
  const { layers, backwards, ...own } = readDirection(layer, from);
  const chain = backwards ? inDirection(layers, true) : layers;
  return { ...own, directions: [chain], merge: 'concat' };
}

function readBidirectional(
  layer: KerasLayer,
  from: From & { readonly file: string },
): RecurrentLayer {
  const options = new Options(layer, from.file);
  const mode = options.get('merge_mode') ?? null;
  const fail = (option: string, expected: string, got: string) =>
    options.fail('LSTM_UNSUPPORTED', option, expected, got);
  if (!MERGES.includes(mode)) {
    const expected = `${MERGES.join(', ')} (there is no hardware for others: train the network with one of them)`;
    throw fail('merge_mode', expected, jsonText(mode));
  }
  const [given, other] = [options.get('layer'), options.get('backward_layer') ?? null];
  options.finish();
  const forward = readDirection(within(layer, given, 'forward'), from);
  if (forward.backwards) throw fail('layer.go_backwards', 'false', 'true');
  const backward = readDirection(within(layer, other ?? given, 'backward'), from);
  if (other !== null && !backward.backwards) {
    throw fail('backward_layer.go_backwards', 'true', 'false');
  }
  const { everyFrame, timeMajor } = forward;
  if (backward.everyFrame !== everyFrame || backward.timeMajor !== timeMajor) {
    const expected = 'the same return_sequences and time_major in both directions';
    throw fail('backward_layer', expected, 'others');
  }
  const merge = mode as Merge;
  const widths = [forward, backward].map(widthOf);
  if (merge !== 'concat' && widths[0] !== widths[1]) {
    throw fail('backward_layer.units', `${widths[0]}, to be added`, `${widths[1]}`);
  }
  const directions = [forward.layers, inDirection(backward.layers, !everyFrame)];
  const notes = [...new Set([...forward.notes, ...backward.notes])];
  return { directions, merge, everyFrame, timeMajor, notes };
}

const widthOf = ({ layers }: OneDirection) => layers.at(-1)?.layer.cells;

/** Layers that begin with the last frame; `steps`: what they give is in the order of their steps. */
function inDirection(layers: readonly OwnLayer[], steps: boolean): readonly OwnLayer[] {
  return layers.map(({ layer, ...own }, i) => {
    const outer = steps && i === layers.length - 1 ? { aligned: false as const } : {};
    return { ...own, layer: { ...layer, direction: 'backward' as const, ...outer } };
  });
}

/** A layer of one direction within another. */
function within(
  layer: KerasLayer,
  json: Json | undefined,
  direction: 'forward' | 'backward',
): KerasLayer {
  const [className, config] = [fieldOf(json, 'class_name'), fieldOf(json, 'config')];
  return {
    ...layer,
    name: `${layer.name}.${direction}`,
    className: String(className),
    config: isObject(config) ? config : {},
    place: { ...layer.place, direction },
  };
}
