import { defineModule, output, uint } from '../../../generator/hdl/index.js';
import type { Refused } from './refused.js';

export const expected: Refused = {
  code: 'UNDRIVEN',
  path: 'example/half',
  message: 'nothing drives this wire',
  blames: "m.^net('half', uint(4))",
};

export const design = () =>
  defineModule({
    name: 'example',
    doc: 'Refused.',
    parameters: {},
    ports: () => ({ y: output(uint(4)) }),
    body: (m, _p, io) => {
      const half = m.net('half', uint(4));
      m.assign(io.y, half);
    },
  });
