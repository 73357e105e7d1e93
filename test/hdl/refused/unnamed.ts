import { defineModule, input, output, uint } from '../../../generator/hdl/index.js';
import type { Refused } from './refused.js';

export const expected: Refused = {
  code: 'UNNAMED',
  path: 'example',
  message: 'no variable takes this wire()',
  blames: 'm.^wire(io.a.not())',
};

export const design = () =>
  defineModule({
    name: 'example',
    doc: 'Refused.',
    parameters: {},
    ports: () => ({ a: input(uint(8)), y: output(uint(8)) }),
    body: (m, _p, io) => {
      m.assign(io.y, m.wire(io.a.not()));
    },
  });
