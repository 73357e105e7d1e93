import {
  allOf,
  anyOf,
  bit,
  clog2,
  concat,
  type Expr,
  indexBits,
  input,
  integer,
  literal,
  output,
  requires,
  type Scope,
  type Statement,
  set,
  uint,
  when,
} from '../../hdl/index.js';
import { defineBlock } from '../build/define-block.js';
import { streamNumber } from '../build/ports.js';
import { upAndDown } from '../control/in-flight.js';
import { MATCHES, matched } from '../images/matches.js';
import { xWriteBits, xWriteWords } from '../memory/read-words.js';
import type { Configuration } from '../plan/configuration.js';
import { streamBits } from '../plan/frames-in-memory.js';
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

/** Frames of a stream that fit the x memory. */
const BUFFERS = 2;

/** Takes frames of several streams from the input stream into the x memory, whole or not at all. */
export function streamInput(c: Configuration) {
  const { streams = 1 } = c;
  const emitsLast = c.emit === 'last';
  return defineBlock({
    name: `${c.name}_stream_input`,
    doc: `Input stream to x memory, two buffers for each of ${streams} streams. tid, on the first beat of a frame, says of which one it is. A frame is committed when its last beat is the one expected; a frame of another length, or of a stream that there is not, is discarded up to its tlast, counted, and leaves no trace but its pending tuser${emitsLast ? '[0]' : ''}. s_axis_tready depends on s_axis_tid between frames: a stream whose buffers are full takes no frame.`,
    parameters: {
      ...inputParameters(c),
      FRAME_WORDS: matched(
        integer(xWriteWords(c), 'Words of STREAM_LANES from one frame to the next in the x memory'),
        MATCHES.room,
      ),
      ADDRESS_BITS: matched(integer(xWriteBits(c), 'Bits of an x write address'), MATCHES.nothing),
    },
    relations: (p) => [
      inputRelation(p),
      requires(p.FRAME_WORDS, '>=', p.BEATS, 'FRAME_WORDS must be at least BEATS'),
      requires(
        p.ADDRESS_BITS,
        '>=',
        clog2(p.FRAME_WORDS).plus(streamBits(c) + 1),
        'ADDRESS_BITS must reach all frames of all streams',
      ),
    ],
    waivers: ['stream', ...(emitsLast ? ['mark'] : [])].map((path) => ({
      ...{ code: 'NO_RESET', path },
      why: 'the first beat of a frame sets it before it is looked at',
    })),
    ports: (p) => ({
      ...inputStreamPorts(c, p),
      s_axis_tid: input(streamNumber(c), 'stream, on the first beat of a frame'),
      ...inputWritePorts(p),
      frame_ready: output(uint(streams), 'per stream: a whole frame waits'),
      frame_restart: output(uint(streams), 'it starts an utterance'),
      ...(emitsLast ? { frame_emits: output(uint(streams), 'its outputs leave') } : {}),
      frame_start: input(bit, 'the frames that wait are taken'),
      freed: input(bit, 'the oldest buffer of a stream is read no more'),
      freed_stream: input(streamNumber(c), 'that stream'),
      ...(c.busStates ? restoredPorts(c) : {}),
      committed: output(bit, 'a frame was accepted'),
      receiving: output(bit, 'a frame has begun and not ended'),
      ...discardPorts('a frame of the wrong length came'),
    }),
    body: (m, p, io) => {
      const zero = (bits: number) => literal(0, bits);
      const beatBits = m.local(indexBits(p.BEATS));
      const beat = m.reg(uint(beatBits));
      const overrun = m.reg(bit, 'the frame is longer than expected');
      const stream = m.reg(streamNumber(c), 'stream of the frame in hand');
      const numbers = Array.from({ length: streams }, (_, n) => n);
      const pending = m.reg(uint(streams), 'per stream: its next good frame starts an utterance');
      const writeOdd = m.reg(uint(streams), 'per stream: its odd buffer is being written');
      const oldest = m.reg(uint(streams), 'per stream: buffer of its next frame to start');
      const waiting = numbers.map((n) =>
        m.reg(`waiting_${n}`, uint(2), `committed frames of stream ${n} not yet started`),
      );
      const held = numbers.map((n) =>
        m.reg(`held_${n}`, uint(2), `committed frames of stream ${n} whose buffer is in use`),
      );
      const first = m.wire(io.receiving.not());
      const own = m.wire('own_stream', first.choose(io.s_axis_tid, stream));
      const is = numbers.map((n) => m.wire(`is_${n}`, own.eq(n)));
      const of = (word: Expr<'u'>) => anyOf(...is.map((here, n) => allOf(here, word.bit(n))));
      const known = m.wire('known', anyOf(...is), 'there is such a stream');
      const full = anyOf(...is.map((here, n) => allOf(here, (held[n] as Expr<'u'>).eq(BUFFERS))));
      m.assign(io.s_axis_tready, allOf(io.receiving.or(full.not()), io.rst.not()));
      const accept = m.wire(allOf(io.s_axis_tvalid, io.s_axis_tready));
      const onTime = m.wire(allOf(beat.eq(io.last_beat), overrun.not(), known));
      const good = m.wire(allOf(accept, io.s_axis_tlast, onTime));
      const bad = m.wire(allOf(accept, io.s_axis_tlast, onTime.not()));
      const starts = emitsLast ? io.s_axis_tuser.bit(0) : io.s_axis_tuser;
      const { restored } = io;
      const begins = restored ? m.wire('begins', pending.and(restored.not())) : pending;
      const restart = m.wire(of(begins).or(allOf(first, starts)));
      m.assign(io.committed, good);
      m.assign(io.frame_ready, concat(...waiting.map((count) => count.ne(0)).reverse()));
      const odd = m.wire('odd_buffer', of(writeOdd));
      const flags = bufferFlags(m, io, { streams, oldest, is, odd, good });
      m.assign(io.frame_restart, flags('restarts', 'its frame starts an utterance', restart));
      if (io.frame_emits !== undefined) {
        const mark = m.reg(bit, 'the frame in hand is the last of an utterance');
        const ends = m.wire(first.choose(io.s_axis_tuser.bit(1), mark));
        m.always(io.clk, [when(accept, [set(mark, ends)])]);
        m.assign(io.frame_emits, flags('emits', 'its outputs leave', ends));
      }

      m.always(io.clk, [
        when(
          io.rst,
          [
            ...[set(beat, literal(0, beatBits)), set(overrun, zero(1)), set(io.receiving, zero(1))],
            ...[set(pending, literal(2 ** streams - 1, streams)), set(writeOdd, zero(streams))],
            set(oldest, zero(streams)),
            ...[...waiting, ...held].map((count) => set(count, zero(2))),
          ],
          [
            ...(restored ? [set(pending, begins)] : []),
            when(accept, [
              set(io.receiving, io.s_axis_tlast.not()),
              when(
                io.s_axis_tlast,
                [set(beat, literal(0, beatBits)), set(overrun, zero(1))],
                [nextBeat(beat, overrun, io)],
              ),
            ]),
            ...numbers.flatMap((n): Statement[] => {
              const here = is[n] as Expr<'u'>;
              const came = allOf(good, here);
              const count = waiting[n] as Expr<'u'>;
              const taken = allOf(io.frame_start, count.ne(0));
              return [
                when(allOf(accept, here), [set(pending.bit(n), allOf(restart, good.not()))]),
                when(came, [set(writeOdd.bit(n), writeOdd.bit(n).not())]),
                when(taken, [set(oldest.bit(n), oldest.bit(n).not())]),
                upAndDown(count, came, taken),
                upAndDown(held[n] as Expr<'u'>, came, allOf(io.freed, io.freed_stream.eq(n))),
              ];
            }),
          ],
        ),
        when(accept, [set(stream, own)]),
      ]);
      countDiscarded(m, io, bad, 'Frames that were discarded.');

      m.assign(io.write_enable, allOf(accept, overrun.not(), known));
      const bits = p.ADDRESS_BITS;
      const place = m.wire('frame_place', concat(own, odd).resize(bits));
      m.assign(io.write_address, place.shiftUp(clog2(p.FRAME_WORDS)).addWrap(beat.resize(bits)));
      writtenLanes(m, p, io);
    },
  });
}

export type StreamInput = ReturnType<typeof streamInput>;

/** A flag of each buffer, set with its frame; of every stream that of its oldest buffer. */
function bufferFlags(
  m: Scope,
  io: Readonly<Record<'clk', Expr<'u'>>>,
  at: {
    readonly streams: number;
    readonly oldest: Expr<'u'>;
    readonly is: readonly Expr<'u'>[];
    readonly odd: Expr<'u'>;
    readonly good: Expr<'u'>;
  },
) {
  return (name: string, what: string, value: Expr<'u'>): Expr<'u'> => {
    const even = m.reg(`${name}_even`, uint(at.streams), `per stream: of its even buffer, ${what}`);
    const odd = m.reg(`${name}_odd`, uint(at.streams), 'of its odd buffer');
    m.always(
      io.clk,
      at.is.map((here, n) =>
        when(allOf(at.good, here), [
          when(at.odd, [set(odd.bit(n), value)], [set(even.bit(n), value)]),
        ]),
      ),
    );
    return at.oldest.and(odd).or(at.oldest.not().and(even));
  };
}
