import { unexpected } from '../../../base/errors.js';
import { isList, isObject, type Json } from '../../formats/json.js';
import type { Part } from '../format.js';
import type { Imported, ImportOptions } from '../imported.js';
import type { NameMap } from '../map.js';
import { NOTHING_BESIDE } from '../pytorch/beside.js';
import { importPytorch } from '../pytorch/import-pytorch.js';
import { covers } from '../pytorch/others.js';
import { partsOf } from '../pytorch/parts.js';
import { namesText } from '../pytorch/tensors.js';
import { isArray } from './arrays.js';
import { shown } from './fields.js';
import type { JsonForm } from './form.js';
import { isTensor, type JsonTensors, tensorsOf } from './tensors.js';

/** Tensors under the names that PyTorch gives them, as nested lists or as `{shape, data}`. */
export const stateDictForm: JsonForm = {
  recognise: (value) =>
    isList(value) ? value.length > 0 && value.every(isNamed) : isObject(value) && hasArray(value),
  read: ({ value, file }, map, options) =>
    importTensors(tensorsOf(value, file), file, map, options),
  contents: ({ value, file }) => partsOfTensors(tensorsOf(value, file)),
};

const isNamed = (one: Json): boolean =>
  isObject(one) && typeof one.name === 'string' && isTensor(one);

const hasArray = (value: Json): boolean =>
  isTensor(value) || (isObject(value) ? Object.values(value).some(hasArray) : isArray(value));

/**
 * The network in tensors with names of PyTorch. Words beside them can change what it is, so that they are asked
 * about as a module is. `said` is who says what is not asked.
 * @throws UserError MODULE_UNKNOWN for words, or as `importPytorch`
 */
export function importTensors(
  { source, words, notes }: JsonTensors,
  file: string,
  map: NameMap,
  options: ImportOptions,
  said = '--map',
): Imported {
  const outside = (map.get('outside') ?? '').split(',');
  const open = [...words].filter(([name]) => !outside.some((one) => covers(one, name)));
  const [first] = open;
  if (first !== undefined) {
    const names = open.map(([name]) => name);
    const expected = `tensors, or --map outside=${names.join(',')} for what does not change the network`;
    const got = namesText(open.map(([name, word]) => `${name}: ${shown(word)}`));
    throw unexpected({ code: 'MODULE_UNKNOWN', file, field: first[0], expected, got });
  }
  const imported = importPytorch(source, file, map, { ...NOTHING_BESIDE, said }, options);
  const left = imported.leftOut.map((one) =>
    words.has(one.name) ? { ...one, what: shown(words.get(one.name)) } : one,
  );
  return { ...imported, format: 'json', leftOut: left, notes: [...notes, ...imported.notes] };
}

/** As `partsOf`, and words as they are. */
export function partsOfTensors({ source, words }: JsonTensors): readonly Part[] {
  return partsOf(source).map(({ name, what }) => ({
    name,
    what: words.has(name) ? shown(words.get(name)) : what,
  }));
}
