import {
  allOf,
  bit,
  defineModule,
  type Expr,
  indexBits,
  input,
  int,
  integer,
  literal,
  output,
  parameterValue,
  repeat,
  set,
  text,
  uint,
  when,
} from '../../hdl/index.js';
import { TABLE_INPUT_BITS } from '../../network/arithmetic.js';
import { type Configuration, GATE_COUNT } from '../configuration.js';
import { recordLayout } from '../decoder/fields.js';
import { cellTableFields, cellTableWidths, hWriteHalf } from '../layer-table.js';
import type { Ram, Rom } from '../memory/leaf.js';
import { delayed, delayedValid } from '../pipeline.js';
import { GATE_SUM_LATENCY, type GateSum, gateSumShifts, TABLE_INPUT_LATENCY } from './gate-sum.js';
import {
  CELL_LATENCY,
  CELL_READ_LATENCY,
  cellShifts,
  HIDDEN_LATENCY,
  type LstmLane,
} from './lstm-lane.js';

/** Stages counted from the cycle in which sums are at the lanes. */
const U_STAGE = GATE_SUM_LATENCY + TABLE_INPUT_LATENCY;
const CELL_READ_STAGE = U_STAGE + CELL_READ_LATENCY - 1;
const CELL_STAGE = U_STAGE + CELL_LATENCY;
export const HIDDEN_STAGE = U_STAGE + HIDDEN_LATENCY;
/**
 * A row group set retires so early that the first tile issued after it reads h one cycle after it was
 * written: the tile reads two cycles after its issue, the issue comes one cycle after the event.
 */
export const RETIRE_STAGE = HIDDEN_STAGE - 2;

