import { defineModule, input, integer, output, uint } from '../../../generator/hdl/index.js';
import type { Refused } from './refused.js';

export const expected: Refused = {
  code: 'COMBINATIONAL_LOOP',
  path: 'example/q',
  message: 'q[0] -> sum[0] -> u_leaf (d to q) -> q[0]',
  blames: "m.^instance('u_leaf', leaf, { d: sum, q })",
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
      const q = m.net('q', uint(8));
      const sum = m.wire('sum', io.a.addWrap(q));
      m.instance('u_leaf', leaf, { d: sum, q });
      m.assign(io.y, sum);
    },
  });
