import {
  allOf,
  bit,
  type Expr,
  type Int,
  indexBits,
  integer,
  literal,
  parameterValue,
  type Scope,
  set,
  uint,
  when,
} from '../../hdl/index.js';
import { MATCHES, matched } from '../images/matches.js';
import type { Configuration } from '../plan/configuration.js';
import { IN_FLIGHT_BITS } from './in-flight.js';
import type { OrderKit, TimeOrder } from './order.js';

type Ports<K extends string> = Readonly<Record<K, Expr<'u'>>>;

/** Registers of the order of sequences. */
type VisitRegisters = Ports<
  | 'running'
  | 'buffer'
  | 'step'
  | 'lastFrame'
  | 'segmentStart'
  | 'final'
  | 'lastStep'
  | 'frame'
  | 'own'
  | 'before'
>;

/** Declares them; `bits`: of the number of a frame of an utterance. */
function visitRegisters(m: Scope, running: Expr<'u'>, bits: Int, layer: Int): VisitRegisters {
  return {
    running,
    buffer: m.reg('x_buffer', bit, 'x buffer of the running utterance'),
    step: m.reg('next_step', uint(bits), 'step of the visit that next_layer shows'),
    lastFrame: m.reg('last_frame', uint(bits), 'last frame of the running utterance'),
    segmentStart: m.reg('segment_start', uint(layer), 'first layer of the segment fetched last'),
    final: m.reg('final_visit', bit, 'the visit in hand is the last one of the utterance'),
    lastStep: m.reg('last_step', bit, 'the visit in hand is of the last step of its segment'),
    frame: m.reg('frame', uint(bits), 'frame whose input the visit gets'),
    own: m.reg('own_place', uint(bits), 'frame at which its values stand'),
    before: m.reg(
      'before_place',
      uint(bits),
      'frame at which what it reads of the step before stands',
    ),
  };
}

/** Fields of the layer table word of the visit that is loaded next. */
type NextVisit = Ports<'last' | 'weights' | 'segmentFirst' | 'segmentLast' | 'backward' | 'turned'>;

/**
 * Starts utterances, and in them visits: a segment of layers steps through all frames before the next one does. A layer that
 * runs backward gets the last frame first; its values stand at the frames that they are of, or (`turned`) in the order of its
 * steps, and so do those of all layers of its loop.
 */
function utteranceRegisters(
  m: Scope,
  io: Ports<
    | 'clk'
    | 'rst'
    | 'load'
    | 'next_layer'
    | 'layer'
    | 'layer_number'
    | 'weight_address'
    | 'issue'
    | 'frame_start'
    | 'frame_last'
    | 'restart'
    | 'emits'
  >,
  own: VisitRegisters & Ports<'fetch' | 'fetched' | 'done'>,
  next: NextVisit,
): void {
  const { running, buffer, step, lastFrame, segmentStart, final, frame, fetch, fetched } = own;
  const none = literal(0, fetch.width);
  const start = literal(0, step.width);
  m.comment('The visit that is loaded, and the one behind it.');
  const last = m.wire('visit_last', io.frame_start.choose(io.frame_last, lastFrame));
  const ended = m.wire('segment_ended', allOf(next.segmentLast, step.eq(last)), 'behind the visit');
  const again = m.wire('step_ended', allOf(next.segmentLast, step.ne(last)));
  const segment = m.wire('segment', next.segmentFirst.choose(fetch, segmentStart));
  const turnedStep = m.wire('backward_frame', last.subWrap(step));
  const at = m.wire('next_frame', next.backward.choose(turnedStep, step));
  const place = m.wire('next_place', next.turned.choose(step, at));
  const goesDown = m.wire(
    'goes_down',
    allOf(next.backward, next.turned.not()),
    'what it reads of the step before stands at the frame behind its own',
  );
  m.always(
    io.clk,
    [
      when(
        io.rst,
        [
          ...[set(running, literal(0, 1)), set(fetch, none), set(fetched, literal(0, 1))],
          ...[set(step, start), set(buffer, literal(1, 1))],
        ],
        [
          set(fetched, io.load.not()),
          when(io.load, [
            set(
              fetch,
              again.choose(segment, allOf(ended, next.last).choose(none, fetch.increment())),
            ),
            when(ended, [set(step, start)], [when(again, [set(step, step.increment())])]),
          ]),
          when(
            io.frame_start,
            [set(running, literal(1, 1)), set(buffer, buffer.not())],
            [when(own.done, [set(running, literal(0, 1))])],
          ),
        ],
      ),
      when(io.load, [
        set(io.layer, io.next_layer),
        set(io.layer_number, fetch),
        set(segmentStart, segment),
        set(final, allOf(ended, next.last)),
        set(own.lastStep, step.eq(last)),
        set(io.restart, step.eq(0)),
        set(io.emits, at.eq(last)),
        set(frame, at),
        set(own.own, place),
        set(own.before, goesDown.choose(at.increment(), step.decrement())),
      ]),
      when(io.frame_start, [set(lastFrame, io.frame_last)]),
      when(
        io.load,
        [set(io.weight_address, next.weights)],
        [when(io.issue, [set(io.weight_address, io.weight_address.increment())])],
      ),
    ],
    'Utterances, segments, steps and layers.',
  );
}

