import { cellOf, gatesIn, type LayerCell } from '../../cells/registry.js';
import type { LayerMatrices } from '../../float/layer-matrices.js';
import { type FloatLayer, type FloatMatrix, type FloatModel, hiddenOf } from '../../float/model.js';
import type { Reals } from '../../float/reals.js';

/** A matrix of a network, as a search for patterns sees it. */
export interface SearchMatrix {
  readonly layer: number;
  readonly side: keyof LayerMatrices<unknown>;
  readonly name: string;
  readonly cell: LayerCell;
  readonly gates: number;
  /** Of a gate. */
  readonly rows: number;
  readonly columns: number;
  readonly values: Reals;
  /** Root mean square of what each column is multiplied by. */
  readonly scale: Float64Array;
}

/** The matrices in the order of reports. `scales`: of the columns, of each layer; null: all are 1. */
export function matricesOf(
  model: FloatModel,
  scales: readonly LayerMatrices<Float64Array>[] | null,
): readonly SearchMatrix[] {
  return model.layers.flatMap((layer, l) => {
    const own = (side: 'x' | 'h', { name, values }: FloatMatrix, columns: number) => ({
      ...{ layer: l, side, name, values, columns },
      ...{ cell: layer.cell, gates: gatesIn(layer.cell), rows: layer.cells },
      scale: scales?.[l]?.[side] ?? new Float64Array(columns).fill(1),
    });
    const { x, h, inputs } = layer;
    return [own('x', x, inputs), ...(h === null ? [] : [own('h', h, hiddenOf(model, l))])];
  });
}

/** Weights of all gates times the root mean square of what they are multiplied by: what a choice by magnitude compares. */
export function scaled({ values, scale, columns }: SearchMatrix, own = values): Float64Array {
  return Float64Array.from(own, (value, i) => value * (scale[i % columns] as number));
}

/** Whether any cell of a network has gates that may keep patterns of their own. */
export function hasGates(layers: readonly Pick<FloatLayer, 'cell'>[]): boolean {
  return layers.some(({ cell }) => cellOf(cell).gates.length > 1);
}
