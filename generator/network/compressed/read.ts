import { cellOf } from '../cells/registry.js';
import type { SafetensorsFile } from '../formats/safetensors.js';
import { checkWordLengths } from '../limits.js';
import { mismatch } from '../mismatch.js';
import type { Model } from '../model.js';
import { FILE_NAMES, type FileNames, type PassName } from '../pass-names.js';
import { programOf } from '../program.js';
import { checkModel } from './check.js';
import { descriptionSchema, type ModelDescription, vectorsOf } from './description.js';
import { described, describedJson } from './json.js';
import { checkKinds } from './kinds.js';
import { checkShape } from './shape.js';
import { checkTableScheme } from './table-scheme.js';
import { type Described, fileMatrix } from './tensors.js';
import { integers, readInitial, readMatrix, readTables, readTensors } from './values.js';

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
    passes: passes.map(({ operands, initial, ...pass }, n) => {
      const { pass: name, operands: parts } = names[n] as PassName;
      const rows = vectors[n + 1]?.length as number;
      return {
        ...pass,
        rows,
        ...(cellOf(pass.cell).valueFraction === 'own' && {
          valueFraction: vectors[n + 1]?.fraction as number,
        }),
        operands: operands.map(({ vector, age, ...operand }, o) => ({
          vectors: vectorsOf({ vector }),
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
        ...(initial === undefined ? {} : { initial: readInitial(values, name) }),
      };
    }),
    tables: readTables(values, description.tables),
    provenance,
  };
  checkModel(model, file, naming);
  return model;
}
