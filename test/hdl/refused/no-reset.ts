import {
  bit,
  defineModule,
  input,
  literal,
  output,
  set,
  uint,
  when,
} from '../../../generator/hdl/index.js';
import type { Refused } from './refused.js';

export const expected: Refused = {
  code: 'NO_RESET',
  path: 'example/busy',
  message: 'it decides at test/hdl/refused/no-reset.ts:LINE, and no reset sets it',
  blames: "m.^reg('busy', bit)",
};

export const design = () =>
  defineModule({
    name: 'example',
    doc: 'Refused.',
    parameters: {},
    ports: () => ({
      clk: input(bit),
      rst: input(bit),
      start: input(bit),
      last: input(bit),
      count: output(uint(8)),
    }),
    body: (m, _p, io) => {
      const busy = m.reg('busy', bit);
      m.always(io.clk, [
        when(io.start, [set(busy, literal(1, 1))], [when(io.last, [set(busy, literal(0, 1))])]),
        when(
          io.rst,
          [set(io.count, literal(0, 8))],
          [when(busy, [set(io.count, io.count.increment())])],
        ),
      ]);
    },
  });
