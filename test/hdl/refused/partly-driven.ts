import { defineModule, input, output, uint } from '../../../generator/hdl/index.js';
import type { Refused } from './refused.js';

export const expected: Refused = {
  code: 'PARTLY_DRIVEN',
  path: 'example/y',
  message: 'nothing drives bits 4 to 5 of the 8 bits of y',
  blames: 'y: ^output(uint(8))',
};

export const design = () =>
  defineModule({
    name: 'example',
    doc: 'Refused.',
    parameters: {},
    ports: () => ({ a: input(uint(4)), y: output(uint(8)) }),
    body: (m, _p, io) => {
      m.assign(io.y.part(0, 4), io.a);
      m.assign(io.y.part(6, 2), io.a.part(0, 2));
    },
  });
