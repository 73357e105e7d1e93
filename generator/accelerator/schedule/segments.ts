import { partsOf } from '../../network/loops.js';
import type { Pass } from '../../network/program.js';
import { VISIT_BITS } from '../control/in-flight.js';

/**
 * Where a pass stands in the order of sequences. A *segment* is a run of passes that step through an utterance together: in
 * each step all of them once, one behind the other, each a *visit*.
 */
export interface VisitPlace {
  /** It is the first pass of its segment, and the last one. */
  readonly first: boolean;
  readonly last: boolean;
  /** Its segment reads what passes before it wrote, so that its first step waits until they all have. */
  readonly after: boolean;
  /**
   * Visits that may be under way when the operand that is of its own segment is read: those between the one that writes it
   * and this one; null where it reads nothing of its segment.
   */
  readonly behind: number | null;
}

/** Visits of a step, so that those under way can be counted. */
const MOST_VISITS = 2 ** VISIT_BITS;

/**
 * The segments of a program, in its order: loops that read nothing of each other step together, so that each has the time in
 * which the other's values are on their way; two directions of a layer above all.
 */
export function segmentsOf(
  passes: readonly Pick<Pass, 'index' | 'operands'>[],
): readonly (readonly number[])[] {
  const segments: number[][] = [];
  for (const { first, last } of partsOf(passes)) {
    const loop = passes.slice(first, last + 1).map(({ index }) => index);
    const [before] = segments.slice(-1);
    const reads = loop.flatMap((index) =>
      (passes[index] as Pick<Pass, 'operands'>).operands.flatMap(({ vectors }) =>
        vectors.map(({ id }) => id - 1),
      ),
    );
    const most = MOST_VISITS - loop.length;
    if (
      before === undefined ||
      before.length > most ||
      reads.some((writer) => before.includes(writer))
    ) {
      segments.push([...loop]);
    } else before.push(...loop);
  }
  return segments;
}

/** The place of each pass. */
export function visitsOf(
  passes: readonly Pick<Pass, 'index' | 'operands'>[],
): readonly VisitPlace[] {
  return segmentsOf(passes).flatMap((segment) => {
    const [start] = segment as [number];
    const own = segment.map((index) => passes[index] as Pick<Pass, 'index' | 'operands'>);
    const after = own.some(({ operands }) =>
      operands.some(({ vectors }) => vectors.some(({ id }) => id > 0 && id - 1 < start)),
    );
    return own.map(({ index, operands }): VisitPlace => {
      const distances = operands.flatMap(({ vectors, age }) =>
        vectors.flatMap(({ id }) =>
          id - 1 < start ? [] : [index - (id - 1) + age * segment.length],
        ),
      );
      return {
        first: index === start,
        last: index === segment.at(-1),
        after,
        behind: distances.length === 0 ? null : Math.min(...distances) - 1,
      };
    });
  });
}
