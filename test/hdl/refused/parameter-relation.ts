import {
  defineModule,
  input,
  integer,
  output,
  requires,
  uint,
} from '../../../generator/hdl/index.js';
import type { Refused } from './refused.js';

export const expected: Refused = {
  code: 'PARAMETER_RELATION',
  path: 'example/u_leaf',
  message: 'WIDE must be at least NARROW: NARROW is 8, WIDE is 6',
  blames: "m.^instance('u_leaf', leaf, io, { WIDE: p.BITS })",
};

const leaf = defineModule({
  name: 'leaf',
  doc: 'Extends.',
  parameters: { NARROW: integer(8, 'Bits in'), WIDE: integer(8, 'Bits out') },
  relations: (p) => [requires(p.WIDE, '>=', p.NARROW, 'WIDE must be at least NARROW')],
  ports: (p) => ({ d: input(uint(p.NARROW)), q: output(uint(p.WIDE)) }),
  body: (m, p, io) => m.assign(io.q, io.d.resize(p.WIDE)),
});

export const design = () =>
  defineModule({
    name: 'example',
    doc: 'Refused.',
    parameters: { BITS: integer(6, 'Bits') },
    ports: (p) => ({ d: input(uint(8)), q: output(uint(p.BITS)) }),
    body: (m, p, io) => {
      m.instance('u_leaf', leaf, io, { WIDE: p.BITS });
    },
  });
