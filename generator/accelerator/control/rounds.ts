import {
  allOf,
  anyOf,
  bit,
  concat,
  type Expr,
  literal,
  type Scope,
  set,
  uint,
  when,
} from '../../hdl/index.js';
import { streamBits } from '../plan/frames-in-memory.js';
import { IN_FLIGHT_BITS, upAndDown } from './in-flight.js';
import type { OrderKit, TimeOrder } from './order.js';

/** Registers that `load` sets before `running` lets them decide anything. */
export const SET_BY_ROUND = ['active', 'left', 'restarts', 'marks', 'stream', 'final_visit'];

/** The bit of a word that a number picks. */
function picked(word: Expr<'u'>, number: Expr<'u'>, streams: number): Expr<'u'> {
  return anyOf(...Array.from({ length: streams }, (_, n) => allOf(number.eq(n), word.bit(n))));
}

/** Number of the lowest bit that is set. */
function lowest(m: Scope, name: string, word: Expr<'u'>, streams: number): Expr<'u'> {
  const width = streamBits({ streams });
  let number: Expr<'u'> = literal(streams - 1, width);
  for (let n = streams - 2; n >= 0; n--) number = word.bit(n).choose(literal(n, width), number);
  return m.wire(name, number, 'the lowest stream of those');
}

/**
 * Several streams: a round computes a frame of every stream that has one when it begins, layer by layer, stream by stream. A
 * visit, which is a layer of a frame, waits for what the visits of its own stream write: the others fill that time.
 */
export function roundOrder({ c, m, io, running }: OrderKit): TimeOrder {
  const { streams = 1 } = c;
  const { place, write_place: own, retire_stream: retiring } = io;
  const [ready, restarting] = [io.frame_ready, io.frame_restart];
  if (!place || !own || !retiring || !restarting) throw new Error(`${c.name} has one stream`);
  const number = uint(streamBits(c));
  const active = m.reg('active', uint(streams), 'streams of the round');
  const left = m.reg('left', uint(streams), 'streams that the layer fetched has still to visit');
  const odd = m.reg('odd', uint(streams), 'per stream: its frame is the first, third, ... one');
  if (io.odd_frames) m.assign(io.odd_frames, odd);
  const restarts = m.reg('restarts', uint(streams), 'per stream: its frame starts an utterance');
  const marks = io.emits && m.reg('marks', uint(streams), 'per stream: its outputs leave');
  const stream = m.reg('stream', number, 'stream of the visit in hand');
  const final = m.reg('final_visit', bit, 'the visit in hand is the last one of its layer');
  const counts = Array.from({ length: streams }, (_, n) =>
    m.reg(`under_way_${n}`, uint(IN_FLIGHT_BITS), `visits of stream ${n} that have not retired`),
  );
  const done = m.net('round_end', bit, 'the round ends with the tile');
  const visited = m.net('visited', bit, 'the visit ends with the tile');
  return {
    inFlight: null,
    waits: 'until all visits of the stream have retired',
    underWay: () =>
      m.wire(
        'under_way',
        anyOf(...counts.map((count, n) => allOf(stream.eq(n), count.ne(0)))),
        'a visit of the stream has not retired',
      ),
    hold: () => [],
    starts: ({ layerDone, lastLayer, fetched }) => {
      m.assign(visited, layerDone);
      m.assign(done, allOf(layerDone, final, lastLayer));
      m.assign(io.frame_start, allOf(ready.any(), fetched, done.or(running.not())));
      m.assign(io.load, io.frame_start.or(allOf(layerDone, done.not())));
    },
    before: 'frame',
    place: (before) => {
      const now = m.wire('odd_frame', picked(odd, stream, streams));
      m.assign(place, concat(stream, now.xor(io.from_input.or(before))));
      m.assign(own, concat(stream, now));
    },
    released: [],
    registers: ({ fetch, fetched }, _, named) => {
      m.comment('The visit that is loaded, and what is left behind it.');
      const streamsLeft = m.wire('streams_left', io.frame_start.choose(ready, left));
      const all = m.wire('round_streams', io.frame_start.choose(ready, active));
      const next = lowest(m, 'next_stream', streamsLeft, streams);
      const rest = m.wire('rest', streamsLeft.and(streamsLeft.decrement()), 'without that');
      const more = m.wire('more', rest.any());
      const none = literal(0, fetch.width);
      const onward = named.last.choose(none, fetch.increment());
      m.always(
        io.clk,
        [
          when(
            io.rst,
            [
              ...[set(running, literal(0, 1)), set(fetch, none), set(fetched, literal(0, 1))],
              ...[set(odd, literal(0, streams))],
              ...counts.map((count) => set(count, literal(0, IN_FLIGHT_BITS))),
            ],
            [
              set(fetched, io.load.not()),
              when(io.load, [when(more.not(), [set(fetch, onward)])]),
              when(
                io.frame_start,
                [set(running, literal(1, 1)), set(odd, odd.xor(ready))],
                [when(done, [set(running, literal(0, 1))])],
              ),
              ...counts.map((count, n) =>
                upAndDown(count, allOf(visited, stream.eq(n)), allOf(io.retire, retiring.eq(n))),
              ),
            ],
          ),
          when(io.load, [
            ...[set(io.layer, io.next_layer), set(io.layer_number, fetch)],
            ...[set(left, more.choose(rest, all)), set(active, all), set(stream, next)],
            set(final, more.not()),
          ]),
          when(io.frame_start, [
            set(restarts, restarting),
            ...(marks && io.frame_emits ? [set(marks, io.frame_emits)] : []),
          ]),
          when(
            io.load,
            [set(io.weight_address, named.weights)],
            [when(io.issue, [set(io.weight_address, io.weight_address.increment())])],
          ),
        ],
        'Rounds, layers and streams.',
      );
      m.assign(io.restart, picked(restarts, stream, streams));
      if (marks && io.emits) m.assign(io.emits, picked(marks, stream, streams));
    },
    counted: () => undefined,
  };
}
