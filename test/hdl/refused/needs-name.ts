import { defineModule, input, output, uint } from '../../../generator/hdl/index.js';
import type { Refused } from './refused.js';

export const expected: Refused = {
  code: 'NEEDS_NAME',
  path: 'example',
  message: 'part() of an expression',
  blames: '.^part(0, 8)',
};

export const design = () =>
  defineModule({
    name: 'example',
    doc: 'Refused.',
    parameters: {},
    ports: () => ({ a: input(uint(8)), b: input(uint(8)), y: output(uint(8)) }),
    body: (m, _p, io) => {
      m.assign(io.y, io.a.add(io.b).part(0, 8));
    },
  });
