import { allOf, bit, input, literal, output, set, uint, when } from '../../hdl/index.js';
import { defineBlock } from '../build/define-block.js';

/** Bits of the number of faults. */
export const MEMORY_ERROR_COUNT_BITS = 16;
const MOST = 2 ** MEMORY_ERROR_COUNT_BITS - 1;

/** What the top of a design says of faults in its memories. */
export function memoryErrorOutputs() {
  return {
    memory_error: output(bit, 'sticky: a word was read that could not be put right'),
    memory_error_count: output(
      uint(MEMORY_ERROR_COUNT_BITS),
      `cycles with a faulty word, put right or not, up to ${MOST}`,
    ),
  };
}

/** Keeps and counts what the memories of a design say of their words. */
export function memoryErrors(prefix: string) {
  return defineBlock({
    name: `${prefix}_memory_errors`,
    doc: `Keeps that a word of a memory was lost, and counts the cycles with a faulty word, up to ${MOST}. The cycle behind a reset of the core does not count: nothing was read before it.`,
    parameters: {},
    ports: () => ({
      clk: input(bit),
      rst: input(bit, 'clears both'),
      core_rst: input(bit, 'the core is in reset'),
      memory_fault: input(bit),
      memory_lost: input(bit),
      ...memoryErrorOutputs(),
    }),
    body: (m, _p, io) => {
      const running = m.reg('running', bit, 'the core was not in reset in the cycle before');
      const counts = m.wire(
        'counts',
        allOf(running, io.memory_fault, io.memory_error_count.all().not()),
      );
      m.always(io.clk, [
        when(
          io.rst,
          [
            set(running, literal(0, 1)),
            set(io.memory_error, literal(0, 1)),
            set(io.memory_error_count, literal(0, MEMORY_ERROR_COUNT_BITS)),
          ],
          [
            set(running, io.core_rst.not()),
            when(allOf(running, io.memory_lost), [set(io.memory_error, literal(1, 1))]),
            when(counts, [set(io.memory_error_count, io.memory_error_count.increment())]),
          ],
        ),
      ]);
    },
  });
}
