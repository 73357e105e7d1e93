import { type Mask, type MatrixMasks, union } from '../../sparsity/mask.js';
import type { LayerMatrices } from './layer-matrices.js';
import { type FloatMatrix, type FloatModel, hiddenOf } from './model.js';

/** Where the matrices of layers are not zero, or are kept all the same, layer by layer; a group is a layer. */
export function matrixMasks(model: FloatModel): readonly LayerMatrices<MatrixMasks>[] {
  return model.layers.map(({ x, h, cells, inputs }, group) => ({
    x: masksOf(x, cells, inputs, group),
    h: h && masksOf(h, cells, hiddenOf(model, group), group),
  }));
}

function masksOf(
  { name, values, kept }: FloatMatrix,
  rows: number,
  columns: number,
  group: number,
): MatrixMasks {
  const size = rows * columns;
  const gates = Array.from({ length: values.length / size }, (_, gate): Mask => {
    const marks = new Uint8Array(size);
    for (let i = 0; i < size; i++) {
      const at = gate * size + i;
      if (values[at] !== 0 || kept?.[at] === 1) marks[i] = 1;
    }
    return { rows, columns, kept: marks };
  });
  return {
    name,
    group,
    shared: union(gates),
    perGate: gates,
  };
}
