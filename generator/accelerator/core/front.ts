import { bit, uint } from '../../hdl/index.js';
import { delayed, delayedValid } from '../build/pipeline.js';
import { hasMarks } from '../build/ports.js';
import { stepIndexBits } from '../control/job-table.js';
import { layerTableStore } from '../control/layer-store.js';
import { gateBits } from '../control/layer-table.js';
import { decoderIn, readAddressBits } from '../decoder/registry.js';
import { MEM_DIR } from '../images/names.js';
import { xWriteBits } from '../memory/read-words.js';
import { addressStreams, bitsOf, gatesInTurn, wordColumns } from '../plan/configuration.js';
import {
  frameBits,
  hasPlaces,
  hPlaceBits,
  placeBits,
  streamBits,
} from '../plan/frames-in-memory.js';
import type { CoreKit } from './kit.js';

/** The input stream: frames come into the x memory. */
export function inputStream({ c, m, io, blocks, stage, lengths, states }: CoreKit) {
  const whole = c.order === 'sequence';
  m.comment('Input stream and x memory.');
  const x = m.nets({
    x_write: 1,
    x_write_address: xWriteBits(c),
    x_write_data: c.streamLanes * c.words.activation,
    frame_ready: c.streams ?? 1,
    ...(whole ? {} : { frame_restart: c.streams ?? 1 }),
    ...(whole ? { frame_last: frameBits(c) } : {}),
    ...(hasMarks(c) && !whole ? { frame_emits: c.streams ?? 1 } : {}),
    frame_start: 1,
    x_release: 1,
    ...(c.streams === undefined ? {} : { release_stream: streamBits(c) }),
    committed: 1,
    receiving: 1,
  });
  const releases = delayedValid(m, io.clk, io.rst, 'x_release', x.x_release, stage.read);
  m.instance('u_input', blocks.input, {
    clk: io.clk,
    rst: io.rst,
    last_beat: m.wire('input_last', lengths('input_last')),
    s_axis_tdata: io.s_axis_tdata,
    s_axis_tvalid: io.s_axis_tvalid,
    s_axis_tready: io.s_axis_tready,
    s_axis_tlast: io.s_axis_tlast,
    s_axis_tuser: io.s_axis_tuser,
    write_enable: x.x_write,
    write_address: x.x_write_address,
    write_data: x.x_write_data,
    frame_ready: x.frame_ready,
    ...(x.frame_restart && { frame_restart: x.frame_restart }),
    ...(x.frame_last && { frame_last: x.frame_last }),
    ...(x.frame_emits && { frame_emits: x.frame_emits }),
    frame_start: x.frame_start,
    freed: releases.at(stage.read),
    ...(x.release_stream && {
      freed_stream: delayed(m, io.clk, 'release_stream', x.release_stream, stage.read).at(
        stage.read,
      ),
    }),
    ...(io.s_axis_tid && { s_axis_tid: io.s_axis_tid }),
    ...(states && { restored: states.restored }),
    committed: x.committed,
    receiving: x.receiving,
    error: io.error,
    error_count: io.error_count,
  });
  return x;
}

/** What decides which tile is issued, and where its activations are. */
export function control({ c, m, io, blocks }: CoreKit, x: ReturnType<typeof inputStream>) {
  const streams = addressStreams(c);
  const layerBits = bitsOf(c.layers);
  const places = hasPlaces(c);
  m.comment('Sequencer and index decoder.');
  const recordBits = layerTableStore(c).width;
  const s = m.nets({
    load: 1,
    next_layer: recordBits,
    layer: recordBits,
    x_side: 1,
    from_input: 1,
    ...(places ? {} : { upper_buffer: 1 }),
    ...(places ? { place: placeBits(c), write_place: hPlaceBits(c) } : {}),
    issue: 1,
    store: 1,
    complete: 1,
    zero: 1,
    slot: bitsOf(c.sumSlots),
    weight_address: bitsOf(c.weightDepth),
    frame_end: 1,
    layer_number: layerBits,
    restart: 1,
    ...(hasMarks(c) ? { emits: 1 } : {}),
    ...(places ? {} : { parity: 1 }),
    ...(c.busStates && c.streams ? { odd_frames: c.streams } : {}),
    group_last: 1,
    tile_last: 1,
    ...(gatesInTurn(c) > 1 ? { gate: gateBits(c), gate_last: 1 } : {}),
    retire: 1,
    ...(c.streams === undefined ? {} : { retire_stream: streamBits(c) }),
    output_taken: 1,
    ...(c.jobs === undefined ? {} : { tile_first: 1, alone: 1, last_step: stepIndexBits(c) }),
    ...(c.queues && { completing: 1, half_end: 1, pass_end: 1, last_pass: 1 }),
  });
  m.instance(
    'u_sequencer',
    blocks.sequencer,
    {
      clk: io.clk,
      rst: io.rst,
      frame_ready: x.frame_ready,
      ...(x.frame_restart && { frame_restart: x.frame_restart }),
      ...(x.frame_last && { frame_last: x.frame_last }),
      ...(x.frame_emits && { frame_emits: x.frame_emits }),
      frame_start: x.frame_start,
      x_release: x.x_release,
      ...s,
    },
    { MEM_DIR },
  );
  if (x.release_stream && s.write_place) {
    m.assign(x.release_stream, s.write_place.part(1, streamBits(c)));
  }
  const tileFirst = s.tile_first ?? m.net('tile_first', bit, 'the tile is the first of its half');
  const address = m.net('address', uint(streams * readAddressBits(c)), 'one address per stream');
  const ends = c.queues && m.net('ends', uint(c.rowGroups), 'last tiles of rows');
  const present = m.net('present', uint(streams * wordColumns(c)), 'columns in the matrix');
  m.instance(
    'u_decoder',
    blocks.decoder,
    {
      clk: io.clk,
      rst: io.rst,
      load: s.load,
      next_layer: s.next_layer,
      layer: s.layer,
      x_side: s.x_side,
      from_input: s.from_input,
      ...(s.upper_buffer && { upper_buffer: s.upper_buffer }),
      ...(s.place && { frame_place: s.place }),
      advance: s.issue,
      tile_first: tileFirst,
      tile_last: s.tile_last,
      address,
      present,
      ...(ends && { ends }),
    },
    decoderIn(c).stores(c).length === 0 ? {} : { MEM_DIR },
  );
  return { s, tileFirst, address, present, ends };
}

export type Control = ReturnType<typeof control>;
