import type { Model, ModelPass } from './model.js';
import { programOf } from './program.js';

/**
 * Places at which the passes of a model can be cut in two, ascending: in front of pass n stands n. Everything behind a cut reads
 * of what is before it the one vector that the pass in front of it writes, of this frame, and alone; nothing before a cut reads
 * what is behind it, as loops of passes do that read each other's values of the frame before.
 */
export function cutsOf({ passes }: Pick<Model, 'passes'>): readonly number[] {
  const places = Array.from({ length: Math.max(0, passes.length - 1) }, (_, n) => n + 1);
  return places.filter(
    (cut) =>
      passes.every((pass, n) => isApart(pass, n, cut)) &&
      passes
        .slice(cut)
        .some(({ operands }) => operands.some(({ vectors }) => vectors.includes(cut))),
  );
}

/** Whether pass `n` reads nothing across a cut but its one vector. Vector n + 1 is what pass n writes. */
function isApart({ operands }: ModelPass, n: number, cut: number): boolean {
  return operands.every(({ vectors, age }) => {
    if (n < cut) return vectors.every((vector) => vector <= cut);
    if (vectors.every((vector) => vector > cut)) return true;
    return vectors.length === 1 && vectors[0] === cut && age === 0;
  });
}

/**
 * Passes `from` up to before `past` as a model of their own: its input is what pass `from` - 1 writes, with the binary point that
 * it has there, and its output what its last pass writes. Both ends are places of `cutsOf`, or ends of the model.
 */
export function partOf(model: Model, from: number, past: number): Model {
  if (from === 0 && past === model.passes.length) return model;
  const { length, fraction } =
    from === 0
      ? model.input
      : (programOf(model).passes[from - 1] as { writes: Model['input'] }).writes;
  const passes = model.passes.slice(from, past).map(
    (pass): ModelPass => ({
      ...pass,
      operands: pass.operands.map((operand) => ({
        ...operand,
        vectors: operand.vectors.map((vector) => vector - from),
      })),
    }),
  );
  return { ...model, input: { length, fraction }, passes };
}

/** All parts of a model that is cut at those places, in order. */
export function partsOf(model: Model, cuts: readonly number[]): readonly Model[] {
  const ends = [...cuts, model.passes.length];
  return ends.map((past, n) => partOf(model, cuts[n - 1] ?? 0, past));
}
