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
import { hasMarks, lastMark } from '../build/ports.js';
import { MATCHES, matched } from '../images/matches.js';
import { xWriteBits, xWriteWords } from '../memory/read-words.js';
import type { Configuration } from '../plan/configuration.js';
import {
  countDiscarded,
  discardPorts,
  inputParameters,
  inputRelation,
  inputStreamPorts,
  inputWritePorts,
  nextBeat,
  restoredPorts,
  writtenLanes,
} from './input-parts.js';

/** Frames that fit the x memory. */
const BUFFERS = 2;

/** Takes frames from the input stream into the x memory, whole or not at all. */
export function frameInput(c: Configuration) {
  const marked = hasMarks(c);
  return defineBlock({
    name: `${c.name}_frame_input`,
    doc: `Input stream to x memory, two buffers. A frame is committed when its last beat is the one expected; a frame of another length is discarded up to its tlast, counted, and leaves no trace but its pending tuser${marked ? '[0]' : ''}.`,
    parameters: {
      ...inputParameters(c),
      BUFFER_WORDS: matched(
        integer(xWriteWords(c), 'Words of STREAM_LANES in one x buffer'),
        MATCHES.room,
      ),
      ADDRESS_BITS: matched(integer(xWriteBits(c), 'Bits of an x write address'), MATCHES.nothing),
    },
    relations: (p) => [
      inputRelation(p),
      requires(p.BUFFER_WORDS, '>=', p.BEATS, 'BUFFER_WORDS must be at least BEATS'),
      requires(
        p.ADDRESS_BITS,
        '>=',
        clog2(p.BUFFER_WORDS.times(2)),
        'ADDRESS_BITS must reach both buffers',
      ),
    ],
    ports: (p) => ({
      ...inputStreamPorts(c, p),
      ...inputWritePorts(p),
      frame_ready: output(bit, 'a whole frame waits'),
      frame_restart: output(bit, 'it starts an utterance'),
      ...(marked ? { frame_emits: output(bit, lastMark(c)) } : {}),
      frame_start: input(bit, 'it is taken'),
      freed: input(bit, 'the oldest buffer is read no more'),
      ...(c.busStates ? restoredPorts(c) : {}),
      committed: output(bit, 'a frame was accepted'),
      receiving: output(bit, 'a frame has begun and not ended'),
      ...discardPorts('a frame of the wrong length came'),
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
      const { restored } = io;
      const begins = restored ? allOf(pending, restored.not()) : pending;
      const restart = m.wire(begins.or(allOf(first, starts)));
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
            ...(restored ? [when(restored, [set(pending, zero(1))])] : []),
            when(accept, [
              set(io.receiving, io.s_axis_tlast.not()),
              set(pending, allOf(restart, good.not())),
              when(
                io.s_axis_tlast,
                [set(beat, literal(0, beatBits)), set(overrun, zero(1))],
                [nextBeat(beat, overrun, io)],
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
      countDiscarded(m, io, bad, 'Frames of the wrong length.');

      m.assign(io.write_enable, allOf(accept, overrun.not()));
      const base = writeUpper.choose(
        parameterValue(p.BUFFER_WORDS, p.ADDRESS_BITS),
        literal(0, p.ADDRESS_BITS),
      );
      m.assign(io.write_address, base.addWrap(beat.resize(p.ADDRESS_BITS)));
      writtenLanes(m, p, io);
    },
  });
}

export type FrameInput = ReturnType<typeof frameInput>;
