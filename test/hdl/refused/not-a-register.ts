import { bit, defineModule, input, output, set, uint } from '../../../generator/hdl/index.js';
import type { Refused } from './refused.js';

export const expected: Refused = {
  code: 'NOT_A_REGISTER',
  path: 'example/held',
  message: 'set() drives held, which is a wire',
  blames: 'm.always(io.clk, [^set(held, io.a)])',
};

export const design = () =>
  defineModule({
    name: 'example',
    doc: 'Refused.',
    parameters: {},
    ports: () => ({ clk: input(bit), a: input(uint(8)), y: output(uint(8)) }),
    body: (m, _p, io) => {
      const held = m.net('held', uint(8));
      m.always(io.clk, [set(held, io.a)]);
      m.assign(io.y, held);
    },
  });