/** CELL_LANES cells per cycle: aligned sums, LSTM update, c memory, h and output writes. */
export function cellUpdate(
  c: Configuration,
  parts: {
    readonly rom: Rom;
    readonly ram: Ram;
    readonly gateSum: GateSum;
    readonly lane: LstmLane;
  },
) {
  const widths = cellTableWidths(c);
  return defineModule({
    name: `${c.name}_cell_update`,
    doc: 'Cell update of CELL_LANES cells per cycle, fully pipelined. Biases and c are stored in the order of the steps of a frame, so one counter addresses both. The output layer leaves after two cycles as exact sums; h is written eighteen cycles after the sums arrive.',
    parameters: {
      ACC_BITS: integer(c.accumulatorBits, 'Bits of one sum from the array'),
      SUM_BITS: integer(c.sumBits, 'Bits of an aligned gate sum', 16),
      ACT_BITS: integer(c.words.activation, 'Bits of h', 4, 16),
      CELL_BITS: integer(c.words.cell, 'Bits of c', 8, 24),
      BIAS_BITS: integer(c.words.bias, 'Bits of a bias', 4, 24),
      CELL_LANES: integer(c.cellLanes, 'Cells per cycle'),
      LAYERS: integer(c.layers, 'Words of the cell table'),
      BIAS_DEPTH: integer(c.biasDepth, 'Steps of a frame: words of the bias ROM'),
      CELL_DEPTH: integer(c.cellDepth, 'Steps of the LSTM layers: words of the c memory'),
      ...gateSumShifts(c),
      CELL_POINT: integer(c.cellPointMost, 'Finest binary point of c', 12),
      ...cellShifts(c),
      H_ADDRESS_BITS: integer(widths.hAddress, 'Bits of an h write address'),
      H_HALF: integer(hWriteHalf(c), 'Words of CELL_LANES in one h buffer', 0),
      BIAS_FILE: text('mem/bias.mem', 'Image of the bias ROM: [lane][gate]'),
      CELL_FILE: text('mem/cells.mem', 'Image of the cell table'),
    },
    ports: (p) => ({
      clk: input(bit),
      rst: input(bit),
      take: input(bit, 'a row group set goes to the lane feed'),
      take_layer: input(uint(indexBits(p.LAYERS)), 'its layer'),
      layer: input(uint(indexBits(p.LAYERS)), 'layer of the step'),
      restart: input(bit, 'c reads as zero'),
      parity: input(bit, 'h buffer to write'),
      group_last: input(bit, 'the step belongs to the last row group set of its layer'),
      step: input(bit, 'sums are present'),
      step_last: input(bit, 'they are the last of their row group set'),
      frame_end: input(bit, 'and of the frame'),
      ready_sums: input(uint(p.CELL_LANES.times(GATE_COUNT).times(p.ACC_BITS)), '[lane][gate]'),
      complete_sums: input(uint(p.CELL_LANES.times(GATE_COUNT).times(p.ACC_BITS)), '[lane][gate]'),
      retire: output(bit, 'a row group set is as good as written'),
      sum_valid: output(bit, 'aligned sums of the output layer'),
      h_valid: output(bit, 'h of an LSTM layer'),
      h_leaves: output(bit, 'which is the output of the network'),
      h_row: output(uint(p.H_ADDRESS_BITS), 'step within the layer: row / CELL_LANES'),
      h_address: output(uint(p.H_ADDRESS_BITS), 'words of CELL_LANES'),
      h_data: output(uint(p.CELL_LANES.times(p.ACT_BITS))),
      sum_end: output(bit, 'sum_valid and the last of the frame'),
      h_end: output(bit, 'h_valid and the last of the frame'),
      trace_sum_valid: output(bit, 'aligned sums of an LSTM layer'),
      trace_sum_layer: output(uint(indexBits(p.LAYERS))),
      trace_sum_step: output(uint(p.H_ADDRESS_BITS), 'step within the layer: row / CELL_LANES'),
      sums: output(uint(p.CELL_LANES.times(GATE_COUNT).times(p.SUM_BITS)), '[lane][gate]'),
      trace_cell_layer: output(uint(indexBits(p.LAYERS)), 'with h_valid'),
      trace_cell: output(uint(p.CELL_LANES.times(p.CELL_BITS)), "c' of the cells of h_data"),
    }),
    body: (m, p, io) => {
      const record = recordLayout(
        cellTableFields({
          one: int(1),
          shiftX: p.SHIFT_X_BITS,
          shiftH: p.SHIFT_H_BITS,
          shiftBias: p.SHIFT_BIAS_BITS,
          round: p.ROUND_BITS,
          cellShift: p.CELL_SHIFT_BITS,
          hAddress: p.H_ADDRESS_BITS,
        }),
      );
      m.comment('Where the step stands: in the frame (bias and c) and in its layer (h).');
      const one = literal(1, 1);
      const positionBits = m.local('POSITION_BITS', indexBits(p.BIAS_DEPTH));
      const position = m.reg('position', uint(positionBits), 'step within the frame');
      const row = m.reg('row', uint(p.H_ADDRESS_BITS), 'step within the layer');
      const zero = literal(0, positionBits);
      const rowZero = literal(0, p.H_ADDRESS_BITS);
      const positionNext = m.wire(
        'position_next',
        io.step.choose(io.frame_end.choose(zero, position.increment()), position),
      );
      const layerEnd = m.wire('layer_end', allOf(io.step_last, io.group_last));
      m.always(io.clk, [
        when(
          io.rst,
          [set(position, zero), set(row, rowZero)],
          [
            set(position, positionNext),
            when(io.step, [set(row, layerEnd.choose(rowZero, row.increment()))]),
          ],
        ),
      ]);

      m.comment('Biases of the step and the numbers of its layer.');
      const biases = m.net('biases', uint(p.CELL_LANES.times(GATE_COUNT).times(p.BIAS_BITS)));
      m.instance(
        'u_bias',
        parts.rom,
        {
          WIDTH: p.CELL_LANES.times(GATE_COUNT).times(p.BIAS_BITS),
          DEPTH: p.BIAS_DEPTH,
          INIT_FILE: { parameter: 'BIAS_FILE' },
        },
        { clk: io.clk, enable: one, address: positionNext, data: biases },
      );
      const cells = m.net('cells', uint(record.width), 'cell table word of the layer of the step');
      m.instance(
        'u_cells',
        parts.rom,
        { WIDTH: record.width, DEPTH: p.LAYERS, INIT_FILE: { parameter: 'CELL_FILE' } },
        { clk: io.clk, enable: io.take, address: io.take_layer, data: cells },
      );
      const field = record.unpack(m, 'cells', cells);
      const outputLayer = m.wire('output_layer', field('output_layer'));

      m.comment('Valid bits and what travels with a step.');
      const at = <T>(taps: readonly T[], stage: number): T => taps[stage] as T;
      const reset = (name: string, value: Expr<'u'>, stages: number) =>
        delayedValid(m, io.clk, io.rst, name, value, stages);
      const lstm = reset('lstm', allOf(io.step, outputLayer.not()), HIDDEN_STAGE);
      const sums = reset('output', allOf(io.step, outputLayer), GATE_SUM_LATENCY);
      const retire = reset('retire', allOf(io.step, io.step_last), RETIRE_STAGE);
      const end = reset('end', allOf(io.step, io.frame_end), HIDDEN_STAGE);
      const leaves = delayed(m, io.clk, 'leaves', field('leaves'), HIDDEN_STAGE);
      const restart = delayed(m, io.clk, 'restart', io.restart, CELL_READ_STAGE + 1);
      const layer = delayed(m, io.clk, 'layer', io.layer, HIDDEN_STAGE);
      const rows = delayed(m, io.clk, 'row', row, HIDDEN_STAGE);
      const cellStage = delayed(m, io.clk, 'position', position, CELL_STAGE);
      const hAddress = m.wire(
        'h_word',
        field('h_base')
          .addWrap(row)
          .addWrap(io.parity.choose(parameterValue(p.H_HALF, p.H_ADDRESS_BITS), rowZero)),
      );
      const hAddresses = delayed(m, io.clk, 'h_word', hAddress, HIDDEN_STAGE);
      m.assign(io.retire, at(retire, RETIRE_STAGE));
      m.assign(io.sum_valid, at(sums, GATE_SUM_LATENCY));
      m.assign(io.sum_end, at(sums, GATE_SUM_LATENCY).and(at(end, GATE_SUM_LATENCY)));
      m.assign(io.h_valid, at(lstm, HIDDEN_STAGE));
      m.assign(io.h_leaves, at(leaves, HIDDEN_STAGE));
      m.assign(io.h_end, at(lstm, HIDDEN_STAGE).and(at(end, HIDDEN_STAGE)));
      m.assign(io.h_address, at(hAddresses, HIDDEN_STAGE));
      m.assign(io.trace_sum_valid, at(lstm, GATE_SUM_LATENCY));
      m.assign(io.trace_sum_layer, at(layer, GATE_SUM_LATENCY));
      m.assign(io.trace_sum_step, at(rows, GATE_SUM_LATENCY));
      m.assign(io.trace_cell_layer, at(layer, HIDDEN_STAGE));
      m.assign(io.h_row, at(rows, HIDDEN_STAGE));

      m.comment('c memory: read just before the gates are ready, written as soon as c is.');
      const cellWord = uint(p.CELL_LANES.times(p.CELL_BITS));
      const stored = m.net('cell_stored', cellWord);
      const cellNext = m.net('cell_next', cellWord);
      m.unused('position', at(cellStage, CELL_STAGE));
      const cellAddress = (stage: number) => at(cellStage, stage).part(0, indexBits(p.CELL_DEPTH));
      m.instance(
        'u_c',
        parts.ram,
        { WIDTH: p.CELL_LANES.times(p.CELL_BITS), DEPTH: p.CELL_DEPTH },
        {
          clk: io.clk,
          write_enable: at(lstm, CELL_STAGE),
          write_address: cellAddress(CELL_STAGE),
          write_data: cellNext,
          read_enable: at(lstm, CELL_READ_STAGE),
          read_address: cellAddress(CELL_READ_STAGE),
          read_data: stored,
        },
      );
      const fresh = at(restart, CELL_READ_STAGE + 1);

      const xFirst = m.wire('x_first', field('x_first').and(outputLayer.not()));
      const shifts = {
        shift_x: m.wire('shift_x', field('shift_x')),
        shift_h: m.wire('shift_h', field('shift_h')),
        shift_bias: m.wire('shift_bias', field('shift_bias')),
        round: m.wire('round', field('round')),
      };
      const cellShift = delayed(m, io.clk, 'cell_shift', field('cell_shift'), U_STAGE);
      const cNext = delayed(m, io.clk, 'cell_next', cellNext, HIDDEN_STAGE - CELL_STAGE);
      m.assign(io.trace_cell, at(cNext, HIDDEN_STAGE - CELL_STAGE));

      m.forEach('lane', p.CELL_LANES, (lane, scope) => {
        const u = scope.net('u', uint(GATE_COUNT * TABLE_INPUT_BITS));
        scope.forEach('gate', GATE_COUNT, (gate, inner) => {
          const place = lane.times(GATE_COUNT).plus(gate);
          const ready = inner.wire(
            'ready',
            io.ready_sums.part(place.times(p.ACC_BITS), p.ACC_BITS).asSigned(),
          );
          const complete = inner.wire(
            'complete',
            io.complete_sums.part(place.times(p.ACC_BITS), p.ACC_BITS).asSigned(),
          );
          const none = inner.wire('masked', outputLayer.choose(zeroOf(p.ACC_BITS), ready));
          inner.instance(
            'u_gate_sum',
            parts.gateSum,
            {
              ACC_BITS: p.ACC_BITS,
              BIAS_BITS: p.BIAS_BITS,
              SUM_BITS: p.SUM_BITS,
              SHIFT_X_BITS: p.SHIFT_X_BITS,
              SHIFT_H_BITS: p.SHIFT_H_BITS,
              SHIFT_BIAS_BITS: p.SHIFT_BIAS_BITS,
              ROUND_BITS: p.ROUND_BITS,
              ROUND_MOST: p.ROUND_MOST,
            },
            {
              clk: io.clk,
              x_sum: inner.wire('x_sum', xFirst.choose(ready, complete)),
              h_sum: inner.wire('h_sum', xFirst.choose(complete, none)),
              bias: inner.wire(
                'bias',
                biases.part(place.times(p.BIAS_BITS), p.BIAS_BITS).asSigned(),
              ),
              ...shifts,
              sum: io.sums.part(place.times(p.SUM_BITS), p.SUM_BITS),
              u: u.part(gate.times(TABLE_INPUT_BITS), TABLE_INPUT_BITS),
            },
          );
        });
        const gateInput = (name: string, gate: number) =>
          scope.wire(name, u.part(gate * TABLE_INPUT_BITS, TABLE_INPUT_BITS).asSigned());
        const c0 = scope.wire(
          'cell_now',
          repeat(p.CELL_BITS, fresh.not())
            .and(stored.part(lane.times(p.CELL_BITS), p.CELL_BITS))
            .asSigned(),
          'zero in the first frame of an utterance',
        );
        scope.instance(
          'u_lane',
          parts.lane,
          {
            ACT_BITS: p.ACT_BITS,
            CELL_BITS: p.CELL_BITS,
            CELL_POINT: p.CELL_POINT,
            CELL_SHIFT_MOST: p.CELL_SHIFT_MOST,
            CELL_SHIFT_BITS: p.CELL_SHIFT_BITS,
          },
          {
            clk: io.clk,
            u_i: gateInput('u_i', 0),
            u_f: gateInput('u_f', 1),
            u_g: gateInput('u_g', 2),
            u_o: gateInput('u_o', 3),
            cell_now: c0,
            cell_shift: at(cellShift, U_STAGE),
            cell_next: cellNext.part(lane.times(p.CELL_BITS), p.CELL_BITS),
            hidden: io.h_data.part(lane.times(p.ACT_BITS), p.ACT_BITS),
          },
        );
      });
    },
  });
}

function zeroOf(width: Expr['width']): Expr<'s'> {
  return literal(0, width).asSigned();
}

export type CellUpdate = ReturnType<typeof cellUpdate>;
