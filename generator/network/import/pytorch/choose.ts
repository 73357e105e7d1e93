import type { SafetensorsFile } from '../../formats/safetensors.js';
import { badMap, type NameMap } from '../map.js';
import { type RecurrentModule, recurrentModules, tensorOf } from './modules.js';
import { namesText, type TensorReader } from './tensors.js';

/** Names in the file of the tensors of each layer, given `weight_ih`, `weight_hh`, `bias_ih` or `bias_hh`. */
export interface LayerNames {
  readonly layers: number;
  readonly nameOf: (kind: string, layer: number) => string;
  /** Whether the user names that tensor, so that it has to be there. */
  readonly isMapped: (kind: string, layer: number) => boolean;
}

const MAPPED_LAYER = /^lstm\..*_l(\d+)$/;

/**
 * Which tensors make up the LSTM: those of the only recurrent module, of the module or cells that `lstm=NAME` names,
 * or the single tensors that the map names.
 * @throws UserError NOT_AN_LSTM (none, with the names found), LSTM_AMBIGUOUS (several), LSTM_UNSUPPORTED (another
 * cell, two directions, a projection) or BAD_MAP.
 */
export function lstmNames(
  source: SafetensorsFile,
  map: NameMap,
  reader: TensorReader,
  file: string,
): LayerNames {
  const modules = recurrentModules(source);
  const single = [...map.keys()].flatMap((canonical) => MAPPED_LAYER.exec(canonical)?.[1] ?? []);
  const mappedLayers = Math.max(0, ...single.map((layer) => Number(layer) + 1));
  const wanted = map.get('lstm');
  const chosen =
    wanted !== undefined
      ? named(modules, wanted, file)
      : mappedLayers > 0 && modules.length !== 1
        ? []
        : onlyOne(modules, source, reader);
  for (const module of chosen) checkModule(module, reader);
  const [first] = chosen;
  const layersOf = first === undefined ? 0 : first.kind === 'cell' ? chosen.length : first.layers;
  return {
    layers: Math.max(mappedLayers, layersOf),
    nameOf: (kind, layer) => {
      const canonical = `lstm.${kind}_l${layer}`;
      const module = first?.kind === 'cell' ? chosen[layer] : first;
      return map.get(canonical) ?? (module ? tensorOf(module, kind, layer) : canonical);
    },
    isMapped: (kind, layer) => map.has(`lstm.${kind}_l${layer}`),
  };
}

type Modules = readonly RecurrentModule[];

/** The module of that name, or the cells whose names are that one and a number. */
function named(modules: Modules, name: string, file: string): Modules {
  const own = modules.filter((module) => module.name === name);
  if (own.length === 1) return own;
  const cells = stackedCells(modules.filter((module) => module.name.startsWith(`${name}.`)));
  if (cells !== null) return cells;
  const got = namesText(modules.map((module) => module.name || '(no prefix)'));
  throw badMap(`lstm= and a recurrent module of the file: ${got}`, name, file);
}

function onlyOne(modules: Modules, source: SafetensorsFile, reader: TensorReader): Modules {
  const [first] = modules;
  if (first === undefined) {
    const expected =
      'tensors of an LSTM: weight_ih_l0, weight_hh_l0 ..., with any prefix, or --map';
    const found = namesText(source.tensors.keys());
    throw reader.fail('NOT_AN_LSTM', 'tensor names', expected, found);
  }
  if (modules.length === 1) return modules;
  const cells = stackedCells(modules);
  if (cells !== null) return cells;
  const names = modules.map(({ name, cell }) => `${name || '(no prefix)'} (${cell})`);
  const expected = 'one LSTM, or --map lstm=NAME';
  throw reader.fail('LSTM_AMBIGUOUS', 'recurrent modules', expected, namesText(names));
}

/** Cells whose names differ in one number only, in the order of that number; null where they are no such stack. */
function stackedCells(modules: Modules): Modules | null {
  const parts = modules.map(({ name }) => name.split('.'));
  const [first = []] = parts;
  if (modules.some(({ kind }) => kind !== 'cell')) return null;
  if (parts.some((part) => part.length !== first.length)) return null;
  const differing = first.flatMap((_, i) =>
    parts.some((part) => part[i] !== first[i]) || parts.length === 1 ? [i] : [],
  );
  const numbered = differing.filter((i) => parts.every((part) => /^\d+$/.test(part[i] ?? '')));
  const [at] = numbered;
  if (at === undefined || (parts.length > 1 && differing.length !== 1)) return null;
  const order = (module: RecurrentModule) => Number(module.name.split('.')[at]);
  return [...modules].sort((a, b) => order(a) - order(b));
}

function checkModule(module: RecurrentModule, reader: TensorReader): void {
  const { name, cell, reverse, projection } = module;
  const refuse = (field: string, expected: string, got: string) =>
    reader.fail('LSTM_UNSUPPORTED', field, expected, got);
  if (reverse !== undefined) throw refuse(reverse, 'one direction', 'weights of the other one');
  if (projection !== undefined) {
    throw refuse(projection, 'h of as many values as cells', 'a projection (proj_size)');
  }
  if (cell !== 'GRU' && cell !== 'RNN') return;
  const rows = cell === 'GRU' ? '3 x cells rows, as in a GRU' : '1 x cells rows, as in a plain RNN';
  const field = tensorOf(module, 'weight_hh', 0);
  throw refuse(field, `4 x cells rows, the gates of an LSTM, in ${name || 'the module'}`, rows);
}
