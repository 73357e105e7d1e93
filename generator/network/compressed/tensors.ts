import { patternKind } from '../../sparsity/kind-of.js';
import type { FileMatrix, FileTensor } from '../../sparsity/pattern-file.js';
import { TABLE_FUNCTIONS } from '../cells/cell.js';
import { cellOf, channelsIn, gatesIn } from '../cells/registry.js';
import { type ElementType, encodeElements } from '../formats/elements.js';
import type { Dtype, Tensor } from '../formats/safetensors.js';
import type { WordLengths } from '../model.js';
import type { FileNames, PassName } from '../pass-names.js';
import {
  type ModelDescription,
  type OperandDescription,
  type PassDescription,
  vectorsOf,
} from './description.js';

/** Integer types that the compressed-model file uses. */
export const ELEMENT_TYPES = {
  I8: 'int8',
  I16: 'int16',
  U8: 'uint8',
  U16: 'uint16',
  I32: 'int32',
} as const satisfies Partial<Record<Dtype, ElementType>> & Record<FileTensor['dtype'], ElementType>;

/** What the description says about one tensor of the file. */
export interface TensorPlan extends Omit<FileTensor, 'part'> {
  readonly name: string;
}

/** The parts of a description that tensors hang on. */
export type Described = Pick<ModelDescription, 'words' | 'vectors' | 'passes' | 'tables'>;

/** The tensors of an activation table. */
export const TABLE_PARTS = ['y0', 'slope'] as const;

/**
 * Every tensor that a file with this description has, no more and no less; vectors are those that there are.
 * @throws UserError of the pattern, when its description does not agree with the matrix
 */
export function planTensors(
  { words, vectors, passes, tables }: Described,
  naming: FileNames,
  file?: string,
): readonly TensorPlan[] {
  const names = naming.passes(passes);
  return [
    ...passes.flatMap((pass, n) => {
      const { pass: name, operands } = names[n] as PassName;
      const rows = vectors[n + 1]?.length as number;
      const channels = channelsIn(pass.cell);
      return [
        ...pass.operands.flatMap((operand, o) => {
          const place = { name: operands[o] as string, file };
          return planMatrix(operand, fileMatrix(pass, operand, { words, vectors }, rows), place);
        }),
        {
          name: `${name}.bias`,
          dtype: 'I32' as const,
          shape: naming.flatBias && channels === 1 ? [rows] : [channels, rows],
        },
        ...(pass.initial === undefined ? [] : planInitial(pass, name, rows)),
      ];
    }),
    ...TABLE_FUNCTIONS.flatMap((table) =>
      TABLE_PARTS.map(
        (part): TensorPlan => ({
          name: `table.${table}.${part}`,
          dtype: 'I32',
          shape: [tables.segments],
        }),
      ),
    ),
  ];
}

/** What an utterance starts with. */
function planInitial(
  { cell }: Pick<PassDescription, 'cell'>,
  name: string,
  rows: number,
): readonly TensorPlan[] {
  const { channels, state } = cellOf(cell);
  return [
    { name: `${name}.initial.bias`, dtype: 'I32', shape: [channels.length, rows] },
    ...(state === null
      ? []
      : [{ name: `${name}.initial.state`, dtype: 'I32', shape: [rows] } as const]),
  ];
}

function planMatrix(
  { pattern }: OperandDescription,
  matrix: FileMatrix,
  place: { readonly name: string; readonly file: string | undefined },
): readonly TensorPlan[] {
  return patternKind(pattern)
    .file.tensors(pattern, matrix, place)
    .map(({ part, ...rest }) => ({ name: `${place.name}.${part}`, ...rest }));
}

/** The matrix of an operand as its pattern sees it. */
export function fileMatrix(
  { cell }: Pick<PassDescription, 'cell'>,
  operand: Pick<OperandDescription, 'vector' | 'sharing'>,
  { words, vectors }: { readonly words: WordLengths; readonly vectors: Described['vectors'] },
  rows: number,
): FileMatrix {
  const gates = gatesIn(cell);
  const patterns = operand.sharing === 'shared' ? 1 : gates;
  const columns = columnsOf(operand, vectors);
  return { gates, rows, columns, patterns, weightBits: words.weight };
}

/** Values of all vectors of an operand. */
export function columnsOf(
  operand: Pick<OperandDescription, 'vector'>,
  vectors: Described['vectors'],
): number {
  return vectorsOf(operand).reduce((sum, vector) => sum + (vectors[vector]?.length ?? 0), 0);
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
