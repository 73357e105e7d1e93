import {
  allOf,
  bit,
  concat,
  type Expr,
  type Int,
  literal,
  set,
  uint,
  when,
} from '../../hdl/index.js';
import { hasMarks, traceRow } from '../build/ports.js';
import { traced } from '../build/trace.js';
import { hasState } from '../cell/kinds.js';
import { placesOf } from '../cell/places.js';
import { MEM_DIR } from '../images/names.js';
import { hWriteBits } from '../memory/h-words.js';
import { type Configuration, isTimeMultiplexed, sharedSlices } from '../plan/configuration.js';
import { hasPlaces, hPlaceBits, streamBits } from '../plan/frames-in-memory.js';
import type { Datapath } from './datapath.js';
import type { Control } from './front.js';
import { type CoreKit, markName, takeStage } from './kit.js';
import type { Carried } from './tile.js';

/** The cell update, and what the trace shows of it. */
export function cells(
  kit: CoreKit,
  p: { readonly TRACE: Int },
  { s }: Control,
  { completes, frameEnds, infos, layers, places }: Carried,
  { h, feed, pair, takeFlat }: Datapath,
) {
  const { c, m, io, blocks, stage, states } = kit;
  const taken = takeStage(kit);
  const timeMultiplexed = isTimeMultiplexed(c);
  const kept = hasState(c);
  m.comment('Cell update.');
  const jobs = c.jobs !== undefined;
  const emitBit = jobs ? 4 : 2;
  const whole = hasPlaces(c);
  const marked = hasMarks(c);
  const infoBits = emitBit + (marked ? 1 : 0);
  const pairInfo = m.wire('pair_info', infos.at(taken));
  const stepInfo = m.reg(
    'step_info',
    uint(infoBits),
    `${marked ? `${markName(c)}, ` : ''}${jobs ? 'alone, x side, ' : ''}restart and ${whole ? 'end of the visit' : 'parity'} of the row group set at the lanes`,
  );
  const stepFrameEnd = m.reg('step_frame_end', bit);
  const stepPlace =
    places && m.reg('step_place', uint(hPlaceBits(c)), 'frame at which its values stand');
  const layerBegins = m.reg(
    'layer_begins',
    bit,
    'the next row group set is the first of its layer',
  );
  m.always(io.clk, [
    when(
      io.rst,
      [set(layerBegins, literal(1, 1))],
      [when(pair, [set(layerBegins, pairInfo.bit(0))])],
    ),
    when(pair, [
      set(stepInfo, pairInfo.part(1, infoBits)),
      set(stepFrameEnd, frameEnds.at(taken)),
      ...(stepPlace && places ? [set(stepPlace, places.at(stage.pair))] : []),
    ]),
  ]);
  const o = m.nets({
    sum_valid: 1,
    h_leaves: 1,
    ...(marked ? { output_marks: 2 } : {}),
    ...(c.streams === undefined
      ? {}
      : { retire_place: hPlaceBits(c), sum_place: hPlaceBits(c), h_place: hPlaceBits(c) }),
    sum_end: 1,
    h_end: 1,
    lane_sums: c.cellLanes * placesOf(c).length * c.sumBits,
    sum_step: hWriteBits(c),
    h_step: hWriteBits(c),
  });
  m.instance(
    'u_cells',
    blocks.cells,
    {
      clk: io.clk,
      rst: io.rst,
      fetch: completes.at(taken.minus(1)),
      fetch_layer: layers.at(taken.minus(1)),
      take: pair,
      take_first: layerBegins,
      ...(takeFlat === null ? {} : { take_flat: takeFlat }),
      ...(c.initialState && { take_restart: pairInfo.bit(2) }),
      ...(jobs ? { x_first: stepInfo.bit(2).not(), alone: stepInfo.bit(3) } : {}),
      ...(kept ? { restart: stepInfo.bit(1) } : {}),
      ...(marked && { marks: concat(stepInfo.bit(emitBit), stepInfo.bit(1)) }),
      ...(whole ? {} : { parity: stepInfo.bit(0) }),
      ...(stepPlace && { place: stepPlace, visit_end: stepInfo.bit(0) }),
      step: feed.step,
      step_last: feed.step_last,
      frame_end: allOf(feed.step_last, stepFrameEnd),
      ready_sums: feed.lane_ready_sums,
      complete_sums: feed.lane_complete_sums,
      retire: s.retire,
      ...(o.retire_place && {
        retire_place: o.retire_place,
        sum_place: o.sum_place,
        h_place: o.h_place,
      }),
      sum_valid: o.sum_valid,
      h_valid: h.h_write,
      h_leaves: o.h_leaves,
      ...(o.output_marks && { output_marks: o.output_marks }),
      h_address: h.h_write_address,
      h_data: h.h_write_data,
      sum_end: o.sum_end,
      h_end: o.h_end,
      trace_sum_valid: io.trace_sum_valid,
      trace_sum_layer: io.trace_sum_layer,
      trace_sum_step: o.sum_step,
      sums: o.lane_sums,
      trace_cell_layer: io.trace_cell_layer,
      trace_cell_step: o.h_step,
      ...(kept ? { trace_cell: io.trace_cell_c } : {}),
      ...(states?.c && {
        ...{ state_active: states.active, state_write: states.c.write, state_read: states.c.read },
        ...{ state_address: states.c.address, state_data: states.c.data },
        state_word: states.c.word,
      }),
    },
    { TRACE: p.TRACE, MEM_DIR },
  );
  if (o.retire_place && o.sum_place && o.h_place && s.retire_stream) {
    m.assign(s.retire_stream, o.retire_place.part(1, streamBits(c)));
    m.unused('places', o.retire_place, o.sum_place, o.h_place);
  }
  const traceOnly = [
    o.sum_step,
    o.h_step,
    ...(c.outputLayer && !timeMultiplexed && placesOf(c).length === sharedSlices(c)
      ? []
      : [o.lane_sums]),
    ...(kept ? [] : [stepInfo]),
  ];
  m.unused('trace', ...traceOnly);
  traced(
    m,
    p.TRACE,
    [
      ...[io.trace_sum_data, io.trace_cell_valid, io.trace_cell_h],
      ...[io.trace_sum_row, io.trace_cell_row],
      ...(io.trace_sum_stream ? [io.trace_sum_stream] : []),
      ...(io.trace_cell_stream ? [io.trace_cell_stream] : []),
    ],
    () => [
      ...[o.lane_sums, h.h_write, h.h_write_data, traceRow(o.sum_step, c), traceRow(o.h_step, c)],
      ...(o.sum_place ? [o.sum_place.part(1, streamBits(c))] : []),
      ...(o.h_place ? [o.h_place.part(1, streamBits(c))] : []),
    ],
  );
  return o;
}

