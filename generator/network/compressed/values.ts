import { patternKind } from '../../sparsity/kind-of.js';
import type { FileMatrix, FilePlace } from '../../sparsity/pattern-file.js';
import type { Pattern } from '../../sparsity/registry.js';
import { TABLE_FUNCTIONS, type TableFunction } from '../cells/cell.js';
import { decodeElements } from '../formats/elements.js';
import type { SafetensorsFile } from '../formats/safetensors.js';
import { mismatch } from '../mismatch.js';
import type {
  ActivationTable,
  ActivationTables,
  InitialState,
  SparseMatrix,
  TableScheme,
} from '../model.js';
import type { FileNames } from '../pass-names.js';
import type { OperandDescription } from './description.js';
import { type Described, ELEMENT_TYPES, planTensors } from './tensors.js';

/** Values of tensors by name. */
export type Values = ReadonlyMap<string, Float64Array>;

/** The values of every planned tensor. @throws UserError MODEL_INVALID when one is missing, unexpected or misshaped */
export function readTensors(
  { tensors }: SafetensorsFile,
  description: Described,
  naming: FileNames,
  file: string,
): Values {
  const plans = planTensors(description, naming, file);
  const planned = new Set(plans.map((plan) => plan.name));
  for (const name of tensors.keys()) {
    if (!planned.has(name)) throw mismatch(name, 'no such tensor', 'a tensor', file);
  }
  return new Map(
    plans.map(({ name, dtype, shape }) => {
      const tensor = tensors.get(name);
      if (tensor === undefined) throw mismatch(name, `${dtype} [${shape}]`, 'no tensor', file);
      const [expected, got] = [`${dtype} [${shape}]`, `${tensor.dtype} [${tensor.shape}]`];
      if (expected !== got) throw mismatch(name, expected, got, file);
      return [name, decodeElements(ELEMENT_TYPES[dtype], tensor.bytes)];
    }),
  );
}

/** The matrix of an operand. @throws UserError of its pattern */
export function readMatrix(
  values: Values,
  { exponent, sharing, pattern }: Omit<OperandDescription, 'vector' | 'age'>,
  matrix: FileMatrix,
  place: FilePlace,
): SparseMatrix {
  const prefix = `${place.name}.`;
  const own = [...values].flatMap(([name, content]) =>
    name.startsWith(prefix) ? [[name.slice(prefix.length), content] as const] : [],
  );
  const { patterns, codes } = patternKind(pattern).file.decode(
    pattern,
    new Map(own),
    matrix,
    place,
  );
  const { rows, columns } = matrix;
  return { rows, columns, sharing, patterns: patterns as readonly Pattern[], exponent, codes };
}

/** The activation tables of all functions. */
export function readTables(values: Values, scheme: TableScheme): ActivationTables {
  const table = (name: string): ActivationTable => ({
    y0: integers(values, `table.${name}.y0`),
    slope: integers(values, `table.${name}.slope`),
  });
  const functions = TABLE_FUNCTIONS.map((name) => [name, table(name)] as const);
  return { scheme, ...(Object.fromEntries(functions) as Record<TableFunction, ActivationTable>) };
}

/** What an utterance starts with, in a pass that says so. */
export function readInitial(values: Values, pass: string): InitialState {
  const state = `${pass}.initial.state`;
  return {
    bias: integers(values, `${pass}.initial.bias`),
    state: values.has(state) ? integers(values, state) : null,
  };
}

/** The values of one tensor. */
export function integers(values: Values, name: string): Int32Array {
  return Int32Array.from(values.get(name) ?? []);
}
