import { bit, concat, type Expr, input, literal, output, uint } from '../../hdl/index.js';
import type { Role } from '../../network/cells/shown.js';
import {
  bitsOf,
  byteBits,
  type Configuration,
  cellsPerGroup,
  outputBits,
} from '../plan/configuration.js';
import { streamBits } from '../plan/frames-in-memory.js';
import { coreTrace } from './trace-records.js';

/** Ports of the synthesis top, and the first ports of the core. */
export function topPorts(c: Configuration) {
  return {
    clk: input(bit),
    rst: input(bit, 'synchronous, active high'),
    s_axis_tdata: input(uint(c.streamLanes * byteBits(c.words.activation)), 'values, lane 0 low'),
    s_axis_tvalid: input(bit),
    s_axis_tready: output(bit),
    s_axis_tlast: input(bit, 'last beat of a frame'),
    ...inputMarks(c),
    ...(c.streams === undefined
      ? {}
      : { s_axis_tid: input(streamNumber(c), 'stream, on the first beat of a frame') }),
    m_axis_tdata: output(uint(c.streamLanes * byteBits(outputBits(c))), 'values, lane 0 low'),
    m_axis_tvalid: output(bit),
    m_axis_tready: input(bit),
    m_axis_tlast: output(bit, 'last beat of a frame'),
    ...outputMarks(c),
    ...(c.streams === undefined
      ? {}
      : { m_axis_tid: output(streamNumber(c), 'that of the frame') }),
    busy: output(bit, 'from the first beat in to the last beat out'),
    cycles: output(uint(32), 'busy cycles since reset'),
    error: output(
      bit,
      c.order === 'sequence'
        ? 'an utterance was discarded; sticky'
        : 'a frame of the wrong length came; sticky',
    ),
    error_count: output(uint(16), 'how many'),
  };
}

/** The number of a stream. */
export function streamNumber(c: Pick<Configuration, 'streams'>) {
  return uint(streamBits(c));
}

/** What the streams of a design do, in a sentence. */
export function streamsText({
  emit,
  order,
  streams,
}: Pick<Configuration, 'emit' | 'order' | 'streams'>): string {
  if (order === 'sequence') {
    const each = emit === 'last' ? 'the last frame of each' : 'each of their frames';
    return `Frames come in on s_axis, marked as the first and the last of an utterance; whole utterances are computed layer by layer, and one output frame leaves on m_axis for ${each}.`;
  }
  if (streams !== undefined) {
    const which = emit === 'last' ? ' that is marked as the last of an utterance' : '';
    return `Frames of ${streams} independent streams come in on s_axis, by tid; one output frame leaves on m_axis for each${which}, with its tid.`;
  }
  return emit === 'last'
    ? 'Frames come in on s_axis, one output frame leaves on m_axis for each that is marked as the last of an utterance.'
    : 'Frames come in on s_axis, one output frame leaves on m_axis for each of them.';
}

/** Whether frames have two marks: the first one, and the last one of an utterance. */
export function hasMarks({
  emit,
  order,
  relays,
}: Pick<Configuration, 'emit' | 'order' | 'relays'>): boolean {
  return emit === 'last' || order === 'sequence' || relays === true;
}

/** What the second mark of a frame means, in words. */
export function lastMark({ relays }: Pick<Configuration, 'relays'>): string {
  return relays ? 'it is the last of an utterance' : 'its outputs leave';
}

/** What a frame says on its first beat of its place in its utterance: bit 0: the first one, bit 1: the last one. */
export function inputMarks(c: Pick<Configuration, 'emit' | 'order' | 'relays'>) {
  return {
    s_axis_tuser: hasMarks(c)
      ? input(uint(2), 'frame: first, last of an utterance')
      : input(bit, 'first beat of an utterance'),
  };
}

/** The same of the frame whose outputs leave, on every beat of them. */
export function outputMarks(c: Pick<Configuration, 'emit' | 'order' | 'relays'>) {
  return hasMarks(c) ? { m_axis_tuser: output(uint(2), 'those of its frame') } : {};
}

/** Bits of a row number on the trace port. */
export function traceRowBits(c: Configuration): number {
  return bitsOf(c.groups * cellsPerGroup(c) * (c.turns ?? 1)) + 1;
}

/** What the core shows for co-simulation. */
export function tracePorts(c: Configuration) {
  const { lanes, records } = coreTrace(c);
  const shown = records.flatMap(({ tensors }) => tensors);
  const width = (role: Role): number => {
    const tensor = shown.find((one) => one.role === role);
    return lanes * (tensor?.channels?.length ?? 1) * (tensor?.bits ?? 0);
  };
  const layer = uint(bitsOf(c.layers));
  const row = uint(traceRowBits(c));
  return {
    trace_sum_valid: output(bit, 'aligned gate sums of the rows at the cell lanes'),
    trace_sum_layer: output(layer),
    ...(c.streams === undefined ? {} : { trace_sum_stream: output(streamNumber(c)) }),
    trace_sum_row: output(row, 'row of lane 0'),
    trace_sum_data: output(uint(width('sums')), '[lane][channel]'),
    trace_cell_valid: output(bit, 'c and h of the rows at the cell lanes'),
    trace_cell_layer: output(layer),
    ...(c.streams === undefined ? {} : { trace_cell_stream: output(streamNumber(c)) }),
    trace_cell_row: output(row, 'row of lane 0'),
    ...(width('state') === 0 ? {} : { trace_cell_c: output(uint(width('state')), '[lane]') }),
    trace_cell_h: output(uint(width('value')), '[lane]'),
  };
}

/** Row number of a step: step x cell lanes, a power of two. */
export function traceRow(step: Expr<'u'>, c: Configuration): Expr<'u'> {
  const rowBits = traceRowBits(c);
  const shift = Math.log2(c.cellLanes);
  const from = step.width.constant as number;
  const keep = Math.min(from, rowBits - shift);
  const row = concat(step.part(0, keep), ...(shift > 0 ? [literal(0, shift)] : []));
  return row.resize(rowBits);
}
