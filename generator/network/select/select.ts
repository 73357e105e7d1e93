import { Random } from '../../base/random.js';
import { atOnce, type Steps } from '../../base/steps.js';
import { keptMask } from '../../sparsity/kept-mask.js';
import { patternKind } from '../../sparsity/kind-of.js';
import type { Pattern, PatternSpec } from '../../sparsity/registry.js';
import { gatesIn, type LayerCell } from '../cells/registry.js';
import type { LayerMatrices } from '../float/layer-matrices.js';
import { type FloatMatrix, type FloatModel, hiddenOf, type MatrixPattern } from '../float/model.js';
import type { Reals } from '../float/reals.js';
import { specOfLayer } from './layers.js';

/** How the pattern of a trained network is chosen. */
export interface Selection {
  /**
   * `random`: uniform over what the spec allows, without a look at the weights (Kadetotad et al. 2020). `magnitude`: the
   * largest weights, by what the kind of the pattern says of size, e.g. the mean |w| of a block.
   */
  readonly by: 'random' | 'magnitude';
  /** One entry for all layers, or one per layer. */
  readonly patterns: readonly PatternSpec[];
  readonly sharing: MatrixPattern['sharing'];
  /** Of `random`. */
  readonly seed: number;
}

/**
 * The network with a chosen pattern: weights that it does not keep are zero, `patterns` says which are kept. What is
 * kept stays kept whatever its weights are. The output layer stays as it is.
 * @throws UserError BLOCKS_COUNT when there is neither one pattern nor one per layer.
 */
export function selectPattern(model: FloatModel, selection: Selection): FloatModel {
  return atOnce(selectSteps(model, selection));
}

/** The same, mask by mask. */
export function* selectSteps(model: FloatModel, selection: Selection): Steps<FloatModel> {
  const random = new Random(selection.seed);
  const patterns: LayerMatrices<MatrixPattern>[] = [];
  const layers: FloatModel['layers'][number][] = [];
  for (const [l, layer] of model.layers.entries()) {
    const spec = specOfLayer(selection.patterns, l, model.layers.length);
    const { cell, cells, inputs } = layer;
    const x = yield* choose(cell, layer.x, cells, inputs, spec, selection, random);
    const width = hiddenOf(model, l);
    const h = layer.h && (yield* choose(cell, layer.h, cells, width, spec, selection, random));
    patterns.push({ x, h });
    const own = layer.h && h && masked(cell, layer.h, h);
    layers.push({ ...layer, x: masked(cell, layer.x, x), h: own });
  }
  return { ...model, layers, patterns };
}

function* choose(
  cell: LayerCell,
  { values }: FloatMatrix,
  rows: number,
  columns: number,
  spec: PatternSpec,
  { by, sharing }: Selection,
  random: Random,
): Steps<MatrixPattern> {
  const kind = patternKind(spec);
  const gates = gatesOf(cell, values);
  const patterns: Pattern[] = [];
  for (const own of sharing === 'shared' ? [gates] : gates.map((gate) => [gate])) {
    yield;
    const matrix = { rows, columns, gates: own };
    patterns.push(by === 'random' ? kind.draw(matrix, spec, random) : kind.choose(matrix, spec));
  }
  return { sharing, patterns };
}

/** The values of each gate of a matrix. */
export function gatesOf(cell: LayerCell, values: Reals): readonly Reals[] {
  const size = values.length / gatesIn(cell);
  return Array.from({ length: gatesIn(cell) }, (_, gate) =>
    values.subarray(gate * size, (gate + 1) * size),
  );
}

/** A matrix without the weights that its pattern does not keep. */
export function masked(
  cell: LayerCell,
  { name, values }: FloatMatrix,
  { patterns }: MatrixPattern,
): FloatMatrix {
  const masks = patterns.map((pattern) => keptMask(pattern).kept);
  const size = values.length / gatesIn(cell);
  return {
    name,
    values: Float64Array.from(values, (value, i) => {
      const mask = masks[masks.length === 1 ? 0 : Math.floor(i / size)] as Uint8Array;
      return mask[i % size] === 0 ? 0 : value;
    }),
  };
}
