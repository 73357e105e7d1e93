import { blockShape, type CodeLayout } from '../../sparsity/hcgs/codes.js';
import { keptBlocksPerRow } from '../../sparsity/hcgs/count.js';
import { blockRows, blocksPerRow, type HcgsPattern } from '../../sparsity/hcgs/pattern.js';
import { TABLE_SEGMENTS } from '../arithmetic.js';
import { type ElementType, encodeElements } from '../formats/elements.js';
import type { Dtype, Tensor } from '../formats/safetensors.js';
import { GATES } from '../model.js';
import type { MatrixDescription, ModelDescription } from './description.js';

/** Integer types that the compressed-model file uses. */
export const ELEMENT_TYPES = {
  I8: 'int8',
  I16: 'int16',
  U8: 'uint8',
  U16: 'uint16',
  I32: 'int32',
} as const satisfies Partial<Record<Dtype, ElementType>>;
export type FileDtype = keyof typeof ELEMENT_TYPES;

/** What the description says about one tensor of the file. */
export interface TensorPlan {
  readonly name: string;
  readonly dtype: FileDtype;
  readonly shape: readonly number[];
}

/** Tensor names of one matrix, e.g. prefix `lstm.0.x`. */
export const codesName = (prefix: string): string => `${prefix}.codes`;
export const indexName = (prefix: string, level: number): string => `${prefix}.index.${level}`;
export const TABLE_NAMES = ['sigmoid', 'tanh'] as const;

/** Every tensor that a file with this description has, no more and no less. */
export function planTensors(model: ModelDescription): readonly TensorPlan[] {
  const bias = (name: string, shape: readonly number[]): TensorPlan => ({
    name: `${name}.bias`,
    dtype: 'I32',
    shape,
  });
  const { weight } = model.words;
  return [
    ...model.layers.flatMap((layer, l) => [
      ...planMatrix(`lstm.${l}.x`, layer.x, GATES.length, weight),
      ...planMatrix(`lstm.${l}.h`, layer.h, GATES.length, weight),
      bias(`lstm.${l}`, [GATES.length, layer.cells]),
    ]),
    ...(model.output === null
      ? []
      : [
          ...planMatrix('output', model.output.weights, 1, weight),
          bias('output', [model.output.outputs]),
        ]),
    ...TABLE_NAMES.flatMap((table) =>
      ['y0', 'slope'].map(
        (part): TensorPlan => ({
          name: `table.${table}.${part}`,
          dtype: 'I32',
          shape: [TABLE_SEGMENTS],
        }),
      ),
    ),
  ];
}

function planMatrix(
  prefix: string,
  matrix: MatrixDescription,
  gates: number,
  weightBits: number,
): readonly TensorPlan[] {
  const layout = emptyLayout(matrix, gates);
  const pattern = layout.patterns[0] as HcgsPattern;
  return [
    {
      name: codesName(prefix),
      dtype: weightBits <= 8 ? 'I8' : 'I16',
      shape: blockShape(layout),
    },
    ...matrix.blocks.map(
      (_, level): TensorPlan => ({
        name: indexName(prefix, level),
        dtype: blocksPerRow(pattern, level) <= 256 ? 'U8' : 'U16',
        shape: [
          layout.patterns.length,
          blockRows(pattern, level),
          keptBlocksPerRow(pattern, level),
        ],
      }),
    ),
  ];
}

/** The layout of a matrix before its index lists are known. */
export function emptyLayout(matrix: MatrixDescription, gates: number): CodeLayout {
  const { rows, columns, blocks, keep, sharing } = matrix;
  const pattern: HcgsPattern = { kind: 'hcgs', rows, columns, blocks, keep, indices: [] };
  const count = sharing === 'shared' ? 1 : gates;
  return { gates, rows, columns, patterns: Array.from({ length: count }, () => pattern) };
}

/** A tensor as planned; `values` are in its order. */
export function fillTensor(plan: TensorPlan, values: ArrayLike<number>): Tensor {
  const elements = plan.shape.reduce((a, b) => a * b, 1);
  if (values.length !== elements) {
    throw new RangeError(`${plan.name} needs ${elements} elements, got ${values.length}`);
  }
  return {
    dtype: plan.dtype,
    shape: plan.shape,
    bytes: encodeElements(ELEMENT_TYPES[plan.dtype], values),
  };
}
