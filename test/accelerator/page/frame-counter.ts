import { defineBlock } from '../../../generator/accelerator/build/define-block.js';
import { bit, input, literal, output, set, uint, when } from '../../../generator/hdl/index.js';

/** Bits of the count. */
const COUNT_BITS = 16;

/** Counts the frames that have left. */
export function frameCounter(prefix: string) {
  return defineBlock({
    name: `${prefix}_frame_counter`,
    doc: 'Output frames since reset, modulo 2^16.',
    parameters: {},
    ports: () => ({
      clk: input(bit),
      rst: input(bit),
      sent: input(bit, 'an output frame has left'),
      frames: output(uint(COUNT_BITS), 'how many'),
    }),
    body: (m, _p, io) => {
      m.always(io.clk, [
        when(
          io.rst,
          [set(io.frames, literal(0, COUNT_BITS))],
          [when(io.sent, [set(io.frames, io.frames.increment())])],
        ),
      ]);
    },
  });
}

export type FrameCounter = ReturnType<typeof frameCounter>;
