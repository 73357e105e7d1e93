import type { FloatOutput } from '../../float/model.js';
import type { SafetensorsFile } from '../../formats/safetensors.js';
import { badMap, type NameMap } from '../map.js';
import { inModule } from './modules.js';
import { isReal, namesText, type TensorReader } from './tensors.js';

const WEIGHT = /^(?:(.*)\.)?weight$/;

/**
 * The fully connected layer: the module that the map names, else the only one with a matrix `weight` [n, cells];
 * null where there is none, or where the map says `fc=none`.
 * @throws UserError OUTPUT_AMBIGUOUS when several modules have such a matrix, BAD_MAP, or what reading one throws.
 */
export function readOutput(
  source: SafetensorsFile,
  map: NameMap,
  reader: TensorReader,
  cells: number,
  file: string,
): FloatOutput | null {
  const names = outputNames(source, map, reader, cells, file);
  if (names === null) return null;
  const [outputs] = reader.matrix(names.weight);
  const weights = reader.read(names.weight, [outputs, cells]);
  const bias =
    reader.has(names.bias) || map.has('fc.bias')
      ? reader.read(names.bias, [outputs])
      : { name: names.bias, values: new Float64Array(outputs) };
  return { inputs: cells, outputs, weights, bias };
}

function outputNames(
  { tensors }: SafetensorsFile,
  map: NameMap,
  reader: TensorReader,
  cells: number,
  file: string,
): { readonly weight: string; readonly bias: string } | null {
  const [module, weight, bias] = ['fc', 'fc.weight', 'fc.bias'].map((name) => map.get(name));
  if (module === 'none' && (weight ?? bias) !== undefined) {
    throw badMap('fc=none alone', 'names of its tensors too', file);
  }
  if (module === 'none') return null;
  const of = (name: string) => ({
    weight: weight ?? inModule(name, 'weight'),
    bias: bias ?? inModule(name, 'bias'),
  });
  if (module !== undefined || weight !== undefined) {
    return of(module ?? WEIGHT.exec(weight as string)?.[1] ?? 'fc');
  }
  const found = [...tensors].flatMap(([name, tensor]) => {
    const match = WEIGHT.exec(name);
    const fits = tensor.shape.length === 2 && tensor.shape[1] === cells && isReal(tensor);
    return match !== null && fits && !reader.taken.has(name) ? [match[1] ?? ''] : [];
  });
  if (found.length > 1) {
    const expected = `one fully connected layer on ${cells} values, or --map fc=NAME, or --map fc=none`;
    const got = namesText(found.map((name) => name || '(no prefix)'));
    throw reader.fail('OUTPUT_AMBIGUOUS', 'output layer', expected, got);
  }
  const [only] = found;
  if (only !== undefined) return of(only);
  if (bias !== undefined) throw badMap('fc=NAME with fc.bias=NAME', 'no output layer', file);
  return null;
}
