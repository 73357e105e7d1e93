import { allOf, bit, type Expr, input, literal, output, set, uint, when } from '../../hdl/index.js';
import { defineBlock } from '../build/define-block.js';
import { IN_FLIGHT_BITS } from '../control/in-flight.js';
import { bitsOf, type Emit } from '../plan/configuration.js';

/** Frames between input and output: two x buffers, one running, two output buffers, and to spare. */
const INSIDE_BITS = 3;
/**
 * The same where frames without outputs wait for no output buffer: one has row group sets under way as long as it is inside, or
 * between the count of those and the output, so that there are fewer than twice as many as sets.
 */
const INSIDE_BITS_SILENT = IN_FLIGHT_BITS + 1;

/** busy, from the first accepted beat to the last beat sent, or of a frame without outputs to its end, and how many cycles that was. */
export function busyCounter(prefix: string, emit: Emit = 'every', streams = 1) {
  // of each stream two frames in the x memory and one that is computed or sent
  const several = streams === 1 ? INSIDE_BITS : INSIDE_BITS + bitsOf(streams);
  const insideBits = emit === 'last' ? Math.max(INSIDE_BITS_SILENT, several) : several;
  return defineBlock({
    name: `${prefix}_busy_counter`,
    doc: `busy is high from the cycle after the first accepted beat of a frame until the last output beat has left${emit === 'last' ? ', or the frame has ended without outputs' : ''}; cycles counts them. A frame that is discarded makes busy while it comes in.`,
    parameters: {},
    ports: () => ({
      clk: input(bit),
      rst: input(bit),
      receiving: input(bit, 'a frame has begun and not ended'),
      committed: input(bit, 'a frame was accepted'),
      sent: input(bit, 'an output frame has left'),
      ...(emit === 'last' ? { dropped: input(bit, 'a frame has ended without outputs') } : {}),
      busy: output(bit),
      cycles: output(uint(32), 'busy cycles since reset'),
    }),
    body: (m, _p, io) => {
      const framesInside = m.reg(
        uint(insideBits),
        `frames accepted and not yet ${emit === 'last' ? 'ended' : 'sent'}`,
      );
      const change =
        io.dropped === undefined
          ? sentOrAccepted(framesInside, io.committed, io.sent)
          : set(
              framesInside,
              // one may end in the cycle in which an earlier one has been sent
              framesInside
                .addWrap(io.committed.resize(insideBits))
                .subWrap(io.sent.resize(insideBits))
                .subWrap(io.dropped.resize(insideBits)),
            );
      m.assign(io.busy, io.receiving.or(framesInside.ne(0)));
      m.always(io.clk, [
        when(
          io.rst,
          [set(framesInside, literal(0, insideBits)), set(io.cycles, literal(0, 32))],
          [change, when(io.busy, [set(io.cycles, io.cycles.increment())])],
        ),
      ]);
    },
  });
}

/** Counts frames of which one is accepted and one sent in a cycle at most. */
function sentOrAccepted(
  inside: Expr<'u'>,
  committed: Expr<'u'>,
  sent: Expr<'u'>,
): ReturnType<typeof when> {
  return when(
    allOf(committed, sent.not()),
    [set(inside, inside.increment())],
    [when(allOf(sent, committed.not()), [set(inside, inside.decrement())])],
  );
}
