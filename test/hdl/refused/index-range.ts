import { defineModule, input, integer, output, uint } from '../../../generator/hdl/index.js';
import type { Refused } from './refused.js';

export const expected: Refused = {
  code: 'INDEX_RANGE',
  path: 'example/a',
  message: 'bit 8 of the 8 bits of a',
  blames: 'scope.^assign(io.y.bit(i), io.a.bit(i.plus(1)))',
};

export const design = () =>
  defineModule({
    name: 'example',
    doc: 'Refused.',
    parameters: { WIDTH: integer(8, 'Bits') },
    ports: (p) => ({ a: input(uint(p.WIDTH)), y: output(uint(p.WIDTH)) }),
    body: (m, p, io) => {
      m.forEach('i', p.WIDTH, (i, scope) => {
        scope.assign(io.y.bit(i), io.a.bit(i.plus(1)));
      });
    },
  });
