import {
  allOf,
  bit,
  clog2,
  type Expr,
  indexBits,
  input,
  integer,
  literal,
  output,
  parameterValue,
  requires,
  type Scope,
  set,
  uint,
  when,
} from '../../hdl/index.js';
import { defineBlock } from '../build/define-block.js';
import { utteranceParameter } from '../control/visits.js';
import { MATCHES, matched } from '../images/matches.js';
import { xWriteBits, xWriteWords } from '../memory/read-words.js';
import type { Configuration } from '../plan/configuration.js';
import {
  discardPorts,
  inputParameters,
  inputRelation,
  inputStreamPorts,
  inputWritePorts,
  nextBeat,
  writtenLanes,
} from './input-parts.js';

/** Utterances that fit the x memory. */
const BUFFERS = 2;

/** Takes utterances from the input stream into the x memory, whole or not at all. */
export function utteranceInput(c: Configuration) {
  return defineBlock({
    name: `${c.name}_utterance_input`,
    doc: 'Input stream to x memory, two utterances. Bit 0 of tuser marks the first frame of an utterance, bit 1 the last one, on the first beat of the frame. An utterance is committed with its last frame. One that is too long, that has a frame of another length, or that another one begins behind before its last frame came, is discarded whole up to its last frame, and counted once.',
    parameters: {
      ...inputParameters(c),
      FRAME_WORDS: matched(
        integer(xWriteWords(c), 'Words of STREAM_LANES from one frame to the next in the x memory'),
        MATCHES.room,
      ),
      ...utteranceParameter(c),
      ADDRESS_BITS: matched(integer(xWriteBits(c), 'Bits of an x write address'), MATCHES.nothing),
    },
    relations: (p) => [
      inputRelation(p),
      requires(p.FRAME_WORDS, '>=', p.BEATS, 'FRAME_WORDS must be at least BEATS'),
      requires(
        p.ADDRESS_BITS,
        '>=',
        clog2(p.FRAME_WORDS).plus(indexBits(p.MAX_FRAMES.times(2))),
        'ADDRESS_BITS must reach all frames of both utterances',
      ),
    ],
    waivers: [
      {
        ...{ code: 'NO_RESET', path: 'marked_last' },
        why: 'the first beat of a frame sets it before it is looked at',
      },
    ],
    ports: (p) => ({
      ...inputStreamPorts(c, p),
      ...inputWritePorts(p),
      frame_ready: output(bit, 'a whole utterance waits'),
      frame_last: output(uint(indexBits(p.MAX_FRAMES)), 'its frames, less one'),
      frame_start: input(bit, 'it is taken'),
      freed: input(bit, 'the oldest buffer is read no more'),
      committed: output(bit, 'an utterance was accepted'),
      receiving: output(bit, 'an utterance has begun and not ended'),
      ...discardPorts('an utterance was discarded'),
    }),
    body: (m, p, io) => {
      const zero = literal(0, 1);
      const beatBits = m.local(indexBits(p.BEATS));
      const frameBits = m.local(indexBits(p.MAX_FRAMES));
      const lastFrame = m.local('LAST_FRAME', p.MAX_FRAMES.minus(1));
      const beat = m.reg(uint(beatBits));
      const overrun = m.reg(bit, 'the frame is longer than expected');
      const inFrame = m.reg(bit, 'a frame has begun and not ended');
      const begun = m.reg(bit, 'an utterance has frames, and not its last one');
      const spoilt = m.reg(bit, 'what comes of the utterance is discarded');
      const frame = m.reg(uint(frameBits), 'frame of the utterance');
      const markedLast = m.reg(
        'marked_last',
        bit,
        'the frame in hand is the last of its utterance',
      );
      const writeUpper = m.reg(bit, 'the upper buffer is being written');
      const oldest = m.reg(bit, 'buffer of the next utterance to start');
      const waiting = m.reg(uint(2), 'committed utterances not yet started');
      const held = m.reg(uint(2), 'committed utterances whose buffer is in use');
      const lower = m.reg('lower_last', uint(frameBits), 'last frame in the lower buffer');
      const upper = m.reg('upper_last', uint(frameBits), 'last frame in the upper buffer');

      m.assign(io.s_axis_tready, allOf(held.ne(BUFFERS), io.rst.not()));
      const accept = m.wire(allOf(io.s_axis_tvalid, io.s_axis_tready));
      const first = m.wire(inFrame.not());
      const fresh = m.wire(allOf(first, io.s_axis_tuser.bit(0)), 'whatever came before');
      const marked = m.wire(first.choose(io.s_axis_tuser.bit(1), markedLast));
      const now = m.wire('frame_now', fresh.choose(literal(0, frameBits), frame));
      const bad = m.wire('spoilt_now', allOf(spoilt, fresh.not()));
      const onTime = m.wire(allOf(beat.eq(io.last_beat), overrun.not()));
      const ends = m.wire('frame_ends', allOf(accept, io.s_axis_tlast));
      const good = m.wire(allOf(ends, onTime, bad.not()));
      const full = m.wire(now.eq(parameterValue(lastFrame, frameBits)));
      const commit = m.wire(allOf(good, marked));
      m.comment('What spoils an utterance.');
      const wrong = m.wire(allOf(ends, onTime.not(), bad.not()), 'a frame of another length');
      const long = m.wire(allOf(good, marked.not(), full), 'more frames than there is room for');
      const cut = m.wire(
        allOf(accept, fresh, begun, spoilt.not()),
        'the one before lacks its last frame',
      );
      m.assign(io.committed, commit);
      m.assign(io.receiving, inFrame.or(begun));
      m.assign(io.frame_ready, waiting.ne(0));
      m.assign(io.frame_last, oldest.choose(upper, lower));

      m.always(io.clk, [
        when(
          io.rst,
          [
            ...[set(beat, literal(0, beatBits)), set(overrun, zero), set(inFrame, zero)],
            ...[set(begun, zero), set(spoilt, zero), set(frame, literal(0, frameBits))],
            set(writeUpper, zero),
          ],
          [
            when(accept, [
              set(inFrame, io.s_axis_tlast.not()),
              when(
                io.s_axis_tlast,
                [
                  ...[set(beat, literal(0, beatBits)), set(overrun, zero)],
                  ...[
                    set(begun, marked.not()),
                    set(spoilt, allOf(bad.or(wrong).or(long), marked.not())),
                  ],
                  set(frame, marked.choose(literal(0, frameBits), now.increment())),
                ],
                [
                  nextBeat(beat, overrun, io),
                  ...[set(begun, allOf(begun, fresh.not())), set(spoilt, bad), set(frame, now)],
                ],
              ),
            ]),
            when(commit, [set(writeUpper, writeUpper.not())]),
          ],
        ),
        when(accept, [set(markedLast, marked)]),
        when(commit, [when(writeUpper, [set(upper, now)], [set(lower, now)])]),
      ]);
      buffers(m, { ...io, commit }, { oldest, waiting, held });
      m.always(
        io.clk,
        [
          when(
            io.rst,
            [set(io.error, zero), set(io.error_count, literal(0, 16))],
            [discarded(m, io, wrong.or(long), cut)],
          ),
        ],
        'Utterances that were discarded.',
      );

      m.comment(
        'Frames behind the last one that there is room for would come into the other buffer.',
      );
      m.assign(io.write_enable, allOf(accept, overrun.not(), bad.not()));
      const bits = p.ADDRESS_BITS;
      const place = m.wire(
        now
          .resize(bits)
          .addWrap(writeUpper.choose(parameterValue(p.MAX_FRAMES, bits), literal(0, bits))),
        'frame in the memory',
      );
      m.assign(io.write_address, place.shiftUp(clog2(p.FRAME_WORDS)).addWrap(beat.resize(bits)));
      writtenLanes(m, p, io);
    },
  });
}

