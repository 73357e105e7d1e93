import type { FloatOutput } from '../../float/model.js';
import { foldBefore } from '../fold.js';
import { badMap, type NameMap } from '../map.js';
import type { TorchDirection, TorchLayer } from './layer.js';
import type { LayerNames } from './layer-names.js';
import type { RecurrentSizes } from './modules.js';
import { normSize, readNorm } from './norm.js';
import type { TensorReader } from './tensors.js';

/** The layers with the batch norms before them, and what does the same for the output layer. */
export interface FoldedNorms {
  readonly layers: readonly TorchLayer[];
  readonly output: (output: FloatOutput | null) => FloatOutput | null;
  readonly notes: readonly string[];
}

/**
 * Folds the batch norms that the map names into the matrices behind them: `norm` or `norm_l0` before the first layer,
 * `norm_lN` before layer N, `fc.norm` between h and the output layer. The result is exact but for eps, which a state_dict
 * does not have; `eps` is by name of the module where the file does. A norm of as
 * many values as one of two directions stands behind what the output layer reads of both.
 * @throws UserError BAD_MAP when there is no place for a norm, or as `readNorm`.
 */
export function foldNorms(
  reader: TensorReader,
  map: NameMap,
  names: LayerNames,
  layers: readonly TorchLayer[],
  eps: ReadonlyMap<string, number>,
  { cells, ofOne }: RecurrentSizes,
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
    const behind = <T extends TorchDirection>(one: T): T => {
      const { weights: x, bias } = foldBefore(norm, one.layer.x, one.layer.bias);
      return { ...one, layer: { ...one.layer, x, bias } };
    };
    folded[layer] = { ...behind(torch), backward: torch.backward && behind(torch.backward) };
    notes.push(norm.note);
  }
  const own = behind === undefined ? null : normSize(reader, behind);
  const size = own !== null && own === ofOne ? ofOne : cells;
  const last =
    behind === undefined
      ? null
      : readNorm(reader, behind, size, 'the output layer', map, eps.get(behind));
  if (last !== null) notes.push(last.note);
  return {
    layers: folded,
    output: (output) => {
      if (last === null) return output;
      if (output === null) throw badMap('fc= with fc.norm=', 'no output layer', file);
      if (output.inputs !== size) {
        const got = `${size} for a layer that reads ${output.inputs}`;
        throw badMap('fc.norm= and a norm of as many values as fc reads', got, file);
      }
      return { ...output, ...foldBefore(last, output.weights, output.bias) };
    },
    notes,
  };
}
