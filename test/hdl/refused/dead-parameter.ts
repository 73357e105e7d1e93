import { defineModule, input, integer, output, uint } from '../../../generator/hdl/index.js';
import type { Refused } from './refused.js';

export const expected: Refused = {
  code: 'DEAD_PARAMETER',
  path: 'example/DEPTH',
  message: 'nothing depends on this parameter',
  blames: "DEPTH: ^integer(4, 'Words')",
};

export const design = () =>
  defineModule({
    name: 'example',
    doc: 'Refused.',
    parameters: { WIDTH: integer(8, 'Bits'), DEPTH: integer(4, 'Words') },
    ports: (p) => ({ a: input(uint(p.WIDTH)), y: output(uint(p.WIDTH)) }),
    body: (m, _p, io) => {
      m.assign(io.y, io.a);
    },
  });