export type UtteranceInput = ReturnType<typeof utteranceInput>;

/** Buffers that wait, and that are in use. */
function buffers(
  m: Scope,
  io: Readonly<Record<'clk' | 'rst' | 'frame_start' | 'freed' | 'commit', Expr<'u'>>>,
  { oldest, waiting, held }: Readonly<Record<'oldest' | 'waiting' | 'held', Expr<'u'>>>,
): void {
  const counted = (count: Expr<'u'>, up: Expr<'u'>, down: Expr<'u'>) =>
    when(
      allOf(up, down.not()),
      [set(count, count.increment())],
      [when(allOf(down, up.not()), [set(count, count.decrement())])],
    );
  m.always(
    io.clk,
    [
      when(
        io.rst,
        [set(oldest, literal(0, 1)), set(waiting, literal(0, 2)), set(held, literal(0, 2))],
        [
          when(io.frame_start, [set(oldest, oldest.not())]),
          counted(waiting, io.commit, io.frame_start),
          counted(held, io.commit, io.freed),
        ],
      ),
    ],
    'Committed utterances.',
  );
}

/** Counts them, two in a cycle where the one before was cut off by one that is wrong at once, up to the top. */
function discarded(
  m: Scope,
  io: Readonly<Record<'error' | 'error_count', Expr<'u'>>>,
  spoils: Expr<'u'>,
  cut: Expr<'u'>,
) {
  const wide = m.wire(
    'errors_next',
    io.error_count.resize(17).addWrap(spoils.resize(17)).addWrap(cut.resize(17)),
  );
  const top = literal(0xffff, 16);
  return when(spoils.or(cut), [
    set(io.error, literal(1, 1)),
    set(io.error_count, wide.bit(16).choose(top, wide.part(0, 16))),
  ]);
}
