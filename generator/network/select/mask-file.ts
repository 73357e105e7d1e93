import { unexpected } from '../../base/errors.js';
import { keptMask } from '../../sparsity/kept-mask.js';
import { gatesIn } from '../cells/registry.js';
import type { FloatMatrix, FloatModel, MatrixPattern } from '../float/model.js';
import { type Tensor, writeSafetensors } from '../formats/safetensors.js';
import type { FormatName, Imported } from '../import/imported.js';

/** Formats whose matrices lie as a float network has them, [gate][row][column] under the name of one tensor. */
const ALIKE: readonly FormatName[] = ['safetensors', 'pytorch'];

/** @throws UserError MASKS_FORMAT where a matrix of a network is no tensor of its file as it is */
export function checkMaskable(
  { layers }: Pick<FloatModel, 'layers'>,
  { format, taken }: Pick<Imported, 'format' | 'taken'>,
  file: string,
): void {
  const refuse = (field: string, got: string) =>
    unexpected({
      code: 'MASKS_FORMAT',
      file,
      field,
      expected: 'a PyTorch state_dict, with one tensor for each matrix that gets a mask',
      got,
    });
  if (!ALIKE.includes(format)) throw refuse('format', format);
  const names = new Set(taken);
  for (const { name } of layers.flatMap(({ x, h }) => [x, ...(h === null ? [] : [h])])) {
    if (!names.has(name)) throw refuse(name, 'a matrix that is computed of others');
  }
}

/**
 * A safetensors file of U8 tensors for the layers of a network with patterns that `checkMaskable` let pass: 1 where a weight is kept, 0
 * elsewhere, in the shapes and under the names of the weights in the source.
 */
export function maskFile({ layers, patterns = [] }: FloatModel): Uint8Array {
  const tensors = new Map<string, Tensor>();
  for (const [l, layer] of layers.entries()) {
    for (const side of ['x', 'h'] as const) {
      const [weights, pattern] = [layer[side], patterns[l]?.[side]];
      if (!weights || !pattern) continue;
      tensors.set(weights.name, maskTensor(weights, pattern, gatesIn(layer.cell)));
    }
  }
  return writeSafetensors({ metadata: {}, tensors });
}

/** The mask of the gates of a matrix, one behind the other. */
function maskTensor({ values }: FloatMatrix, { patterns }: MatrixPattern, gates: number): Tensor {
  const masks = patterns.map((pattern) => keptMask(pattern));
  const bytes = new Uint8Array(values.length);
  const [first] = masks;
  if (first === undefined) throw new RangeError('a matrix has no pattern');
  for (let gate = 0; gate < gates; gate++) {
    const { kept } = masks[masks.length === 1 ? 0 : gate] ?? first;
    bytes.set(kept, gate * kept.length);
  }
  return { dtype: 'U8', shape: [gates * first.rows, first.columns], bytes };
}
