import { defineModule, input, integer, output, uint } from '../../../generator/hdl/index.js';
import type { Refused } from './refused.js';

export const expected: Refused = {
  code: 'UNKNOWN_PARAMETER',
  path: 'example/u_leaf/DEPTH',
  message: 'leaf has no integer parameter DEPTH',
  blames: "m.^instance('u_leaf', leaf, { d: io.a, q: io.y }, { DEPTH: 4 })",
};

const leaf = defineModule({
  name: 'leaf',
  doc: 'Inverts.',
  parameters: { WIDTH: integer(8, 'Bits', 2, 16) },
  ports: (p) => ({ d: input(uint(p.WIDTH)), q: output(uint(p.WIDTH)) }),
  body: (m, _p, io) => m.assign(io.q, io.d.not()),
});

export const design = () =>
  defineModule({
    name: 'example',
    doc: 'Refused.',
    parameters: {},
    ports: () => ({ a: input(uint(8)), y: output(uint(8)) }),
    body: (m, _p, io) => {
      m.instance('u_leaf', leaf, { d: io.a, q: io.y }, { DEPTH: 4 });
    },
  });
