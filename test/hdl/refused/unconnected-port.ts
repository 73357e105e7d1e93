import { defineModule, input, integer, output, uint } from '../../../generator/hdl/index.js';
import type { Refused } from './refused.js';

export const expected: Refused = {
  code: 'UNCONNECTED_PORT',
  path: 'example/u_leaf/d',
  message: 'input d is left open',
  blames: "m.^instance('u_leaf', leaf, { q: io.y })",
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
    ports: () => ({ y: output(uint(8)) }),
    body: (m, _p, io) => {
      // @ts-expect-error TypeScript refuses it too; this is what JavaScript learns
      m.instance('u_leaf', leaf, { q: io.y });
    },
  });
