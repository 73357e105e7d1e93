import { clamp, type Effect } from '../dense.js';
import { fieldOf, jsonText } from './json.js';
import { unwrapped } from './kinds.js';
import type { KerasLayer } from './layer.js';
import { Options } from './options.js';

export interface KerasFunction {
  /** As people call it: `relu`, `softmax`, `elu`. */
  readonly name: string;
  /** `probabilities` are left out at the end; for what is unknown there is no hardware. */
  readonly effect: Effect | { readonly is: 'probabilities' } | { readonly is: 'unknown' };
}

/** keras/src/activations/activations.py */
const EFFECTS: Readonly<Record<string, KerasFunction['effect']>> = {
  linear: { is: 'nothing' },
  relu: clamp(0, Number.POSITIVE_INFINITY),
  relu6: clamp(0, 6),
  hard_tanh: clamp(-1, 1),
  tanh: { is: 'tanh' },
  sigmoid: { is: 'sigmoid' },
  softmax: { is: 'probabilities' },
  log_softmax: { is: 'probabilities' },
};

/**
 * The function of a dense layer or of a layer that is one. `version` of Keras decides what a hard sigmoid is.
 * @throws UserError KERAS_LAYER for a ReLU with a slope or threshold, and a hard sigmoid of no known version; KERAS_CONFIG or
 * KERAS_OPTION
 */
export function functionOf(layer: KerasLayer, version: string | null, file: string): KerasFunction {
  const own = unwrapped(layer);
  if (own.className === 'ReLU') return relu(own, file);
  if (own.className === 'Softmax') {
    const axis = fieldOf(own.config, 'axis') ?? -1;
    if (axis === -1) return { name: 'softmax', effect: { is: 'probabilities' } };
    return { name: `softmax over axis ${jsonText(axis)}`, effect: { is: 'unknown' } };
  }
  const options = new Options(own, file);
  const name = options.activation('activation') ?? 'linear';
  if (own.className === 'Activation') options.finish();
  if (name === 'hard_sigmoid') {
    return { name, effect: clamp(0, 1, hardSigmoidAlpha(options, version), 0.5) };
  }
  const effect = Object.hasOwn(EFFECTS, name) ? EFFECTS[name] : undefined;
  return { name, effect: effect ?? { is: 'unknown' } };
}

/** The alpha of max(0, min(1, alpha x + 1 / 2)): 1 / 6 since Keras 3, 1 / 5 before. @throws UserError KERAS_LAYER */
export function hardSigmoidAlpha(
  options: Options,
  version: string | null,
  option = 'activation',
): number {
  const major = Number(/^(\d+)\./.exec(version ?? '')?.[1] ?? 0);
  if (major >= 1) return major >= 3 ? 1 / 6 : 0.2;
  const expected = 'a file with the version of Keras, on which depends what a hard sigmoid is';
  throw options.fail('KERAS_LAYER', option, expected, 'hard_sigmoid, and no version');
}

/** `ReLU` with a largest value or without. */
function relu(layer: KerasLayer, file: string): KerasFunction {
  const options = new Options(layer, file);
  for (const option of ['negative_slope', 'threshold']) {
    const value = options.number(0, option);
    if (value !== 0) throw options.fail('KERAS_LAYER', option, '0', `${value}`);
  }
  const most = options.get('max_value') ?? null;
  options.finish();
  if (most === null) return { name: 'relu', effect: clamp(0, Number.POSITIVE_INFINITY) };
  if (typeof most === 'number' && most > 0) {
    return { name: `relu up to ${most}`, effect: clamp(0, most) };
  }
  throw options.fail('KERAS_LAYER', 'max_value', 'nothing, or a number above 0', jsonText(most));
}
