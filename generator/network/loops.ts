import { mismatch } from './mismatch.js';

/** What a pass, or a layer of a float network, says of when it is computed. */
export interface Timed {
  readonly operands: readonly {
    /** By number: n + 1 is what pass n writes. */
    readonly vectors: readonly (number | { readonly id: number })[];
    readonly age: 0 | 1;
  }[];
  readonly direction?: 'backward' | undefined;
  readonly aligned?: false | undefined;
}

/** The number of a vector. */
export const numberOf = (vector: number | { readonly id: number }): number =>
  typeof vector === 'number' ? vector : vector.id;

/** Neighbouring passes, by number, both ends among them. */
export interface PassRange {
  readonly first: number;
  readonly last: number;
}

/**
 * Passes that need each other's values of the step before, or one that needs its own: they run together, step by step. Everything
 * else can be computed for a whole utterance before the next pass begins.
 */
export function loopsOf(passes: readonly Timed[]): readonly PassRange[] {
  const loops: PassRange[] = [];
  passes.forEach(({ operands }, n) => {
    for (const { vectors, age } of operands) {
      if (age === 0) continue;
      // what is read of the step before is written by this pass or by a later one
      const writers = vectors.map(
        (vector) => (typeof vector === 'number' ? vector : vector.id) - 1,
      );
      const last = Math.max(n, ...writers);
      const open = loops.at(-1);
      if (open === undefined || open.last < n) loops.push({ first: n, last });
      else loops[loops.length - 1] = { first: open.first, last: Math.max(open.last, last) };
    }
  });
  return loops;
}

/** All passes in order: loops, and between them passes one by one. */
export function partsOf(passes: readonly Timed[]): readonly PassRange[] {
  const starts = new Map(loopsOf(passes).map((loop) => [loop.first, loop]));
  const parts: PassRange[] = [];
  for (let n = 0; n < passes.length; ) {
    const part = starts.get(n) ?? { first: n, last: n };
    parts.push(part);
    n = part.last + 1;
  }
  return parts;
}

/** Whether a pass begins with the last frame of an utterance, which has to be there as a whole then. */
export function runsBackward({
  passes,
}: {
  readonly passes: readonly Pick<Timed, 'direction'>[];
}): boolean {
  return passes.some(({ direction }) => direction === 'backward');
}

/** The frame of a step of an utterance, and the place in the vector of a pass at which this step writes. */
export function frameOf(
  { direction }: Pick<Timed, 'direction'>,
  step: number,
  length: number,
): number {
  return direction === 'backward' ? length - 1 - step : step;
}

export function placeOf({ aligned, ...pass }: Timed, step: number, length: number): number {
  return aligned === false ? step : frameOf(pass, step, length);
}

/**
 * Checks that directions mean something: a pass runs backward where it has a step before, values are out of line with the frames
 * only there, and passes of one loop, which share their steps, agree in both.
 * @throws UserError MODEL_INVALID with the part of the pass and the two values that disagree.
 */
export function checkDirections(
  passes: readonly Timed[],
  names: readonly string[],
  file?: string,
): void {
  const loops = loopsOf(passes);
  passes.forEach(({ direction, aligned }, n) => {
    const name = names[n] as string;
    const own = loops.find(({ first, last }) => first <= n && n <= last);
    if (direction !== undefined && own === undefined) {
      const expected = 'none, as the pass reads nothing of the step before';
      throw mismatch(`${name}.direction`, expected, direction, file);
    }
    if (aligned === false && direction === undefined) {
      const expected = 'none, as the pass does not run backward';
      throw mismatch(`${name}.aligned`, expected, 'false', file);
    }
    if (own === undefined || own.first === n) return;
    const [first, other] = [passes[own.first] as Timed, names[own.first] as string];
    if (direction !== first.direction) {
      const expected = `${first.direction ?? 'none'}, as ${other}, with which it shares its steps`;
      throw mismatch(`${name}.direction`, expected, direction ?? 'none', file);
    }
    if (aligned !== first.aligned) {
      const expected = `${first.aligned ?? 'none'}, as ${other}, with which it shares its steps`;
      throw mismatch(`${name}.aligned`, expected, `${aligned ?? 'none'}`, file);
    }
  });
}
