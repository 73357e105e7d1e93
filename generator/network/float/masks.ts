import { type Mask, type MatrixMasks, union } from '../../sparsity/mask.js';
import type { LayerMatrices } from './layer-matrices.js';
import type { FloatModel, FloatTensor } from './model.js';

/** Where the matrices of recurrent layers are not zero, layer by layer; a group is a layer. */
export function matrixMasks({ layers }: FloatModel): readonly LayerMatrices<MatrixMasks>[] {
  return layers.map((layer, group) => ({
    x: masksOf(layer.x, layer.cells, layer.inputs, group),
    h: masksOf(layer.h, layer.cells, layer.cells, group),
  }));
}

function masksOf(
  { name, values }: FloatTensor,
  rows: number,
  columns: number,
  group: number,
): MatrixMasks {
  const size = rows * columns;
  const gates = Array.from({ length: values.length / size }, (_, gate): Mask => {
    const own = values.subarray(gate * size, (gate + 1) * size);
    return { rows, columns, kept: Uint8Array.from(own, (value) => (value === 0 ? 0 : 1)) };
  });
  return {
    name,
    group,
    shared: union(gates),
    perGate: gates,
  };
}
