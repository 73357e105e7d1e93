import type { FileNames } from '../../pass-names.js';

/** `lstm.0`, `lstm.0.x`, `lstm.0.h` ..., `output`: the names of format 1. */
export const FORMAT_1_NAMES: FileNames = {
  passes: (passes) =>
    passes.map(({ cell }, l) =>
      cell === 'dense'
        ? { pass: 'output', operands: ['output'], state: 'output' }
        : {
            pass: `lstm.${l}`,
            operands: [`lstm.${l}.x`, `lstm.${l}.h`],
            state: `lstm.${l}.cellFraction`,
          },
    ),
  input: { length: 'lstm.0.inputs', fraction: 'inputFraction' },
  flatBias: true,
};
