import { defineModule, input, output, uint } from '../../../generator/hdl/index.js';
import type { Refused } from './refused.js';

export const expected: Refused = {
  code: 'MODULE_CLASH',
  path: 'leaf',
  message: 'there is another module leaf, and it is not the same',
  blames: 'return ^defineModule({',
};

const leaf = (bits: number) => {
  const width = uint(bits);
  return defineModule({
    name: 'leaf',
    doc: 'Inverts.',
    parameters: {},
    ports: () => ({ d: input(width), q: output(width) }),
    body: (m, _p, io) => m.assign(io.q, io.d.not()),
  });
};

export const design = () =>
  defineModule({
    name: 'example',
    doc: 'Refused.',
    parameters: {},
    ports: () => ({ a: input(uint(8)), b: input(uint(4)), y: output(uint(8)), z: output(uint(4)) }),
    body: (m, _p, io) => {
      m.instance('u_wide', leaf(8), { d: io.a, q: io.y });
      m.instance('u_narrow', leaf(4), { d: io.b, q: io.z });
    },
  });
