import type { FloatLayer, FloatOutput } from '../../float/model.js';
import { foldBefore } from '../fold.js';
import { badMap, type NameMap } from '../map.js';
import { type TorchLayer, valuesOfLayer } from './layer.js';
import type { LayerNames } from './layer-names.js';
import { readNorm } from './norm.js';
import type { TensorReader } from './tensors.js';

/** The layers with the batch norms before them, and what does the same for the output layer. */
export interface FoldedNorms {
  /** Layers of the hardware: those of torch, each with its projection behind it. */
  readonly layers: readonly FloatLayer[];
  readonly output: (output: FloatOutput | null) => FloatOutput | null;
  readonly notes: readonly string[];
}

/**
 * Folds the batch norms that the map names into the matrices behind them: `norm` or `norm_l0` before the first layer,
 * `norm_lN` before layer N, `fc.norm` between h and the output layer. The result is exact but for eps, which a state_dict
 * does not have; `eps` is by name of the module where the file does.
 * @throws UserError BAD_MAP when there is no place for a norm, or as `readNorm`.
 */
export function foldNorms(
  reader: TensorReader,
  map: NameMap,
  names: LayerNames,
  layers: readonly TorchLayer[],
  eps: ReadonlyMap<string, number>,
  file: string,
): FoldedNorms {
  if (map.has('norm') && map.has('norm_l0')) throw badMap('norm= or norm_l0=', 'both', file);
  const wanted = [...map].flatMap(([key, name]) => {
    const layer = key === 'norm' ? '0' : /^norm_l(\d+)$/.exec(key)?.[1];
    return layer === undefined ? [] : [{ key, name, layer: Number(layer) }];
  });
  const behind = map.get('fc.norm');
  if (map.has('norm.eps') && wanted.length === 0 && behind === undefined) {
    throw badMap('norm= with norm.eps=', 'no norm', file);
  }
  const notes: string[] = [];
  const folded = [...layers];
  for (const { key, name, layer } of wanted) {
    const torch = folded[layer];
    if (torch === undefined) throw badMap(`layers up to ${layers.length - 1}`, `${key}=`, file);
    if (!names.isFirstOf(layer)) {
      const got = `${key}=, between two layers of one module`;
      throw badMap('a norm before or between modules', got, file);
    }
    const own = torch.layer;
    const where = `layer ${layer}, before which it stands`;
    const norm = readNorm(reader, name, own.inputs, where, map, eps.get(name));
    const { weights: x, bias } = foldBefore(norm, own.x, own.bias);
    folded[layer] = { ...torch, layer: { ...own, x, bias } };
    notes.push(norm.note);
  }
  const cells = valuesOfLayer(layers.at(-1) as TorchLayer);
  const last =
    behind === undefined
      ? null
      : readNorm(reader, behind, cells, 'the output layer', map, eps.get(behind));
  if (last !== null) notes.push(last.note);
  return {
    layers: folded.flatMap(({ layer, projection }) => (projection ? [layer, projection] : [layer])),
    output: (output) => {
      if (last === null) return output;
      if (output === null) throw badMap('fc= with fc.norm=', 'no output layer', file);
      return { ...output, ...foldBefore(last, output.weights, output.bias) };
    },
    notes,
  };
}
