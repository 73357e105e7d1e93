import { defineModule, input, integer, output, uint } from '../../../generator/hdl/index.js';
import type { Refused } from './refused.js';

export const expected: Refused = {
  code: 'PARAMETER_RANGE',
  path: 'example/u_leaf/WIDTH',
  message: 'WIDTH is 24, expected 2 ... 16',
  blames: "m.^instance('u_leaf', leaf, io, { WIDTH: p.BYTES.times(8) })",
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
    parameters: { BYTES: integer(3, 'Bytes') },
    ports: (p) => ({ d: input(uint(p.BYTES.times(8))), q: output(uint(p.BYTES.times(8))) }),
    body: (m, p, io) => {
      m.instance('u_leaf', leaf, io, { WIDTH: p.BYTES.times(8) });
    },
  });
