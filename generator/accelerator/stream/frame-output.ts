import {
  allOf,
  bit,
  clog2,
  concat,
  type Expr,
  indexBits,
  input,
  integer,
  literal,
  max,
  output,
  parameterValue,
  repeat,
  requires,
  set,
  uint,
  when,
} from '../../hdl/index.js';
import { defineBlock } from '../build/define-block.js';
import { hasMarks, outputMarks, streamNumber } from '../build/ports.js';
import { MATCHES, matched } from '../images/matches.js';
import type { ActMemory } from '../memory/act-memory.js';
import {
  bitsOf,
  byteBits,
  type Configuration,
  outputBits,
  outputWriteLanes,
} from '../plan/configuration.js';
import { outputFrames, streamBits } from '../plan/frames-in-memory.js';
import { pairOfBuffers, ringOfBuffers } from './output-ring.js';
import { outputStore } from './stream-stores.js';

/** Beats that may wait behind the output register; covers the latency of the buffer. */
const QUEUE = 4;

/** Buffers whole output frames, two of them, and sends them as a stream. */
export function frameOutput(c: Configuration, memory: ActMemory) {
  const writeLanes = outputWriteLanes(c);
  const wide = Math.max(writeLanes, c.streamLanes);
  const marked = hasMarks(c);
  const both = c.order === 'sequence' || c.relays === true;
  const buffers = outputFrames(c);
  return defineBlock({
    name: `${c.name}_frame_output`,
    doc: 'Output buffer to stream: frames leave whole, in order, one beat per cycle while m_axis_tready is high. Values are sign-extended to LANE_BITS; unused lanes of the last beat are zero.',
    parameters: {
      VALUE_BITS: matched(
        integer(outputBits(c), 'Bits of an output value', 1, 64),
        MATCHES.nothing,
      ),
      LANE_BITS: matched(
        integer(byteBits(outputBits(c)), 'Bits of a value on the stream: whole bytes'),
        MATCHES.nothing,
      ),
      WRITE_LANES: matched(integer(writeLanes, 'Values per write'), MATCHES.nothing),
      STREAM_LANES: matched(integer(c.streamLanes, 'Values per beat'), MATCHES.streamLanes),
      ROWS: matched(
        integer(
          outputStore(c).words,
          `Rows of ${buffers === 2 ? 'both' : 'all'} buffers, of max(WRITE_LANES, STREAM_LANES)`,
          2,
        ),
        MATCHES.room,
      ),
      BEATS: matched(integer(c.outputBeats, 'Most beats of a frame'), MATCHES.shapeFields),
      WRITE_WORDS: matched(
        integer((c.outRows * wide) / writeLanes, 'Words of WRITE_LANES in one buffer'),
        MATCHES.room,
      ),
      READ_WORDS: matched(
        integer((c.outRows * wide) / c.streamLanes, 'Words of STREAM_LANES in one buffer'),
        MATCHES.room,
      ),
      WRITE_ADDRESS_BITS: matched(
        integer(bitsOf((buffers * c.outRows * wide) / writeLanes), 'Bits of a write address'),
        MATCHES.nothing,
      ),
      READ_ADDRESS_BITS: matched(
        integer(bitsOf((buffers * c.outRows * wide) / c.streamLanes), 'Bits of a read address'),
        MATCHES.nothing,
      ),
    },
    relations: (p) => [
      requires(
        p.ROWS.times(max(p.WRITE_LANES, p.STREAM_LANES)),
        '>=',
        p.WRITE_WORDS.times(p.WRITE_LANES).times(buffers),
        'ROWS must hold both buffers of WRITE_WORDS',
      ),
      requires(
        p.ROWS.times(max(p.WRITE_LANES, p.STREAM_LANES)),
        '>=',
        p.READ_WORDS.times(p.STREAM_LANES).times(buffers),
        'ROWS must hold both buffers of READ_WORDS',
      ),
      requires(p.LANE_BITS, '>=', p.VALUE_BITS, 'LANE_BITS must be at least VALUE_BITS'),
      requires(p.READ_WORDS, '>=', p.BEATS, 'READ_WORDS must be at least BEATS'),
      requires(
        p.WRITE_ADDRESS_BITS,
        '>=',
        clog2(p.WRITE_WORDS.times(buffers)),
        'WRITE_ADDRESS_BITS must reach both buffers',
      ),
      requires(
        p.READ_ADDRESS_BITS,
        '>=',
        clog2(p.READ_WORDS.times(buffers)),
        'READ_ADDRESS_BITS must reach both buffers',
      ),
    ],
    ports: (p) => ({
      clk: input(bit),
      rst: input(bit),
      last_beat: input(uint(indexBits(p.BEATS)), 'beats of a frame, less one'),
      last_lanes: input(uint(p.STREAM_LANES), 'lanes in use in the last beat'),
      write_enable: input(bit),
      write_end: input(bit, 'last write of a frame'),
      ...(marked ? { write_first: input(bit, 'of the first frame of an utterance') } : {}),
      ...(c.streams ? { write_stream: input(streamNumber(c), 'of the frame') } : {}),
      ...(both ? { write_last: input(bit, 'of the last one') } : {}),
      write_data: input(uint(p.WRITE_LANES.times(p.VALUE_BITS)), 'lane 0 low'),
      m_axis_tdata: output(uint(p.STREAM_LANES.times(p.LANE_BITS)), 'lane 0 low'),
      m_axis_tvalid: output(bit),
      m_axis_tready: input(bit),
      m_axis_tlast: output(bit, 'last beat of a frame'),
      ...outputMarks(c),
      ...(c.streams ? { m_axis_tid: output(streamNumber(c), 'stream of the frame') } : {}),
      taken: output(bit, 'the last beat of a frame leaves'),
    }),
    body: (m, p, io) => {
      const zero = (bits: number) => literal(0, bits);
      const placeBits = m.local(indexBits(p.BEATS));
      const beatBits = m.local(p.STREAM_LANES.times(p.VALUE_BITS));

      m.comment(
        'Write side: the words of a frame come in order. Words beyond the buffer are dropped: only padding comes there.',
      );
      const writes = { words: p.WRITE_WORDS, bits: p.WRITE_ADDRESS_BITS };
      const reads = { words: p.READ_WORDS, bits: p.READ_ADDRESS_BITS };
      const ring =
        buffers === 2
          ? pairOfBuffers(m, io.clk, writes, reads)
          : ringOfBuffers(m, io.clk, buffers, writes, reads);
      const writeWord = m.reg(uint(p.WRITE_ADDRESS_BITS), 'word within the buffer');
      const full = m.wire(writeWord.eq(parameterValue(p.WRITE_WORDS, p.WRITE_ADDRESS_BITS)));
      const noWord = literal(0, p.WRITE_ADDRESS_BITS);
      const framesReady = m.reg(uint(bitsOf(buffers + 1)), 'whole frames in the buffers');
      m.always(io.clk, [
        when(
          io.rst,
          [...ring.write.onReset, set(writeWord, noWord)],
          [
            when(
              io.write_end,
              [...ring.write.onEnd, set(writeWord, noWord)],
              [when(allOf(io.write_enable, full.not()), [set(writeWord, writeWord.increment())])],
            ),
          ],
        ),
      ]);

      m.comment('Read side: a beat is asked for when the queue is sure to have room for it.');
      const reading = ring.read();
      const readBeat = m.reg(uint(placeBits));
      const asked = m.reg(bit, 'a beat is on its way from the buffer');
      const askedLast = m.reg(bit);
      const count = m.reg(uint(3), 'beats in the queue');
      const room = m.wire(asked.resize(3).addWrap(count).lt(QUEUE));
      const ask = m.wire(allOf(framesReady.ne(0), room));
      const askLast = m.wire(readBeat.eq(io.last_beat));
      const frameRead = m.wire(ask.and(askLast));
      const leave = m.wire(allOf(io.m_axis_tvalid, io.m_axis_tready));
      m.always(io.clk, [
        when(
          io.rst,
          [
            ...reading.onReset,
            set(readBeat, literal(0, placeBits)),
            set(asked, zero(1)),
            set(framesReady, zero(bitsOf(buffers + 1))),
          ],
          [
            set(asked, ask),
            when(ask, [
              set(readBeat, askLast.choose(literal(0, placeBits), readBeat.increment())),
              when(askLast, [...reading.onEnd]),
            ]),
            when(
              allOf(io.write_end, frameRead.not()),
              [set(framesReady, framesReady.increment())],
              [
                when(allOf(frameRead, io.write_end.not()), [
                  set(framesReady, framesReady.decrement()),
                ]),
              ],
            ),
          ],
        ),
        set(askedLast, askLast),
      ]);
      const ofBuffer = (name: string, doc: string, written: Expr<'u'> | undefined) =>
        written === undefined
          ? []
          : [ring.kept({ kept: `${name}s`, asked: `asked_${name}`, doc }, written, io.write_end)];
      // the highest first, as in the word of the queue
      const marks = [
        ...ofBuffer('stream', 'stream of its frame', io.write_stream),
        ...ofBuffer('final', 'its frame is the last of an utterance', io.write_last),
        ...ofBuffer('first', 'its frame is the first of an utterance', io.write_first),
      ];
      const data = m.net(uint(beatBits));
      m.instance(
        'u_memory',
        memory,
        {
          clk: io.clk,
          write_enable: allOf(io.write_enable, full.not()),
          write_address: m.wire(writeWord.addWrap(ring.write.base)),
          write_data: io.write_data,
          read_enable: ask,
          read_address: m.wire(readBeat.resize(p.READ_ADDRESS_BITS).addWrap(reading.base)),
          read_data: data,
        },
        {
          LANE_BITS: p.VALUE_BITS,
          WRITE_LANES: p.WRITE_LANES,
          READ_LANES: p.STREAM_LANES,
          ROWS: p.ROWS,
          WRITE_ADDRESS_BITS: p.WRITE_ADDRESS_BITS,
          READ_ADDRESS_BITS: p.READ_ADDRESS_BITS,
        },
      );

      m.comment('Queue of beats.');
      const queue =
        marks.length === 0
          ? m.memory('queue', beatBits.plus(1), QUEUE, null, 'last, beat')
          : m.memory(
              'queue',
              beatBits.plus(1 + marks.reduce((sum, { width }) => sum + (width.constant ?? 0), 0)),
              QUEUE,
              null,
              `${c.streams ? 'stream, ' : ''}${both ? 'of the last frame, ' : ''}${hasMarks(c) ? 'of the first frame, ' : ''}last, beat`,
            );
      const head = m.reg(uint(2), 'oldest beat');
      const tail = m.reg(uint(2), 'free place');
      const entry = concat(...marks, askedLast, data);
      m.always(io.clk, [
        when(
          io.rst,
          [set(head, zero(2)), set(tail, zero(2)), set(count, zero(3))],
          [
            when(asked, [set(tail, tail.increment())]),
            when(leave, [set(head, head.increment())]),
            when(
              allOf(asked, leave.not()),
              [set(count, count.increment())],
              [when(allOf(leave, asked.not()), [set(count, count.decrement())])],
            ),
          ],
        ),
        when(asked, [set(queue.at(tail), entry)]),
      ]);
      m.assign(io.m_axis_tvalid, count.ne(0));
      const oldest = m.wire(queue.at(head));
      m.assign(io.m_axis_tlast, oldest.bit(beatBits));
      if (io.m_axis_tuser !== undefined) {
        const last = both ? oldest.bit(beatBits.plus(2)) : literal(1, 1);
        m.assign(io.m_axis_tuser, concat(last, oldest.bit(beatBits.plus(1))));
      }
      if (io.m_axis_tid !== undefined) {
        const base = beatBits.plus(marked ? 2 : 1);
        m.assign(io.m_axis_tid, oldest.part(base, streamBits(c)));
      }
      m.assign(io.taken, allOf(leave, io.m_axis_tlast));
      m.forEach('lane', p.STREAM_LANES, (lane, scope) => {
        const value = scope.wire(oldest.part(lane.times(p.VALUE_BITS), p.VALUE_BITS).asSigned());
        const used = scope.wire(io.m_axis_tlast.not().or(io.last_lanes.bit(lane)));
        scope.assign(
          io.m_axis_tdata.part(lane.times(p.LANE_BITS), p.LANE_BITS),
          repeat(p.LANE_BITS, used).and(value.resize(p.LANE_BITS).asUnsigned()),
        );
      });
    },
  });
}

export type FrameOutput = ReturnType<typeof frameOutput>;
