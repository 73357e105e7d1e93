import { cellOf } from '../cells/registry.js';
import { MAX_CODES } from '../limits.js';
import { mismatch } from '../mismatch.js';
import { checkPasses } from '../pass-checks.js';
import type { FileNames, PassName } from '../pass-names.js';
import { type PassDescription, vectorsOf } from './description.js';
import { columnsOf, type Described } from './tensors.js';

/**
 * Whether the passes fit together, and how many codes there would be: before shapes of tensors are computed from them.
 * @throws UserError MODEL_INVALID with the part and the two values that disagree
 */
export function checkShape(
  { vectors, passes }: Pick<Described, 'vectors' | 'passes'>,
  naming: FileNames,
  file: string,
): void {
  const rowsOf = (n: number): number => vectors[n + 1]?.length as number;
  const shape = passes.map(({ operands, ...pass }: PassDescription, n) => ({
    ...pass,
    rows: rowsOf(n),
    operands: operands.map((operand) => ({
      vectors: vectorsOf(operand),
      age: operand.age,
      matrix: { rows: rowsOf(n), columns: columnsOf(operand, vectors) },
    })),
  }));
  checkPasses({ input: vectors[0] as { length: number }, passes: shape }, naming, file);
  const names = naming.passes(passes);
  shape.forEach(({ cell, operands }, n) => {
    operands.forEach(({ matrix: { rows, columns } }, o) => {
      const codes = cellOf(cell).gates.length * rows * columns;
      if (codes <= MAX_CODES) return;
      const name = `${(names[n] as PassName).operands[o]}.codes`;
      throw mismatch(name, `at most ${MAX_CODES}`, codes, file);
    });
  });
}
