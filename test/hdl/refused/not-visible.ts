import { bit, defineModule, input, output, uint } from '../../../generator/hdl/index.js';
import type { Refused } from './refused.js';

export const expected: Refused = {
  code: 'NOT_VISIBLE',
  path: 'example/inverted',
  message: 'there is no signal inverted here',
  blames: 'm.^assign(io.y, found)',
};

export const design = () =>
  defineModule({
    name: 'example',
    doc: 'Refused.',
    parameters: {},
    ports: () => ({ a: input(uint(8)), y: output(bit) }),
    body: (m, _p, io) => {
      let found = io.y;
      m.forEach('i', 8, (i, scope) => {
        found = scope.wire('inverted', io.a.bit(i).not());
      });
      m.assign(io.y, found);
    },
  });
