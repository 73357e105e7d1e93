import type { Operand, Pass, Vector } from '../../network/program.js';

/** A read that no wait puts behind the write of what it reads. */
export interface Unordered {
  /** The pass that reads, and which of its operands. */
  readonly pass: number;
  readonly operand: 0 | 1;
  /** The pass that writes the vector. */
  readonly writer: number;
}

/**
 * Reads of what may still be in the cell update, by the order of the passes alone. A pass that waits does so before its
 * completing jobs, until every set before them has retired; so a vector is written when the pass that reads it waits, and
 * the operand is the one that completes, or when a pass behind the writer and before the reader has waited.
 */
export function unordered(
  passes: readonly Pass[],
  waits: readonly boolean[],
): readonly Unordered[] {
  return passes.flatMap(({ index, operands }) =>
    operands.flatMap(({ vectors, age }, n) =>
      vectors.flatMap((vector): Unordered[] => {
        const writer = passes.findIndex(({ writes }) => writes.id === vector.id);
        if (writer < 0) return [];
        const [x, h] = operands;
        const completes = h === undefined || isLater(h, x) === (n === 1);
        if (completes && waits[index]) return [];
        const distance = index - writer + age * passes.length;
        const between = Array.from(
          { length: distance - 1 },
          (_, i) => (writer + 1 + i) % passes.length,
        );
        if (between.some((pass) => waits[pass])) return [];
        return [{ pass: index, operand: n as 0 | 1, writer }];
      }),
    ),
  );
}

/** Whether an operand is written after another one: the input is there before the frame starts, what is of a frame ago before what is of this one. */
export function isLater(one: Operand, other: Operand): boolean {
  if (other.vectors[0].id === 0) return true;
  return one.age === other.age ? lastOf(one) > lastOf(other) : one.age < other.age;
}

/** The last one that is written of what an operand reads. */
const lastOf = ({ vectors }: Operand): number => (vectors.at(-1) as Vector).id;

/** Which passes wait: as few as put every read behind its write, first those that read what the pass before writes. */
export function passesThatWait(passes: readonly Pass[]): readonly boolean[] {
  const waits = passes.map(({ operands, index }) =>
    operands.some((operand) => operand.age === 0 && lastOf(operand) === index && index > 0),
  );
  for (let n = 0; n < passes.length && unordered(passes, waits).length > 0; n++) waits[n] = true;
  const [left] = unordered(passes, waits);
  if (left !== undefined) {
    const { pass, operand, writer } = left;
    throw new Error(
      `operand ${operand} of pass ${pass} is read before pass ${writer} has written it`,
    );
  }
  return waits;
}
