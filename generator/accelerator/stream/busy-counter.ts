import { allOf, bit, input, literal, output, set, uint, when } from '../../hdl/index.js';
import { defineBlock } from '../build/define-block.js';

/** Frames between input and output: two x buffers, one running, two output buffers, and to spare. */
const INSIDE_BITS = 3;

/** busy, from the first accepted beat to the last beat sent, and how many cycles that was. */
export function busyCounter(prefix: string) {
  return defineBlock({
    name: `${prefix}_busy_counter`,
    doc: 'busy is high from the cycle after the first accepted beat of a frame until the last output beat has left; cycles counts them. A frame that is discarded makes busy while it comes in.',
    parameters: {},
    ports: () => ({
      clk: input(bit),
      rst: input(bit),
      receiving: input(bit, 'a frame has begun and not ended'),
      committed: input(bit, 'a frame was accepted'),
      sent: input(bit, 'an output frame has left'),
      busy: output(bit),
      cycles: output(uint(32), 'busy cycles since reset'),
    }),
    body: (m, _p, io) => {
      const framesInside = m.reg(uint(INSIDE_BITS), 'frames accepted and not yet sent');
      m.assign(io.busy, io.receiving.or(framesInside.ne(0)));
      m.always(io.clk, [
        when(
          io.rst,
          [set(framesInside, literal(0, INSIDE_BITS)), set(io.cycles, literal(0, 32))],
          [
            when(
              allOf(io.committed, io.sent.not()),
              [set(framesInside, framesInside.increment())],
              [
                when(allOf(io.sent, io.committed.not()), [
                  set(framesInside, framesInside.decrement()),
                ]),
              ],
            ),
            when(io.busy, [set(io.cycles, io.cycles.increment())]),
          ],
        ),
      ]);
    },
  });
}
