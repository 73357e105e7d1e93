import { packBlocks } from '../../sparsity/hcgs/codes.js';
import { type Tensor, writeSafetensors } from '../formats/safetensors.js';
import { GATES, type Model, type SparseMatrix } from '../model.js';
import { checkModel } from './check.js';
import {
  FORMAT_KEY,
  FORMAT_VERSION,
  type MatrixDescription,
  MODEL_KEY,
  type ModelDescription,
  TABLES,
} from './description.js';
import { codesName, fillTensor, indexName, planTensors, TABLE_NAMES } from './tensors.js';

/**
 * The bytes of the compressed-model file, the same for equal models (docs/compressed-model.md).
 * @throws UserError when the model breaks a limit; RangeError when a code lies outside the kept blocks.
 */
export function modelBytes(model: Model): Uint8Array {
  checkModel(model);
  const description = describe(model);
  const values = new Map<string, ArrayLike<number>>();
  model.layers.forEach((layer, l) => {
    addMatrix(values, `lstm.${l}.x`, layer.x, GATES.length);
    addMatrix(values, `lstm.${l}.h`, layer.h, GATES.length);
    values.set(`lstm.${l}.bias`, layer.bias);
  });
  if (model.output !== null) {
    addMatrix(values, 'output', model.output.weights, 1);
    values.set('output.bias', model.output.bias);
  }
  for (const table of TABLE_NAMES) {
    values.set(`table.${table}.y0`, model[table].y0);
    values.set(`table.${table}.slope`, model[table].slope);
  }
  const tensors = new Map<string, Tensor>(
    planTensors(description).map((plan) => [
      plan.name,
      fillTensor(plan, values.get(plan.name) ?? []),
    ]),
  );
  const metadata = { [FORMAT_KEY]: FORMAT_VERSION, [MODEL_KEY]: JSON.stringify(description) };
  return writeSafetensors({ metadata, tensors });
}

function describe(model: Model): ModelDescription {
  const { words, inputFraction, layers, output, provenance } = model;
  const { weight, activation, cell, bias } = words;
  return {
    words: { weight, activation, cell, bias },
    inputFraction,
    gates: 'ifgo',
    layers: layers.map(({ inputs, cells, biasFraction, cellFraction, x, h }) => ({
      kind: 'lstm',
      inputs,
      cells,
      biasFraction,
      cellFraction,
      x: describeMatrix(x),
      h: describeMatrix(h),
    })),
    output:
      output === null
        ? null
        : {
            kind: 'output',
            inputs: output.inputs,
            outputs: output.outputs,
            biasFraction: output.biasFraction,
            weights: describeMatrix(output.weights),
          },
    tables: TABLES,
    provenance: Object.fromEntries(Object.entries(provenance).sort()),
  };
}

function describeMatrix({ rows, columns, exponent, sharing, patterns }: SparseMatrix) {
  const description: MatrixDescription = {
    rows,
    columns,
    exponent,
    sharing,
    blocks: patterns[0]?.blocks ?? [],
    keep: patterns[0]?.keep ?? [],
    filledPositions: patterns.map((pattern) => pattern.filledPositions ?? 0),
  };
  return description;
}

function addMatrix(
  values: Map<string, ArrayLike<number>>,
  prefix: string,
  matrix: SparseMatrix,
  gates: number,
): void {
  const packed = packBlocks({ ...matrix, gates }, matrix.codes);
  if (nonZero(packed) !== nonZero(matrix.codes)) {
    throw new RangeError(`${prefix} has codes outside its kept blocks`);
  }
  values.set(codesName(prefix), packed);
  matrix.patterns[0]?.blocks.forEach((_, level) => {
    const lists = matrix.patterns.map((pattern) => [...(pattern.indices[level] ?? [])]);
    values.set(indexName(prefix, level), lists.flat());
  });
}

function nonZero(codes: Int16Array): number {
  return codes.reduce((count, code) => (code === 0 ? count : count + 1), 0);
}
