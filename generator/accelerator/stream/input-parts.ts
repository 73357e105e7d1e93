import {
  bit,
  type Expr,
  type Int,
  indexBits,
  input,
  integer,
  literal,
  output,
  type Relation,
  requires,
  type Scope,
  type Statement,
  set,
  uint,
  when,
} from '../../hdl/index.js';
import { inputMarks } from '../build/ports.js';
import { MATCHES, matched } from '../images/matches.js';
import { byteBits, type Configuration } from '../plan/configuration.js';

/** What every block that takes frames has in common: words, beats and the write side of the x memory. */
export function inputParameters(c: Configuration) {
  return {
    ACT_BITS: matched(integer(c.words.activation, 'Bits of a value', 4, 16), MATCHES.activations),
    LANE_BITS: matched(
      integer(
        byteBits(c.words.activation),
        'Bits of a value on the stream: ACT_BITS in whole bytes',
      ),
      MATCHES.nothing,
    ),
    STREAM_LANES: matched(integer(c.streamLanes, 'Values per beat'), MATCHES.streamLanes),
    BEATS: matched(integer(c.inputBeats, 'Most beats of a frame'), MATCHES.shapeFields),
  };
}

type InputInts = Readonly<Record<'ACT_BITS' | 'LANE_BITS' | 'STREAM_LANES' | 'BEATS', Int>>;

/** What those parameters have to be to each other. */
export function inputRelation(p: InputInts): Relation {
  return requires(p.LANE_BITS, '>=', p.ACT_BITS, 'LANE_BITS must be at least ACT_BITS');
}

/** Clock, reset and the input stream. */
export function inputStreamPorts(c: Configuration, p: InputInts) {
  return {
    clk: input(bit),
    rst: input(bit),
    last_beat: input(uint(indexBits(p.BEATS)), 'beats of a frame, less one'),
    s_axis_tdata: input(uint(p.STREAM_LANES.times(p.LANE_BITS)), 'lane 0 low'),
    s_axis_tvalid: input(bit),
    s_axis_tready: output(bit),
    s_axis_tlast: input(bit, 'last beat of a frame'),
    ...inputMarks(c),
  };
}

/** The write side of the x memory. */
export function inputWritePorts(p: InputInts & { readonly ADDRESS_BITS: Int }) {
  return {
    write_enable: output(bit),
    write_address: output(uint(p.ADDRESS_BITS)),
    write_data: output(uint(p.STREAM_LANES.times(p.ACT_BITS))),
  };
}

/** Where states can be written from outside: streams whose next frame does not begin with zeros any more. */
export function restoredPorts(c: Pick<Configuration, 'streams'>) {
  const what =
    c.streams === undefined
      ? 'states are written: the next frame goes on with them'
      : 'per stream: states are written, with which its next frame goes on';
  return { restored: input(uint(c.streams ?? 1), what) };
}

/** Flag and count of what is discarded; `what`: came, in words. */
export function discardPorts(what: string) {
  return {
    error: output(bit, `${what}; sticky`),
    error_count: output(uint(16), 'how many, stops at the top'),
  };
}

type Signals<K extends string> = Readonly<Record<K, Expr<'u'>>>;

/** Behind a beat that is not the last one of its frame: the next one, or more than there may be. */
export function nextBeat(
  beat: Expr<'u'>,
  overrun: Expr<'u'>,
  { last_beat }: Signals<'last_beat'>,
): Statement {
  return when(beat.eq(last_beat), [set(overrun, literal(1, 1))], [set(beat, beat.increment())]);
}

/** Counts frames that are discarded, one in a cycle at most, up to the top. */
export function countDiscarded(
  m: Scope,
  io: Signals<'clk' | 'rst' | 'error' | 'error_count'>,
  bad: Expr<'u'>,
  doc: string,
): void {
  m.always(
    io.clk,
    [
      when(
        io.rst,
        [set(io.error, literal(0, 1)), set(io.error_count, literal(0, 16))],
        [
          when(bad, [
            set(io.error, literal(1, 1)),
            when(io.error_count.all().not(), [set(io.error_count, io.error_count.increment())]),
          ]),
        ],
      ),
    ],
    doc,
  );
}

/** The values of a beat, without their sign-extension, into the word that is written. */
export function writtenLanes(
  m: Scope,
  p: InputInts,
  io: Signals<'s_axis_tdata' | 'write_data'>,
): void {
  m.unused('sign_bits', io.s_axis_tdata);
  m.forEach('lane', p.STREAM_LANES, (lane, scope) => {
    scope.assign(
      io.write_data.part(lane.times(p.ACT_BITS), p.ACT_BITS),
      io.s_axis_tdata.part(lane.times(p.LANE_BITS), p.ACT_BITS),
    );
  });
}
