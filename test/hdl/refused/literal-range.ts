import { defineModule, input, literal, output, uint } from '../../../generator/hdl/index.js';
import type { Refused } from './refused.js';

export const expected: Refused = {
  code: 'LITERAL_RANGE',
  path: 'example',
  message: '256 in 8 unsigned bits',
  blames: '^literal(256, 8)',
};

export const design = () =>
  defineModule({
    name: 'example',
    doc: 'Refused.',
    parameters: {},
    ports: () => ({ a: input(uint(8)), y: output(uint(8)) }),
    body: (m, _p, io) => {
      m.assign(io.y, io.a.addWrap(literal(256, 8)));
    },
  });
