import { isDeepStrictEqual } from 'node:util';
import { densePattern } from '../../../sparsity/dense.js';
import { patternKind } from '../../../sparsity/kind-of.js';
import type { OperandDescription, PassDescription } from '../../compressed/description.js';
import { described, describedJson } from '../../compressed/json.js';
import { type FileDescription, readDescribed } from '../../compressed/read.js';
import { checkUsualScheme } from '../../compressed/table-scheme.js';
import type { SafetensorsFile } from '../../formats/safetensors.js';
import { mismatch } from '../../mismatch.js';
import type { Model } from '../../model.js';
import { type Description1, descriptionSchema1, type Matrix1 } from './description.js';
import { FORMAT_1_NAMES } from './names.js';

/**
 * Reads a compressed-model file of format 1: the same model as its file of format 2 would give.
 * @throws UserError with the part, by its name in this file, and the two values that disagree.
 */
export function readFormat1(content: SafetensorsFile, file: string): Model {
  const description = described(descriptionSchema1, describedJson(content, file), file);
  checkUsualScheme(description.tables, file);
  checkSizes(description, file);
  return readDescribed(content, asPasses(description), FORMAT_1_NAMES, file);
}

/** The same description, as passes on vectors. */
function asPasses({
  words,
  inputFraction,
  layers,
  output,
  tables,
  provenance,
}: Description1): FileDescription {
  const passes = layers.map(
    ({ x, h, biasFraction, cellFraction }, l): PassDescription => ({
      cell: 'lstm',
      operands: [operand(x, l, 0), operand(h, l + 1, 1)],
      biasFraction,
      stateFraction: cellFraction,
    }),
  );
  const lengths = [layers[0]?.inputs as number, ...layers.map(({ cells }) => cells)];
  if (output !== null) {
    const { weights, biasFraction, outputs } = output;
    const operands = [operand(weights, layers.length, 0)];
    passes.push({ cell: 'dense', operands, biasFraction, stateFraction: null });
    lengths.push(outputs);
  }
  // of written vectors the binary points follow from the passes
  const vectors = lengths.map((length, v) => ({ length, fraction: v === 0 ? inputFraction : 0 }));
  return { words, vectors, passes, tables, provenance };
}

function operand(
  { rows: _, columns: __, exponent, sharing, ...sizes }: Matrix1,
  vector: number,
  age: 0 | 1,
): OperandDescription {
  return { vector, age, exponent, sharing, pattern: { kind: 'hcgs', ...sizes } };
}

/** Sizes that a description of format 1 says twice, and the output layer, which is dense. */
function checkSizes({ layers, output }: Description1, file: string): void {
  const same = (field: string, expected: number, got: number) => {
    if (got !== expected) throw mismatch(field, expected, got, file);
  };
  layers.forEach(({ inputs, cells, x, h }, l) => {
    const below = layers[l - 1];
    if (below !== undefined) same(`lstm.${l}.inputs`, below.cells, inputs);
    same(`lstm.${l}.x.rows`, cells, x.rows);
    same(`lstm.${l}.x.columns`, inputs, x.columns);
    same(`lstm.${l}.h.rows`, cells, h.rows);
    same(`lstm.${l}.h.columns`, cells, h.columns);
  });
  if (output === null) return;
  const { inputs, outputs, weights } = output;
  same('output.inputs', layers.at(-1)?.cells as number, inputs);
  same('output.rows', outputs, weights.rows);
  same('output.columns', inputs, weights.columns);
  const { pattern } = operand(weights, 0, 0);
  if (!isDeepStrictEqual(pattern, patternKind(pattern).file.describe([densePattern(weights)]))) {
    throw mismatch('output', 'a dense matrix', 'a block pattern', file);
  }
}
