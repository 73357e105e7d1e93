import { defineModule, input, output, uint } from '../../../generator/hdl/index.js';
import type { Refused } from './refused.js';

export const expected: Refused = {
  code: 'DRIVEN_TWICE',
  path: 'example/y',
  message: 'bits 2 to 3 of y: driven at test/hdl/refused/driven-twice.ts:LINE too',
  blames: 'm.^assign(io.y.part(2, 6), io.a)',
};

export const design = () =>
  defineModule({
    name: 'example',
    doc: 'Refused.',
    parameters: {},
    ports: () => ({ a: input(uint(6)), y: output(uint(8)) }),
    body: (m, _p, io) => {
      m.assign(io.y.part(0, 4), io.a.part(0, 4));
      m.assign(io.y.part(2, 6), io.a);
    },
  });
