import { defineModule, input, output, uint } from '../../../generator/hdl/index.js';
import type { Refused } from './refused.js';

export const expected: Refused = {
  code: 'INVALID_NAME',
  path: 'example/2nd',
  message: '"2nd"',
  blames: "m.^wire('2nd', io.a.not())",
};

export const design = () =>
  defineModule({
    name: 'example',
    doc: 'Refused.',
    parameters: {},
    ports: () => ({ a: input(uint(8)), y: output(uint(8)) }),
    body: (m, _p, io) => {
      m.assign(io.y, m.wire('2nd', io.a.not()));
    },
  });
