import { UserError } from '../../base/errors.js';
import { cellOf } from '../../network/cells/registry.js';
import type { Program } from '../../network/program.js';
import { isDense } from '../../network/summary.js';
import { slicesOf } from '../schedule/pass-walk.js';

/**
 * Checks that the hardware can run a program: layers on each other, each on the vector of the one below, and where it
 * is recurrent on what it wrote itself a frame ago; a pass of one gate, whose rows lie in the slices, is dense.
 * @throws UserError DESIGN_PROGRAM with the operand and what there would have to be.
 */
export function checkRunnable({ passes }: Pick<Program, 'passes'>): void {
  const slices = slicesOf(passes);
  passes.forEach(({ index, cell, operands }) => {
    operands.forEach(({ vector, age, matrix }, o) => {
      const name = `pass.${index}.${o === 0 ? 'x' : 'h'}`;
      const [below, before] = o === 0 ? [index, 0] : [index + 1, 1];
      if (vector.id !== below || age !== before) {
        const got = `vector ${vector.id} of age ${age}`;
        throw refusal(name, `vector ${below} of age ${before}`, got);
      }
      if (slices > 1 && cellOf(cell).gates.length === 1 && !isDense(matrix)) {
        throw refusal(name, 'a dense matrix, where a cell has one gate', 'a sparse one');
      }
    });
  });
}

function refusal(field: string, expected: string, got: string): UserError {
  return new UserError({
    code: 'DESIGN_PROGRAM',
    message: `${field}: the hardware runs layers on each other: expected ${expected}, got ${got}; "hcgs run" computes the model all the same`,
    field,
    expected,
    got,
  });
}
