import { unexpected } from '../../../base/errors.js';
import type { Tensor } from '../../formats/safetensors.js';

const RECURRENT = /^(.*)weight_(?:ih|hh)((?:_l\d+)?(?:_reverse)?)$/s;
const DENSE = /^(.*\.)weight$/s;

/**
 * Matrices that a file has as flat lists, as [rows, columns] where the bias beside them says how many rows: one for
 * each of its values.
 * @throws UserError TENSOR_SHAPE where a recurrent layer's matrix is flat and nothing settles its rows
 */
export function withShapes(
  tensors: ReadonlyMap<string, Tensor>,
  file: string,
): { readonly tensors: ReadonlyMap<string, Tensor>; readonly notes: readonly string[] } {
  const notes: string[] = [];
  const rowsOf = (names: readonly string[]) => {
    const name = names.find((one) => tensors.get(one)?.shape.length === 1);
    return name === undefined ? undefined : { name, rows: tensors.get(name)?.shape[0] as number };
  };
  const shaped = [...tensors].map(([name, tensor]): [string, Tensor] => {
    const [length = 0] = tensor.shape;
    if (tensor.shape.length !== 1 || tensor.dtype !== 'F64') return [name, tensor];
    const recurrent = RECURRENT.exec(name);
    const dense = DENSE.exec(name);
    if (recurrent === null && dense === null) return [name, tensor];
    const bias = recurrent
      ? rowsOf(['ih', 'hh'].map((kind) => `${recurrent[1]}bias_${kind}${recurrent[2]}`))
      : rowsOf([`${dense?.[1]}bias`]);
    // as many values as the bias: a norm has that, a layer on one value too
    if (recurrent === null && (bias === undefined || bias.rows === length)) return [name, tensor];
    if (bias === undefined || bias.rows === 0 || length % bias.rows !== 0) {
      const expected = 'lists within a list, or {"shape": [rows, columns], "data": [...]}';
      const why = bias === undefined ? 'no bias' : `${bias.rows} values of ${bias.name}`;
      const got = `a flat list of ${length}, and ${why} to tell its rows`;
      throw unexpected({ code: 'TENSOR_SHAPE', file, field: name, expected, got });
    }
    const shape = [bias.rows, length / bias.rows];
    notes.push(`${name} is a flat list: rows of [${shape.join(', ')}], as ${bias.name} says`);
    return [name, { ...tensor, shape }];
  });
  return { tensors: new Map(shaped), notes };
}