/** Where the activations of a tile are: in the x memory the frame of one of both utterances, in the h memory one of its own. */
function visitPlace(
  m: Scope,
  io: Ports<'from_input' | 'place' | 'x_side'>,
  { buffer, frame, own, before }: VisitRegisters,
  { ofBefore, xOwn, frames }: Ports<'ofBefore' | 'xOwn'> & { readonly frames: Int },
): Expr<'u'> {
  const bits = io.place.width;
  const upper = buffer.choose(parameterValue(frames, bits), literal(0, bits));
  const input = m.wire('input_place', frame.resize(bits).addWrap(upper));
  const ofStep = m.wire('of_step', io.x_side.not().or(xOwn), 'a layer of its loop wrote it');
  const kept = ofBefore.choose(before, ofStep.choose(own, frame));
  return io.from_input.choose(input, kept.resize(bits));
}

/** A first step waits until every visit has retired, where its segment reads what others wrote. */
function segmentWait(
  m: Scope,
  io: Ports<'restart'>,
  field: (name: string) => Expr<'u'>,
  underWay: Expr<'u'>,
): Expr<'u'> {
  const first = allOf(field('segment_first'), field('after'), io.restart);
  return m.wire('segment_wait', allOf(first, underWay.ne(0)), 'the segment begins');
}

/** Fields of the layer table that the order of sequences has. */
function nextVisit(
  next: (name: string) => Expr<'u'>,
  named: Pick<NextVisit, 'last' | 'weights'>,
): NextVisit {
  return {
    ...named,
    segmentFirst: next('segment_first'),
    segmentLast: next('segment_last'),
    backward: next('backward'),
    turned: next('turned'),
  };
}

/** Registers that `load` sets, or `frame_start`, before `running` lets them decide anything. */
export const SET_BY_VISIT = [
  ...['last_frame', 'segment_start', 'final_visit', 'last_step', 'frame', 'own_place'],
  ...['before_place', 'restart', 'emits'],
];

/** Of a module that knows how many frames an utterance has. */
export function utteranceParameter({ maxFrames = 1 }: Pick<Configuration, 'maxFrames'>) {
  return {
    MAX_FRAMES: matched(integer(maxFrames, 'Most frames of an utterance', 1, 65536), MATCHES.room),
  };
}

/** Whole utterances: all frames of a segment of layers before the next one. */
export function visitOrder({ c, m, io, running, numberBits, maxFrames }: OrderKit): TimeOrder {
  const { place, write_place: own, frame_last, emits } = io;
  if (!place || !own || !frame_last || !emits || maxFrames === undefined) {
    throw new Error(`${c.name} runs no whole utterances`);
  }
  const visit = visitRegisters(m, running, indexBits(maxFrames), numberBits);
  const done = m.net('utterance_end', bit, 'the utterance ends with the tile');
  return {
    inFlight: 'visits',
    waits: 'for what another visit of the segment writes',
    underWay: (field, inFlight) =>
      field('behind')
        .resize(IN_FLIGHT_BITS)
        .lt(inFlight as Expr<'u'>),
    hold: (field, inFlight) => [segmentWait(m, io, field, inFlight as Expr<'u'>)],
    starts: ({ layerDone, fetched }) => {
      m.assign(done, layerDone.and(visit.final));
      m.assign(io.frame_start, allOf(io.frame_ready, fetched, done.or(running.not())));
      m.assign(io.load, io.frame_start.or(layerDone.and(visit.final.not())));
    },
    before: 'step',
    place: (ofBefore, field) => {
      const at = { ofBefore, xOwn: field('x_own'), frames: maxFrames };
      m.assign(place, visitPlace(m, { ...io, place }, visit, at));
      m.assign(own, visit.own);
    },
    released: [visit.lastStep],
    registers: (layers, next, named) =>
      utteranceRegisters(
        m,
        { ...io, frame_last, emits },
        { ...visit, ...layers, done },
        nextVisit(next, named),
      ),
    counted: (layerDone) => layerDone,
  };
}
