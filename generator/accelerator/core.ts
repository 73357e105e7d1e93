import { allOf, bit, concat, literal, set, uint, when } from '../hdl/index.js';
import { blocksOf } from './build/blocks.js';
import { defineBlock } from './build/define-block.js';
import { delayed, delayedValid } from './build/pipeline.js';
import { topPorts, tracePorts, traceRow } from './build/ports.js';
import { recordLayout } from './build/record.js';
import { traced, traceOption } from './build/trace.js';
import {
  addressBits,
  hWriteBits,
  layerTableFields,
  layerTableWidths,
  shapeFields,
  shapeWidths,
} from './control/layer-table.js';
import { folderParameter, imageParameter, MEM_DIR } from './images/names.js';
import { xWriteBits } from './memory/activation-memory.js';
import {
  addressStreams,
  bitsOf,
  type Configuration,
  cellsPerGroup,
  GATE_COUNT,
  gatesTakeTurns,
} from './plan/configuration.js';
import { stagesOf } from './schedule/stages.js';

/** The accelerator with its trace port: streams, sequencer, decoder, memories, MAC array, cell update. */
export function core(c: Configuration) {
  const blocks = blocksOf(c);
  const cycles = stagesOf(c);
  const turns = gatesTakeTurns(c);
  const leafRom = blocks.rom;
  const streams = addressStreams(c);
  const layerBits = bitsOf(c.layers);
  const groupSums = cellsPerGroup(c) * GATE_COUNT * c.accumulatorBits;
  return defineBlock({
    name: `${c.name}_core`,
    doc: 'Sparse LSTM accelerator, with a trace port for co-simulation. Frames come in on s_axis, one output frame leaves on m_axis for each of them.',
    parameters: {
      TRACE: traceOption(),
      MEM_DIR: folderParameter(),
      SHAPE_FILE: imageParameter(c.name, 'shape', 'Image of the frame lengths'),
    },
    ports: () => ({ ...topPorts(c), ...tracePorts(c) }),
    body: (m, p, io) => {
      const shape = recordLayout(shapeFields(shapeWidths(c)));
      const shapeWord = m.net('shape', uint(shape.width), 'frame lengths of the model');
      const lengths = shape.unpack(m, 'shape', shapeWord);
      m.instance(
        'u_shape',
        leafRom,
        { clk: io.clk, enable: literal(1, 1), address: literal(0, 1), data: shapeWord },
        { WIDTH: shape.width, DEPTH: 1, MEM_DIR, INIT_FILE: { parameter: 'SHAPE_FILE' } },
      );

      m.comment('Stages, in cycles after the issue of a tile.');
      const stage = {
        read: m.local('READ_STAGE', cycles.read, 'its addresses are at the activation memories'),
        operands: m.local('OPERAND_STAGE', cycles.operands, 'its operands are at the array'),
        sums: m.local('SUM_STAGE', cycles.sums, 'its sums are finished'),
        pair: m.local('PAIR_STAGE', cycles.pair, 'both halves are side by side'),
      };

      m.comment('Input stream and x memory.');
      const x = m.nets({
        x_write: 1,
        x_write_address: xWriteBits(c),
        x_write_data: c.streamLanes * c.words.activation,
        frame_ready: 1,
        frame_restart: 1,
        frame_start: 1,
        x_release: 1,
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
        frame_restart: x.frame_restart,
        frame_start: x.frame_start,
        freed: releases.at(stage.read),
        committed: x.committed,
        receiving: x.receiving,
        error: io.error,
        error_count: io.error_count,
      });

      m.comment('Sequencer and index decoder.');
      const recordBits = layerTableFields(layerTableWidths(c), 1).reduce(
        (sum, f) => sum + f.width,
        0,
      );
      const s = m.nets({
        load: 1,
        next_layer: recordBits,
        layer: recordBits,
        x_side: 1,
        from_input: 1,
        upper_buffer: 1,
        issue: 1,
        store: 1,
        complete: 1,
        zero: 1,
        slot: bitsOf(c.sumSlots),
        frame_end: 1,
        layer_number: layerBits,
        restart: 1,
        parity: 1,
        group_last: 1,
        tile_last: 1,
        retire: 1,
        output_taken: 1,
      });
      m.instance(
        'u_sequencer',
        blocks.sequencer,
        {
          clk: io.clk,
          rst: io.rst,
          frame_ready: x.frame_ready,
          frame_restart: x.frame_restart,
          frame_start: x.frame_start,
          x_release: x.x_release,
          ...s,
        },
        { MEM_DIR },
      );
      const tileFirst = m.net(bit, 'the tile is the first of its half');
      const address = m.net('address', uint(streams * addressBits(c)), 'one address per stream');
      const present = m.net('present', uint(streams * c.tileColumns), 'columns in the matrix');
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
          upper_buffer: s.upper_buffer,
          advance: s.issue,
          tile_first: tileFirst,
          tile_last: s.tile_last,
          address,
          present,
        },
        c.levels.length === 0 ? {} : { MEM_DIR },
      );

      m.comment('What a tile carries along the pipeline: bit n of a line is n + 1 cycles late.');
      const issued = delayedValid(m, io.clk, io.rst, 'issue', s.issue, stage.operands);
      const stores = delayedValid(m, io.clk, io.rst, 'store', s.store, stage.sums);
      const completes = delayedValid(m, io.clk, io.rst, 'complete', s.complete, stage.pair);
      const fromInput = delayed(m, io.clk, 'from_input', s.from_input, stage.read);
      const zero = delayed(m, io.clk, 'zero', s.zero, stage.read);
      const starts = delayed(m, io.clk, 'tile_first', tileFirst, stage.operands);
      const slots = delayed(m, io.clk, 'slot', s.slot, stage.sums);
      const frameEnds = delayed(m, io.clk, 'frame_end', s.frame_end, stage.pair);
      const info = m.wire(
        'tile_info',
        concat(s.layer_number, s.restart, s.parity, s.group_last),
        'layer, restart, parity, last row group set of the layer',
      );
      const infos = delayed(m, io.clk, 'tile_info', info, stage.pair);

      m.comment('Activation memories.');
      const h = m.nets({
        h_write: 1,
        h_write_address: hWriteBits(c),
        h_write_data: c.cellLanes * c.words.activation,
      });
      const operands = m.net('operands', uint(streams * c.tileColumns * c.words.activation));
      m.instance('u_activations', blocks.activations, {
        clk: io.clk,
        x_write: x.x_write,
        x_address: x.x_write_address,
        x_data: x.x_write_data,
        h_write: h.h_write,
        h_address: h.h_write_address,
        h_data: h.h_write_data,
        read: issued.at(stage.read),
        from_input: fromInput.at(stage.read),
        zero: zero.at(stage.read),
        address,
        present,
        operands,
      });

      m.comment('Weights and MAC array.');
      const weights = m.net(
        'weights',
        uint(c.rowGroups * GATE_COUNT * c.tileRows * c.tileColumns * c.words.weight),
      );
      m.instance(
        'u_weights',
        blocks.weights,
        {
          clk: io.clk,
          rst: io.rst,
          advance: issued.at(stage.read),
          frame_end: frameEnds.at(stage.read),
          weights,
        },
        { MEM_DIR },
      );
      const sums = m.net('array_sums', uint(groupSums));
      m.instance('u_array', blocks.array, {
        clk: io.clk,
        rst: io.rst,
        valid: issued.at(stage.operands),
        first: starts.at(stage.operands),
        weights,
        activations: operands,
        sums,
      });

      m.comment('The ready half waits in a slot; the completing half fetches it.');
      const readySums = m.net('ready_sums', uint(groupSums));
      const completeSums = m.net('complete_sums', uint(groupSums));
      m.instance('u_slots', blocks.slots, {
        clk: io.clk,
        store: stores.at(stage.sums),
        complete: completes.at(stage.sums),
        slot: slots.at(stage.sums),
        sums,
        ready_sums: readySums,
        complete_sums: completeSums,
      });
      const someSums = c.cellLanes * (turns ? 1 : GATE_COUNT) * c.accumulatorBits;
      const feed = m.nets({
        step: 1,
        step_last: 1,
        lane_ready_sums: someSums,
        lane_complete_sums: someSums,
      });
      const pair = m.wire('pair', completes.at(stage.pair));
      m.instance('u_feed', blocks.feed, {
        clk: io.clk,
        rst: io.rst,
        take: pair,
        ready_sums: readySums,
        complete_sums: completeSums,
        ...feed,
      });

      m.comment('Cell update.');
      const pairInfo = m.wire('pair_info', infos.at(stage.pair));
      const stepInfo = m.reg('step_info', uint(3), 'tile_info of the row group set at the lanes');
      const stepFrameEnd = m.reg('step_frame_end', bit);
      m.always(io.clk, [
        when(pair, [
          set(stepInfo, pairInfo.part(0, 3)),
          set(stepFrameEnd, frameEnds.at(stage.pair)),
        ]),
      ]);
      const o = m.nets({
        sum_valid: 1,
        h_leaves: 1,
        sum_end: 1,
        h_end: 1,
        lane_sums: c.cellLanes * GATE_COUNT * c.sumBits,
        sum_step: hWriteBits(c),
        h_step: hWriteBits(c),
      });
      m.instance(
        'u_cells',
        blocks.cells,
        {
          clk: io.clk,
          rst: io.rst,
          take: pair,
          take_layer: pairInfo.part(3, layerBits),
          restart: stepInfo.bit(2),
          parity: stepInfo.bit(1),
          group_last: stepInfo.bit(0),
          step: feed.step,
          step_last: feed.step_last,
          frame_end: allOf(feed.step_last, stepFrameEnd),
          ready_sums: feed.lane_ready_sums,
          complete_sums: feed.lane_complete_sums,
          retire: s.retire,
          sum_valid: o.sum_valid,
          h_valid: h.h_write,
          h_leaves: o.h_leaves,
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
          trace_cell: io.trace_cell_c,
        },
        { TRACE: p.TRACE, MEM_DIR },
      );
      const traceOnly = [o.sum_step, o.h_step, ...(c.outputLayer && !turns ? [] : [o.lane_sums])];
      m.unused('trace', ...traceOnly);
      traced(
        m,
        p.TRACE,
        [
          io.trace_sum_data,
          io.trace_cell_valid,
          io.trace_cell_h,
          io.trace_sum_row,
          io.trace_cell_row,
        ],
        () => [
          o.lane_sums,
          h.h_write,
          h.h_write_data,
          traceRow(o.sum_step, c),
          traceRow(o.h_step, c),
        ],
      );

      m.comment('Output stream: exact sums of the output layer, or h of the last layer.');
      // where gates take turns, the one whose sum is there is the highest
      const newest = (GATE_COUNT - 1) * c.sumBits;
      const out = c.outputLayer
        ? {
            write: o.sum_valid,
            end: o.sum_end,
            data: turns ? o.lane_sums.part(newest, c.sumBits) : o.lane_sums,
          }
        : {
            write: m.wire('output_write', h.h_write.and(o.h_leaves)),
            end: o.h_end,
            data: h.h_write_data,
          };
      m.unused('output', ...(c.outputLayer ? [o.h_leaves, o.h_end] : [o.sum_valid, o.sum_end]));
      m.instance('u_output', blocks.output, {
        clk: io.clk,
        rst: io.rst,
        last_beat: m.wire('output_last', lengths('output_last')),
        last_lanes: m.wire('output_lanes', lengths('output_lanes')),
        write_enable: out.write,
        write_end: out.end,
        write_data: out.data,
        m_axis_tdata: io.m_axis_tdata,
        m_axis_tvalid: io.m_axis_tvalid,
        m_axis_tready: io.m_axis_tready,
        m_axis_tlast: io.m_axis_tlast,
        taken: s.output_taken,
      });

      m.instance('u_busy', blocks.busy, {
        clk: io.clk,
        rst: io.rst,
        receiving: x.receiving,
        committed: x.committed,
        sent: s.output_taken,
        busy: io.busy,
        cycles: io.cycles,
      });
    },
  });
}

export type Core = ReturnType<typeof core>;
