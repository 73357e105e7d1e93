import type { Part } from '../format.js';
import { fieldOf, isList, isObject, type Json, jsonText } from './json.js';
import { kindOf, recurrentText, unwrapped } from './kinds.js';
import type { KerasLayer } from './layer.js';

/** The layers of a network, for a look at it. */
export function partsOf(layers: readonly KerasLayer[]): readonly Part[] {
  return layers.map((layer) => ({ name: layer.name, what: layerText(layer) }));
}

/** A layer with what it is made of: `LSTM, 100 cells, hard_sigmoid`, `Dense, 12 outputs, softmax`. */
export function layerText(layer: KerasLayer): string {
  const own = unwrapped(layer);
  const about = [layer === own ? nameOf(own) : `${nameOf(own)} on every frame`];
  const inner = layer.className === 'Bidirectional' ? fieldOf(layer.config.layer, 'config') : null;
  const from = inner ?? own.config;
  const units = fieldOf(from, 'units') ?? fieldOf(from, 'output_dim');
  if (typeof units === 'number') {
    about.push(`${units} ${kindOf(layer) === 'dense' ? 'outputs' : 'cells'}`);
  }
  const { batch_input_shape, batch_shape } = own.config;
  const shape = batch_input_shape ?? batch_shape;
  if (isList(shape))
    about.push(`[${shape.map((n) => (n === null ? 'any' : jsonText(n))).join(', ')}]`);
  for (const name of ['activation', 'recurrent_activation', 'inner_activation']) {
    const value = fieldOf(from, name);
    const usual = ['linear', 'tanh', 'sigmoid', null, undefined];
    if (!usual.includes(value as string) || (name === 'activation' && value === 'sigmoid')) {
      about.push(jsonText(value));
    }
  }
  return about.join(', ');
}

const nameOf = (layer: KerasLayer): string =>
  layer.className === 'Bidirectional' || kindOf(layer) === 'recurrent'
    ? recurrentText(layer)
    : layer.className;

/** All layers in a configuration, whether or not they make a network that can be followed. */
export function listedLayers(config: Json, prefix = ''): readonly KerasLayer[] {
  const own = fieldOf(config, 'config');
  const layers = isList(own) ? own : fieldOf(own, 'layers');
  if (!isList(layers)) return [];
  return layers.flatMap((json): readonly KerasLayer[] => {
    const [className, inner] = [fieldOf(json, 'class_name'), fieldOf(json, 'config')];
    if (typeof className !== 'string') return [];
    const given = fieldOf(json, 'name') ?? fieldOf(inner, 'name');
    const name = `${prefix}${typeof given === 'string' ? given : className.toLowerCase()}`;
    const within =
      className === 'Sequential' || className === 'Functional' || className === 'Model';
    if (within) return listedLayers(json, `${name}/`);
    const place = { group: name, own: name, nested: false, path: name };
    return [{ name, className, config: isObject(inner) ? inner : {}, inputs: [], place }];
  });
}
