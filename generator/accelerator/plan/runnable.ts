import { UserError } from '../../base/errors.js';
import { cellOf } from '../../network/cells/registry.js';
import { loopsOf } from '../../network/loops.js';
import type { Program } from '../../network/program.js';
import { isDense } from '../../network/summary.js';
import { slicesOf } from '../schedule/pass-walk.js';
import { orderInMemory } from '../schedule/side-by-side.js';
import type { Order } from './configuration.js';

/**
 * Checks that the hardware can run a program: passes read the input or what a pass before them wrote in this frame, and
 * where they are recurrent what one wrote a frame ago; time goes forward, but in the order of sequences, whose outputs leave in the
 * order of frames; exact sums, whose rows lie in the slices, are dense.
 * @throws UserError DESIGN_PROGRAM with the operand and what there would have to be.
 */
export function checkRunnable(
  { passes }: Pick<Program, 'passes'>,
  slices: number = slicesOf(passes),
  order: Order = 'frames',
): void {
  passes.forEach(({ index, cell, operands, direction, aligned }) => {
    if (direction === 'backward' && order === 'frames') {
      const expected = 'a design of --order sequence with --max-frames';
      throw refusal(`pass.${index}.direction`, expected, 'a pass that runs backward');
    }
    if (direction === 'backward' && index === passes.length - 1) {
      const expected = 'a last pass that runs forward, as outputs leave in the order of frames';
      throw refusal(`pass.${index}.direction`, expected, 'one that runs backward');
    }
    if (aligned === false && readsStepAndFrame(passes, index)) {
      const expected = 'vectors of its own step alone, as those stand at other frames';
      throw refusal(`pass.${index}.x`, expected, 'others beside them');
    }
    operands.forEach(({ vectors, age, matrix }, o) => {
      const name = `pass.${index}.${o === 0 ? 'x' : 'h'}`;
      const before = o === 0 || cellOf(cell).behind !== undefined ? 0 : 1;
      const input = vectors[0].id === 0;
      if (age !== before || (input && o === 1)) {
        const whose = o === 0 ? 'the input, or what a pass wrote' : 'what a pass wrote';
        const when = before === 0 ? 'in this frame' : 'a frame ago';
        throw refusal(name, `${whose} ${when}`, `vector ${vectors[0].id} of age ${age}`);
      }
      if (input && vectors.length > 1) {
        throw refusal(name, 'the input alone', `the input beside ${vectors[1]?.name}`);
      }
      if (slices > 1 && cellOf(cell).leaves === 'sums' && !isDense(matrix)) {
        throw refusal(name, 'a dense matrix, where exact sums leave', 'a sparse one');
      }
    });
  });
  if (orderInMemory(passes) === null) {
    const expected =
      'vectors side by side that one order of the memory of h has next to each other';
    throw refusal('passes', expected, 'some that are read beside several others');
  }
}

/** Whether the x of a pass is of its own step in part, and in part of the frame of the step. */
function readsStepAndFrame(passes: Program['passes'], index: number): boolean {
  const loop = loopsOf(passes).find(({ first, last }) => first <= index && index <= last);
  const { vectors } = passes[index]?.operands[0] ?? { vectors: [] };
  const own = vectors.filter(({ id }) => loop !== undefined && id - 1 >= loop.first);
  return own.length > 0 && own.length < vectors.length;
}

function refusal(field: string, expected: string, got: string): UserError {
  return new UserError({
    code: 'DESIGN_PROGRAM',
    message: `${field}: expected ${expected}, got ${got}; "hcgs run" computes the model all the same`,
    field,
    expected,
    got,
  });
}
