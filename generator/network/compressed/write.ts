import { packBlocks } from '../../sparsity/hcgs/codes.js';
import { cellOf } from '../cells/registry.js';
import { type Tensor, writeSafetensors } from '../formats/safetensors.js';
import type { Model, ModelPass, SparseMatrix } from '../model.js';
import type { PassName } from '../pass-names.js';
import { checkModel } from './check.js';
import {
  FORMAT_KEY,
  FORMAT_VERSION,
  type MatrixDescription,
  MODEL_KEY,
  type ModelDescription,
  TABLES,
} from './description.js';
import { lstmNames } from './names.js';
import { codesName, fillTensor, indexName, planTensors, TABLE_NAMES } from './tensors.js';

/**
 * The bytes of the compressed-model file, the same for equal models (docs/compressed-model.md).
 * @throws UserError when the model breaks a limit; RangeError when a code lies outside the kept blocks.
 */
export function modelBytes(model: Model): Uint8Array {
  checkModel(model, undefined, lstmNames);
  const description = describe(model);
  const values = new Map<string, ArrayLike<number>>();
  const names = lstmNames(model.passes);
  model.passes.forEach(({ cell, operands, bias }, n) => {
    const { pass, operands: matrices } = names[n] as PassName;
    operands.forEach(({ matrix }, o) => {
      addMatrix(values, matrices[o] as string, matrix, cellOf(cell).gates.length);
    });
    values.set(`${pass}.bias`, bias);
  });
  for (const table of TABLE_NAMES) {
    values.set(`table.${table}.y0`, model.tables[table].y0);
    values.set(`table.${table}.slope`, model.tables[table].slope);
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
  const { words, input, passes, provenance } = model;
  const { weight, activation, cell, bias } = words;
  const matrices = ({ operands }: ModelPass) =>
    operands.map(({ matrix }) => describeMatrix(matrix)) as [MatrixDescription, MatrixDescription];
  const output = passes.find((pass) => pass.cell === 'dense');
  return {
    words: { weight, activation, cell, bias },
    inputFraction: input.fraction,
    gates: 'ifgo',
    layers: passes
      .filter((pass) => pass !== output)
      .map((pass) => {
        const [x, h] = matrices(pass);
        const { rows, biasFraction, stateFraction } = pass;
        return {
          ...{ kind: 'lstm' as const, inputs: x.columns, cells: rows, biasFraction },
          ...{ cellFraction: stateFraction as number, x, h },
        };
      }),
    output:
      output === undefined
        ? null
        : {
            kind: 'output',
            inputs: matrices(output)[0].columns,
            outputs: output.rows,
            biasFraction: output.biasFraction,
            weights: matrices(output)[0],
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
