import { defineModule, input, output, uint } from '../../../generator/hdl/index.js';
import type { Refused } from './refused.js';

export const expected: Refused = {
  code: 'NOT_A_VALUE',
  path: 'example',
  message: 'the operands of &: expected a value, got 15',
  blames: 'io.a.^and(15)',
};

export const design = () =>
  defineModule({
    name: 'example',
    doc: 'Refused.',
    parameters: {},
    ports: () => ({ a: input(uint(8)), y: output(uint(8)) }),
    body: (m, _p, io) => {
      // @ts-expect-error TypeScript refuses it too; this is what JavaScript learns
      m.assign(io.y, io.a.and(15));
    },
  });
