import {
  allOf,
  bit,
  clog2,
  indexBits,
  input,
  integer,
  literal,
  output,
  parameterValue,
  requires,
  set,
  uint,
  when,
} from '../../hdl/index.js';
import { defineBlock } from '../build/define-block.js';
import { hasMarks, inputMarks, lastMark } from '../build/ports.js';
import { MATCHES, matched } from '../images/matches.js';
import { xWriteBits, xWriteWords } from '../memory/read-words.js';
import { byteBits, type Configuration } from '../plan/configuration.js';

/** Frames that fit the x memory. */
const BUFFERS = 2;

/** Takes frames from the input stream into the x memory, whole or not at all. */
export function frameInput(c: Configuration) {
  const laneBits = byteBits(c.words.activation);
  const marked = hasMarks(c);
  return defineBlock({
    name: `${c.name}_frame_input`,
    doc: `Input stream to x memory, two buffers. A frame is committed when its last beat is the one expected; a frame of another length is discarded up to its tlast, counted, and leaves no trace but its pending tuser${marked ? '[0]' : ''}.`,
    parameters: {
      ACT_BITS: matched(integer(c.words.activation, 'Bits of a value', 4, 16), MATCHES.activations),
      LANE_BITS: matched(
        integer(laneBits, 'Bits of a value on the stream: ACT_BITS in whole bytes'),
        MATCHES.nothing,
      ),
      STREAM_LANES: matched(integer(c.streamLanes, 'Values per beat'), MATCHES.streamLanes),
      BEATS: matched(integer(c.inputBeats, 'Most beats of a frame'), MATCHES.shapeFields),
      BUFFER_WORDS: matched(
        integer(xWriteWords(c), 'Words of STREAM_LANES in one x buffer'),
        MATCHES.room,
      ),
      ADDRESS_BITS: matched(integer(xWriteBits(c), 'Bits of an x write address'), MATCHES.nothing),
    },
    relations: (p) => [
      requires(p.LANE_BITS, '>=', p.ACT_BITS, 'LANE_BITS must be at least ACT_BITS'),
      requires(p.BUFFER_WORDS, '>=', p.BEATS, 'BUFFER_WORDS must be at least BEATS'),
      requires(
        p.ADDRESS_BITS,
        '>=',
        clog2(p.BUFFER_WORDS.times(2)),
        'ADDRESS_BITS must reach both buffers',
      ),
    ],
    ports: (p) => ({
      clk: input(bit),
      rst: input(bit),
      last_beat: input(uint(indexBits(p.BEATS)), 'beats of a frame, less one'),
      s_axis_tdata: input(uint(p.STREAM_LANES.times(p.LANE_BITS)), 'lane 0 low'),
      s_axis_tvalid: input(bit),
      s_axis_tready: output(bit),
      s_axis_tlast: input(bit, 'last beat of a frame'),
      ...inputMarks(c),
      write_enable: output(bit),
      write_address: output(uint(p.ADDRESS_BITS)),
      write_data: output(uint(p.STREAM_LANES.times(p.ACT_BITS))),
      frame_ready: output(bit, 'a whole frame waits'),
      frame_restart: output(bit, 'it starts an utterance'),
      ...(marked ? { frame_emits: output(bit, lastMark(c)) } : {}),
      frame_start: input(bit, 'it is taken'),
      freed: input(bit, 'the oldest buffer is read no more'),
      committed: output(bit, 'a frame was accepted'),
      receiving: output(bit, 'a frame has begun and not ended'),
      error: output(bit, 'a frame of the wrong length came; sticky'),
      error_count: output(uint(16), 'how many, stops at the top'),
    }),
    body: (m, p, io) => {
      const zero = (bits: number) => literal(0, bits);
      const one = literal(1, 1);
      const beatBits = m.local(indexBits(p.BEATS));
      const beat = m.reg(uint(beatBits));
      const overrun = m.reg(bit, 'the frame is longer than expected');
      const pending = m.reg(bit, 'the next good frame starts an utterance');
      const writeUpper = m.reg(bit, 'the upper buffer is being written');
      const restarts = m.reg(uint(BUFFERS), 'per buffer: its frame starts an utterance');
      const oldest = m.reg(bit, 'buffer of the next frame to start');
      const waiting = m.reg(uint(2), 'committed frames not yet started');
      const held = m.reg(uint(2), 'committed frames whose buffer is in use');

      m.assign(io.s_axis_tready, allOf(held.ne(BUFFERS), io.rst.not()));
      const accept = m.wire(allOf(io.s_axis_tvalid, io.s_axis_tready));
      const first = m.wire(io.receiving.not());
      const onTime = m.wire(allOf(beat.eq(io.last_beat), overrun.not()));
      const good = m.wire(allOf(accept, io.s_axis_tlast, onTime));
      const bad = m.wire(allOf(accept, io.s_axis_tlast, onTime.not()));
      const starts = marked ? io.s_axis_tuser.bit(0) : io.s_axis_tuser;
      const restart = m.wire(pending.or(allOf(first, starts)));
      m.assign(io.committed, good);
      m.assign(io.frame_ready, waiting.ne(0));
      m.assign(io.frame_restart, oldest.choose(restarts.bit(1), restarts.bit(0)));

      m.always(io.clk, [
        when(
          io.rst,
          [
            set(beat, literal(0, beatBits)),
            set(overrun, zero(1)),
            set(pending, one),
            set(writeUpper, zero(1)),
            set(restarts, zero(BUFFERS)),
            set(io.receiving, zero(1)),
          ],
          [
            when(accept, [
              set(io.receiving, io.s_axis_tlast.not()),
              set(pending, allOf(restart, good.not())),
              when(
                io.s_axis_tlast,
                [set(beat, literal(0, beatBits)), set(overrun, zero(1))],
                [when(beat.eq(io.last_beat), [set(overrun, one)], [set(beat, beat.increment())])],
              ),
            ]),
            when(good, [
              set(writeUpper, writeUpper.not()),
              when(writeUpper, [set(restarts.bit(1), restart)], [set(restarts.bit(0), restart)]),
            ]),
          ],
        ),
      ]);
      if (io.frame_emits !== undefined) {
        const mark = m.reg(bit, 'the frame in hand is the last of an utterance');
        const emits = m.reg(uint(BUFFERS), 'per buffer: its frame is');
        const ends = m.wire(first.choose(io.s_axis_tuser.bit(1), mark));
        m.assign(io.frame_emits, oldest.choose(emits.bit(1), emits.bit(0)));
        m.always(
          io.clk,
          [
            when(
              io.rst,
              [set(mark, zero(1)), set(emits, zero(BUFFERS))],
              [
                when(accept, [set(mark, ends)]),
                when(good, [
                  when(writeUpper, [set(emits.bit(1), ends)], [set(emits.bit(0), ends)]),
                ]),
              ],
            ),
          ],
          'Frames whose outputs leave: said on the first beat, of no frame but this one.',
        );
      }
      m.always(
        io.clk,
        [
          when(
            io.rst,
            [set(oldest, zero(1)), set(waiting, zero(2)), set(held, zero(2))],
            [
              when(io.frame_start, [set(oldest, oldest.not())]),
              when(
                allOf(good, io.frame_start.not()),
                [set(waiting, waiting.increment())],
                [when(allOf(io.frame_start, good.not()), [set(waiting, waiting.decrement())])],
              ),
              when(
                allOf(good, io.freed.not()),
                [set(held, held.increment())],
                [when(allOf(io.freed, good.not()), [set(held, held.decrement())])],
              ),
            ],
          ),
        ],
        'Committed frames.',
      );
      m.always(
        io.clk,
        [
          when(
            io.rst,
            [set(io.error, zero(1)), set(io.error_count, zero(16))],
            [
              when(bad, [
                set(io.error, one),
                when(io.error_count.all().not(), [set(io.error_count, io.error_count.increment())]),
              ]),
            ],
          ),
        ],
        'Frames of the wrong length.',
      );

      m.assign(io.write_enable, allOf(accept, overrun.not()));
      const base = writeUpper.choose(
        parameterValue(p.BUFFER_WORDS, p.ADDRESS_BITS),
        literal(0, p.ADDRESS_BITS),
      );
      m.assign(io.write_address, base.addWrap(beat.resize(p.ADDRESS_BITS)));
      m.unused('sign_bits', io.s_axis_tdata);
      m.forEach('lane', p.STREAM_LANES, (lane, scope) => {
        scope.assign(
          io.write_data.part(lane.times(p.ACT_BITS), p.ACT_BITS),
          io.s_axis_tdata.part(lane.times(p.LANE_BITS), p.ACT_BITS),
        );
      });
    },
  });
}

export type FrameInput = ReturnType<typeof frameInput>;
