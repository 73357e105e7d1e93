import { defineModule, input, output, uint } from '../../../generator/hdl/index.js';
import type { Refused } from './refused.js';

export const expected: Refused = {
  code: 'WIDTH_MISMATCH',
  path: 'example',
  message: 'assignment to y: 8 bits and 5 bits',
  blames: 'm.^assign(io.y, io.b);',
};

export const design = () =>
  defineModule({
    name: 'example',
    doc: 'Refused.',
    parameters: {},
    ports: () => ({ b: input(uint(5)), y: output(uint(8)) }),
    body: (m, _p, io) => {
      m.assign(io.y, io.b);
    },
  });
