import type { ModelPass, SparseMatrix } from './model.js';

/** A layer of a stack: it reads one below, and where it is recurrent what it, or a layer above, wrote a frame ago. */
export interface StackLayer extends Omit<ModelPass, 'operands'> {
  readonly x: SparseMatrix;
  /** Null where the layer is not recurrent. */
  readonly h: SparseMatrix | null;
  /** Layers from this one to the one that writes its h; absent: 0, itself. One below, which is negative, wrote it in this frame. */
  readonly loop?: number | undefined;
  /** Layers from this one down to those whose values are its x side by side, the farthest first; absent: 1. */
  readonly down?: readonly number[] | undefined;
}

/** The passes of layers that lie on each other, the lowest one on the input. */
export function stackedPasses(layers: readonly StackLayer[]): readonly ModelPass[] {
  return layers.map(({ x, h, loop = 0, down = [1], ...pass }, n): ModelPass => {
    const below = { vectors: down.map((far) => n + 1 - far), age: 0, matrix: x } as const;
    const own =
      h === null ? [] : [{ vectors: [n + 1 + loop], age: loop < 0 ? 0 : 1, matrix: h } as const];
    return { ...pass, operands: [below, ...own] };
  });
}
