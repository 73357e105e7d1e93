import { defineModule, input, output, sint, uint } from '../../../generator/hdl/index.js';
import type { Refused } from './refused.js';

export const expected: Refused = {
  code: 'SIGN_MISMATCH',
  path: 'example',
  message: 'the operands of +: unsigned and signed',
  blames: 'io.a.^add(io.s)',
};

export const design = () =>
  defineModule({
    name: 'example',
    doc: 'Refused.',
    parameters: {},
    ports: () => ({ a: input(uint(8)), s: input(sint(8)), y: output(uint(9)) }),
    body: (m, _p, io) => {
      // @ts-expect-error TypeScript refuses it too; this is what JavaScript learns
      m.assign(io.y, io.a.add(io.s));
    },
  });
