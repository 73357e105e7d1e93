import { patternKind } from '../../sparsity/kind-of.js';
import type { Pattern } from '../../sparsity/registry.js';
import { TABLE_FUNCTIONS } from '../cells/cell.js';
import { cellOf } from '../cells/registry.js';
import { decodeElements } from '../formats/elements.js';
import type { SafetensorsFile } from '../formats/safetensors.js';
import { checkWordLengths, MAX_CODES } from '../limits.js';
import { mismatch } from '../mismatch.js';
import type { ActivationTable, ActivationTables, Model, SparseMatrix } from '../model.js';
import { checkPasses } from '../pass-checks.js';
import { FILE_NAMES, type FileNames, type PassName } from '../pass-names.js';
import { programOf } from '../program.js';
import { checkModel } from './check.js';
import {
  descriptionSchema,
  type ModelDescription,
  type OperandDescription,
  type PassDescription,
} from './description.js';
import { described, describedJson } from './json.js';
import { checkKinds } from './kinds.js';
import { checkTableScheme } from './table-scheme.js';
import { type Described, ELEMENT_TYPES, fileMatrix, planTensors } from './tensors.js';

/** Reads a file of format 2. @throws UserError with the part and the two values that disagree. */
export function readFormat2(content: SafetensorsFile, file: string): Model {
  const json = describedJson(content, file);
  checkKinds(json, file);
  const description = described(descriptionSchema, json, file);
  checkTableScheme(description.tables, file);
  const { vectors, passes } = description;
  if (vectors.length !== passes.length + 1) {
    throw mismatch(
      'vectors',
      `${passes.length + 1}: the input, and one of each pass`,
      vectors.length,
      file,
    );
  }
  const model = readDescribed(content, description, FILE_NAMES, file);
  const { input, passes: built } = programOf(model);
  [input, ...built.map(({ writes }) => writes)].forEach(({ fraction }, n) => {
    const said = vectors[n]?.fraction as number;
    if (said !== fraction) throw mismatch(`vectors.${n}.fraction`, fraction, said, file);
  });
  return model;
}

/** What a model is described by, whatever the format of the file. */
export type FileDescription = Described & Pick<ModelDescription, 'provenance'>;

/**
 * The model of a description and its tensors, checked as a whole. Of the vectors, all lengths count, and the fraction
 * bits of the input. @throws UserError with the part and the two values that disagree.
 */
export function readDescribed(
  content: SafetensorsFile,
  description: FileDescription,
  naming: FileNames,
  file: string,
): Model {
  const { words, vectors, passes, provenance } = description;
  const input = vectors[0] as ModelDescription['vectors'][number];
  checkWordLengths(words, file);
  checkShape(description, naming, file);
  const values = readTensors(content, description, naming, file);
  const names = naming.passes(passes);
  const model: Model = {
    words,
    input,
    passes: passes.map(({ operands, ...pass }, n) => {
      const { pass: name, operands: parts } = names[n] as PassName;
      const rows = vectors[n + 1]?.length as number;
      return {
        ...pass,
        rows,
        operands: operands.map(({ vector, age, ...operand }, o) => ({
          vector,
          age,
          matrix: readMatrix(
            values,
            operand,
            fileMatrix(pass, { vector, ...operand }, description, rows),
            {
              name: parts[o] as string,
              file,
            },
          ),
        })),
        bias: integers(values, `${name}.bias`),
      };
    }),
    tables: readTables(values),
    provenance,
  };
  checkModel(model, file, naming);
  return model;
}

/** Whether the passes fit together, and how many codes there would be: before shapes are computed from them. */
function checkShape({ vectors, passes }: Described, naming: FileNames, file: string): void {
  const rowsOf = (n: number): number => vectors[n + 1]?.length as number;
  const shape = passes.map(({ cell, operands, stateFraction }: PassDescription, n) => ({
    cell,
    rows: rowsOf(n),
    stateFraction,
    operands: operands.map(({ vector, age }) => ({
      vector,
      age,
      matrix: { rows: rowsOf(n), columns: vectors[vector]?.length ?? 0 },
    })),
  }));
  checkPasses({ input: vectors[0] as { length: number }, passes: shape }, naming, file);
  const names = naming.passes(passes);
  shape.forEach(({ cell, operands }, n) => {
    operands.forEach(({ matrix: { rows, columns } }, o) => {
      const codes = cellOf(cell).gates.length * rows * columns;
      if (codes <= MAX_CODES) return;
      const name = `${(names[n] as PassName).operands[o]}.codes`;
      throw mismatch(name, `at most ${MAX_CODES}`, codes, file);
    });
  });
}

/** The values of every planned tensor; a missing, unexpected or misshaped tensor is refused. */
function readTensors(
  { tensors }: SafetensorsFile,
  description: Described,
  naming: FileNames,
  file: string,
): ReadonlyMap<string, Float64Array> {
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

function readMatrix(
  values: ReadonlyMap<string, Float64Array>,
  { exponent, sharing, pattern }: Omit<OperandDescription, 'vector' | 'age'>,
  matrix: ReturnType<typeof fileMatrix>,
  place: { readonly name: string; readonly file: string },
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

function readTables(values: ReadonlyMap<string, Float64Array>): ActivationTables {
  const table = (name: string): ActivationTable => ({
    y0: integers(values, `table.${name}.y0`),
    slope: integers(values, `table.${name}.slope`),
  });
  return Object.fromEntries(
    TABLE_FUNCTIONS.map((name) => [name, table(name)]),
  ) as unknown as ActivationTables;
}

function integers(values: ReadonlyMap<string, Float64Array>, name: string): Int32Array {
  return Int32Array.from(values.get(name) ?? []);
}
