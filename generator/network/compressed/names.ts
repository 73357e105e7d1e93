import type { PassNaming } from '../pass-names.js';

/** `lstm.0`, `lstm.0.x`, `lstm.0.h` ..., `output`. */
export const lstmNames: PassNaming = (passes) =>
  passes.map(({ cell }, l) =>
    cell === 'dense'
      ? { pass: 'output', operands: ['output'], state: 'output' }
      : {
          pass: `lstm.${l}`,
          operands: [`lstm.${l}.x`, `lstm.${l}.h`],
          state: `lstm.${l}.cellFraction`,
        },
  );
