import type { Steps } from '../../../base/steps.js';
import { keptMask } from '../../../sparsity/kept-mask.js';
import { patternKind, patternKinds } from '../../../sparsity/kind-of.js';
import type { Shared } from '../../../sparsity/pattern.js';
import type { PatternSpec } from '../../../sparsity/registry.js';
import type { LayerMatrices } from '../../float/layer-matrices.js';
import type { FloatModel, MatrixPattern } from '../../float/model.js';
import type { Reals } from '../../float/reals.js';
import { gatesOf, masked } from '../select.js';
import { type SearchMatrix, scaled } from './matrices.js';

/** A pattern without its rate: what a search tries. */
export interface Form extends Shared {
  /** As a kind calls it (`Trial`). */
  readonly name: string;
  /** Which of the trials of the kind. */
  readonly trial: number;
  readonly kind: PatternSpec['kind'];
}

/** Every form of every kind. `sharing`: the ways in which gates may share it. */
export function allForms(sharing: readonly Shared['sharing'][]): readonly Form[] {
  return patternKinds().flatMap((member) =>
    member
      .trials({ rows: 1, columns: 1 }, 1)
      .flatMap(({ form: name }, trial) =>
        sharing.map((own) => ({ name, trial, kind: member.kind, sharing: own })),
      ),
  );
}

/** `blocks 4, a pattern for each gate`. */
export function formText({ name, sharing }: Form): string {
  return sharing === 'shared' ? name : `${name}, per gate`;
}

/** The pattern of a form with that rate that keeps most of a matrix, by the weights times what they are multiplied by. */
export function choosePattern(
  matrix: SearchMatrix,
  { kind, trial, sharing }: Form,
  rate: number,
  values = matrix.values,
): MatrixPattern {
  const { rows, columns, cell } = matrix;
  const member = patternKind({ kind });
  const spec = member.trials({ rows, columns }, rate)[trial]?.spec as PatternSpec;
  const gates = gatesOf(cell, scaled(matrix, values));
  const sets = sharing === 'shared' ? [gates] : gates.map((gate) => [gate]);
  return {
    sharing: sets.length === 1 ? 'shared' : sharing,
    patterns: sets.map((own) => member.choose({ rows, columns, gates: own }, spec)),
  };
}

/** The network with a pattern for each of its matrices, which are in the order of reports. */
export function withPatterns(
  model: FloatModel,
  matrices: readonly SearchMatrix[],
  patterns: readonly MatrixPattern[],
): FloatModel {
  const of = (layer: number, side: 'x' | 'h') =>
    patterns[matrices.findIndex((own) => own.layer === layer && own.side === side)];
  const own = model.layers.map(
    (_, l): LayerMatrices<MatrixPattern> => ({
      x: of(l, 'x') as MatrixPattern,
      h: of(l, 'h') ?? null,
    }),
  );
  const layers = model.layers.map((layer, l) => {
    const { x, h } = own[l] as LayerMatrices<MatrixPattern>;
    return {
      ...layer,
      x: masked(layer.cell, layer.x, x),
      h: layer.h && h && masked(layer.cell, layer.h, h),
    };
  });
  return { ...model, layers, patterns: own };
}

/** What patterns drop of the sums of a matrix: of the squares of its weights times what they are multiplied by, and of all of them. */
export function lostEnergy(
  matrix: SearchMatrix,
  { patterns }: MatrixPattern,
): { readonly lost: number; readonly all: number } {
  const masks = patterns.map((pattern) => keptMask(pattern).kept);
  let [lost, all] = [0, 0];
  gatesOf(matrix.cell, scaled(matrix)).forEach((values, gate) => {
    const mask = masks[masks.length === 1 ? 0 : gate] as Uint8Array;
    values.forEach((value, i) => {
      all += value * value;
      if (mask[i] === 0) lost += value * value;
    });
  });
  return { lost, all };
}

/** The patterns of all matrices, matrix by matrix. `values`: what each compares; absent: the weights of the network. */
export function* choosePatterns(
  matrices: readonly SearchMatrix[],
  forms: readonly Form[],
  rates: readonly number[],
  values?: (matrix: SearchMatrix) => Reals,
): Steps<readonly MatrixPattern[]> {
  const patterns: MatrixPattern[] = [];
  for (const [m, matrix] of matrices.entries()) {
    yield;
    patterns.push(choosePattern(matrix, forms[m] as Form, rates[m] as number, values?.(matrix)));
  }
  return patterns;
}
