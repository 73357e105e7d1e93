import { defineModule, input, output, uint } from '../../../generator/hdl/index.js';
import type { Refused } from './refused.js';

export const expected: Refused = {
  code: 'NAME_CLASH',
  path: 'example/Sum',
  message: 'there is a wire sum already; only the case differs',
  blames: "m.^wire('Sum', io.a.add(io.b))",
};

export const design = () =>
  defineModule({
    name: 'example',
    doc: 'Refused.',
    parameters: {},
    ports: () => ({ a: input(uint(8)), b: input(uint(8)), y: output(uint(9)) }),
    body: (m, _p, io) => {
      const sum = m.wire('sum', io.a.addWrap(io.b));
      m.unused('sum', sum);
      m.assign(io.y, m.wire('Sum', io.a.add(io.b)));
    },
  });
