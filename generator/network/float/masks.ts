import { type Mask, type MatrixMasks, union } from '../../sparsity/mask.js';
import type { LayerMatrices } from './layer-matrices.js';
import { type FloatModel, type FloatTensor, hiddenOf } from './model.js';

/** Where the matrices of layers are not zero, or are kept all the same, layer by layer; a group is a layer. */
export function matrixMasks(model: FloatModel): readonly LayerMatrices<MatrixMasks>[] {
  return model.layers.map(({ x, h, cells, inputs }, group) => ({
    x: masksOf(x, cells, inputs, group),
    h: h && masksOf(h, cells, hiddenOf(model, group), group),
  }));
}

function masksOf(
  { name, values, kept }: FloatTensor,
  rows: number,
  columns: number,
  group: number,
): MatrixMasks {
  const size = rows * columns;
  const gates = Array.from({ length: values.length / size }, (_, gate): Mask => {
    const from = gate * size;
    const own = values.subarray(from, from + size);
    const isKept = (value: number, i: number) => value !== 0 || kept?.[from + i] === 1;
    return { rows, columns, kept: Uint8Array.from(own, (value, i) => (isKept(value, i) ? 1 : 0)) };
  });
  return {
    name,
    group,
    shared: union(gates),
    perGate: gates,
  };
}
