import { defineModule, input, output, uint } from '../../../generator/hdl/index.js';
import type { Refused } from './refused.js';

export const expected: Refused = {
  code: 'UNREAD_BITS',
  path: 'example/sum',
  message: 'nothing reads bit 8 of its 9 bits',
  blames: "m.^wire('sum', io.a.add(io.b))",
};

export const design = () =>
  defineModule({
    name: 'example',
    doc: 'Refused.',
    parameters: {},
    ports: () => ({ a: input(uint(8)), b: input(uint(8)), y: output(uint(8)) }),
    body: (m, _p, io) => {
      const sum = m.wire('sum', io.a.add(io.b));
      m.assign(io.y, sum.part(0, 8));
    },
  });
