import { CELLS } from '../../cells/registry.js';
import type { FloatTensor } from '../../float/model.js';
import { badMap, type NameMap } from '../map.js';
import { directionsOf, type TorchDirection, type TorchLayer, valuesOf } from './layer.js';
import type { TensorReader } from './tensors.js';

/** The layers with the states that they start from, and a sentence for each. */
export interface WithInitial {
  readonly layers: readonly TorchLayer[];
  readonly notes: readonly string[];
}

/**
 * Learned states at the start of an utterance: `initial=H,C` or `initial.h=H` and `initial.c=C`, of a GRU or RNN H alone,
 * each one for all layers, [layers, cells] or [layers, 1, cells], or [cells] and [1, 1, cells] of one layer; a bidirectional
 * layer has two places, its backward direction the second one. H of a layer with a projection has as many values as that.
 * @throws UserError BAD_MAP, or as the reader
 */
export function withInitial(
  reader: TensorReader,
  map: NameMap,
  layers: readonly TorchLayer[],
  file: string,
): WithInitial {
  const names = initialNames(map, file);
  if (names === null) return { layers, notes: [] };
  const [ofH, ofC] = names;
  const all = layers.flatMap(directionsOf);
  const kinds = [...new Set(all.map(({ layer }) => CELLS[layer.cell].state === 'c'))];
  if (kinds.length > 1)
    throw badMap('initial= where all layers have a c or none has', 'both', file);
  if (kinds[0] !== (ofC !== null)) {
    const expected = kinds[0] ? 'initial=H,C for an LSTM' : 'initial=H for a cell without c';
    throw badMap(expected, `initial=${names.filter((one) => one !== null).join()}`, file);
  }
  const h = statesOf(reader, ofH, all.map(valuesOf));
  const c =
    ofC === null
      ? null
      : statesOf(
          reader,
          ofC,
          all.map(({ layer }) => layer.cells),
        );
  const and = ofC === null ? '' : ` and c = ${ofC}`;
  let at = 0;
  const started = <T extends TorchDirection>(one: T): T => {
    const initial = { h: h[at] as FloatTensor, c: c === null ? null : (c[at] as FloatTensor) };
    at++;
    return { ...one, layer: { ...one.layer, initial } };
  };
  return {
    layers: layers.map((one) => {
      const forward = started(one);
      return { ...forward, backward: one.backward && started(one.backward) };
    }),
    notes: [`an utterance starts from h = ${ofH}${and}, as --map says`],
  };
}

/** The tensors that the map names, of h and of c; null where it names none. @throws UserError BAD_MAP */
export function initialNames(
  map: NameMap,
  file: string,
): readonly [h: string, c: string | null] | null {
  const [both, h, c] = ['initial', 'initial.h', 'initial.c'].map((name) => map.get(name));
  if (both === undefined && h === undefined && c === undefined) return null;
  const [first, second = null, ...more] = both === undefined ? [h, c] : both.split(',');
  const empty = !first || second === '' || more.length > 0;
  if (empty || (both !== undefined && (h ?? c) !== undefined)) {
    const got = both === undefined ? 'one of them' : `initial=${both}`;
    throw badMap('initial=H,C, or initial.h=H and initial.c=C', got, file);
  }
  return [first, second];
}

/** A state of every layer, of which `cells` are the lengths. */
function statesOf(
  reader: TensorReader,
  name: string,
  cells: readonly number[],
): readonly FloatTensor[] {
  const { shape } = reader.tensor(name);
  const [first = 0] = cells;
  const n = cells.length;
  const fitting = [...(n === 1 ? [[first], [1, 1, first]] : []), [n, first], [n, 1, first]];
  const even = cells.every((one) => one === first);
  if (!even || !fitting.some((one) => one.join() === shape.join())) {
    const expected = even
      ? fitting.map((one) => `[${one.join(', ')}]`).join(' or ')
      : 'layers of as many cells, for one tensor of all states';
    throw reader.badShape(name, expected, `[${shape.join(', ')}]`);
  }
  const { values } = reader.read(name, shape);
  return cells.map((_, l) => ({
    name: n === 1 ? name : `${name}[${l}]`,
    values: values.slice(l * first, (l + 1) * first),
  }));
}