/** Sums of neighbouring rows of the output layer, [lane][slice], of those of all channels. */
function outputSums(c: Configuration, sums: Expr<'u'>): Expr<'u'> {
  const [channels, shared] = [placesOf(c).length, sharedSlices(c)];
  if (channels === shared) return sums;
  const lanes = Array.from({ length: c.cellLanes }, (_, lane) =>
    sums.part(lane * channels * c.sumBits, shared * c.sumBits),
  );
  return concat(...lanes.reverse());
}

/** The output stream; where not all frames have outputs, the end of one without is returned. */
export function outputStream(
  { c, m, io, blocks, lengths }: CoreKit,
  { s }: Control,
  { h }: Datapath,
  o: ReturnType<typeof cells>,
): Expr<'u'> | null {
  const timeMultiplexed = isTimeMultiplexed(c);
  m.comment('Output stream: exact sums of the output layer, or h of the last layer.');
  // of a time-multiplexed lane, the one whose sum is there is the highest
  const newest = (c.slices - 1) * c.sumBits;
  const out = c.outputLayer
    ? {
        write: o.sum_valid,
        end: o.sum_end,
        data: timeMultiplexed ? o.lane_sums.part(newest, c.sumBits) : outputSums(c, o.lane_sums),
      }
    : {
        write: m.wire('output_write', h.h_write.and(o.h_leaves)),
        end: o.h_end,
        data: h.h_write_data,
      };
  m.unused('output', ...(c.outputLayer ? [o.h_leaves, o.h_end] : [o.sum_valid, o.sum_end]));
  const marks = o.output_marks;
  const from = c.outputLayer ? o.sum_place : o.h_place;
  const emits =
    marks &&
    c.emit === 'last' &&
    m.wire('output_emits', marks.bit(1), 'outputs of the frame leave');
  const leave = (valid: Expr<'u'>) => (emits ? allOf(valid, emits) : valid);
  m.instance('u_output', blocks.output, {
    clk: io.clk,
    rst: io.rst,
    last_beat: m.wire('output_last', lengths('output_last')),
    last_lanes: m.wire('output_lanes', lengths('output_lanes')),
    write_enable: leave(out.write),
    write_end: leave(out.end),
    ...(marks && { write_first: marks.bit(0) }),
    ...(from && { write_stream: from.part(1, streamBits(c)), m_axis_tid: io.m_axis_tid }),
    ...(marks && (c.order || c.relays) && { write_last: marks.bit(1) }),
    write_data: out.data,
    m_axis_tdata: io.m_axis_tdata,
    m_axis_tvalid: io.m_axis_tvalid,
    m_axis_tready: io.m_axis_tready,
    m_axis_tlast: io.m_axis_tlast,
    ...(io.m_axis_tuser && { m_axis_tuser: io.m_axis_tuser }),
    taken: s.output_taken,
  });
  // whole utterances end with outputs
  return emits && !c.order ? m.wire('dropped', allOf(out.end, emits.not())) : null;
}
