import { type Mask, type MatrixMasks, union } from '../../sparsity/mask.js';
import type { FloatModel, FloatTensor } from './model.js';

/** Where the matrices of recurrent layers are not zero: x, h of layer 0, x, h of layer 1 ...; a group is a layer. */
export function matrixMasks({ layers }: FloatModel): readonly MatrixMasks[] {
  return layers.flatMap((layer, group) => [
    masksOf(layer.x, layer.cells, layer.inputs, group),
    masksOf(layer.h, layer.cells, layer.cells, group),
  ]);
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
