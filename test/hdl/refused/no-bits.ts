import {
  defineModule,
  input,
  integer,
  literal,
  output,
  uint,
} from '../../../generator/hdl/index.js';
import type { Refused } from './refused.js';

export const expected: Refused = {
  code: 'NO_BITS',
  path: 'example/rest',
  message: 'rest has 0 bits',
  blames: "m.^wire('rest', literal(0, p.WIDTH.minus(8)))",
};

export const design = () =>
  defineModule({
    name: 'example',
    doc: 'Refused.',
    parameters: { WIDTH: integer(8, 'Bits', 8) },
    ports: (p) => ({ a: input(uint(p.WIDTH)), y: output(uint(p.WIDTH)) }),
    body: (m, p, io) => {
      const rest = m.wire('rest', literal(0, p.WIDTH.minus(8)));
      m.unused('rest', rest);
      m.assign(io.y, io.a);
    },
  });
