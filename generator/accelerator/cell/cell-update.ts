import {
  allOf,
  bit,
  concat,
  defineModule,
  type Expr,
  type Int,
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
import { cellTableFields, hWriteBits, hWriteHalf } from '../layer-table.js';
import type { Ram, Rom } from '../memory/leaf.js';
import { delayedValid, delayedWhen } from '../pipeline.js';
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
  return defineModule({
    name: `${c.name}_cell_update`,
    doc: 'Cell update of CELL_LANES cells per cycle, fully pipelined. Biases and c are stored in the order of the steps of a frame, so counters address both. The output layer leaves after two cycles as exact sums; h is written eighteen cycles after the sums arrive.',
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
      H_ADDRESS_BITS: integer(hWriteBits(c), 'Bits of an h write address'),
      H_ALIGN: integer(
        Math.max(1, c.tileColumns / c.cellLanes) - 1,
        'Low bits that are ones in the last h word of a layer',
        0,
      ),
      H_HALF: integer(hWriteHalf(c), 'Words of CELL_LANES in one h buffer', 0),
      BIAS_FILE: text('mem/bias.mem', 'Image of the bias ROM: [lane][gate]'),
      CELL_FILE: text('mem/cells.mem', 'Image of the cell table'),
    },
    ports: (p) => ({
      clk: input(bit),
      rst: input(bit),
      take: input(bit, 'a row group set goes to the lane feed'),
      take_layer: input(uint(indexBits(p.LAYERS)), 'its layer'),
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
        }),
      );
      m.comment('Biases are stored in the order of the steps of a frame.');
      const one = literal(1, 1);
      const position = m.reg('position', uint(indexBits(p.BIAS_DEPTH)), 'step within the frame');
      const zero = literal(0, position.width);
      const positionNext = m.wire(
        'position_next',
        io.step.choose(io.frame_end.choose(zero, position.increment()), position),
      );
      m.always(io.clk, [when(io.rst, [set(position, zero)], [set(position, positionNext)])]);
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

      m.comment('Valid bits and flags that travel with a step.');
      const at = <T>(taps: readonly T[], stage: number): T => taps[stage] as T;
      const line = (name: string, value: Expr<'u'>, stages = HIDDEN_STAGE) =>
        delayedValid(m, io.clk, io.rst, name, value, stages);
      const steps = line('step', io.step);
      const lstm = line('lstm', allOf(io.step, outputLayer.not()));
      const retire = line('retire', allOf(io.step, io.step_last), RETIRE_STAGE);
      const layerEnd = line('layer_end', allOf(io.step, io.step_last, io.group_last));
      const end = line('end', allOf(io.step, io.frame_end));
      const leaves = line('leaves', field('leaves'));
      const parity = line('parity', io.parity);
      const restart = line('restart', io.restart, CELL_READ_STAGE + 1);
      const sumValid = at(steps, GATE_SUM_LATENCY);
      const sumLstm = at(lstm, GATE_SUM_LATENCY);
      m.assign(io.retire, at(retire, RETIRE_STAGE));
      m.assign(io.sum_valid, allOf(sumValid, sumLstm.not()));
      m.assign(io.sum_end, allOf(sumValid, sumLstm.not(), at(end, GATE_SUM_LATENCY)));
      m.assign(io.h_valid, at(lstm, HIDDEN_STAGE));
      m.assign(io.h_leaves, at(leaves, HIDDEN_STAGE));
      m.assign(io.h_end, at(lstm, HIDDEN_STAGE).and(at(end, HIDDEN_STAGE)));

      m.comment('Where the step of a stage stands: every stage that asks has counters of its own.');
      const place = (name: string, stage: number) => {
        const row = m.reg(`${name}_row`, uint(p.H_ADDRESS_BITS), 'step within its layer');
        const layer = m.reg(`${name}_layer`, uint(indexBits(p.LAYERS)));
        const none = [set(row, literal(0, row.width)), set(layer, literal(0, layer.width))];
        m.always(io.clk, [
          when(io.rst.or(at(end, stage)), none, [
            when(
              at(layerEnd, stage),
              [set(row, literal(0, row.width)), set(layer, layer.increment())],
              [when(at(steps, stage), [set(row, row.increment())])],
            ),
          ]),
        ]);
        return { row, layer };
      };
      const sumPlace = place('sum_at', GATE_SUM_LATENCY);
      const hPlace = place('h_at', HIDDEN_STAGE);
      m.assign(io.trace_sum_valid, sumLstm);
      m.assign(io.trace_sum_layer, sumPlace.layer);
      m.assign(io.trace_sum_step, sumPlace.row);
      m.assign(io.trace_cell_layer, hPlace.layer);
      m.assign(io.h_row, hPlace.row);
      const counter = (name: string, stage: number, width: Int, doc: string, jump?: Expr<'u'>) => {
        const count = m.reg(name, uint(width), doc);
        const zeroCount = literal(0, width);
        const next = jump
          ? at(layerEnd, stage).choose(count.or(jump), count).increment()
          : count.increment();
        m.always(io.clk, [
          when(
            io.rst.or(at(end, stage)),
            [set(count, zeroCount)],
            [when(at(lstm, stage), [set(count, next)])],
          ),
        ]);
        return count;
      };
      const hWord = counter(
        'h_word',
        HIDDEN_STAGE,
        p.H_ADDRESS_BITS,
        'word within the h buffer; a layer starts at a whole row of the memory',
        parameterValue(p.H_ALIGN, p.H_ADDRESS_BITS),
      );
      m.assign(
        io.h_address,
        hWord.addWrap(
          at(parity, HIDDEN_STAGE).choose(
            parameterValue(p.H_HALF, p.H_ADDRESS_BITS),
            literal(0, p.H_ADDRESS_BITS),
          ),
        ),
      );

      m.comment('c memory: read just before the gates are ready, written as soon as c is.');
      const cellWord = uint(p.CELL_LANES.times(p.CELL_BITS));
      const stored = m.net('cell_stored', cellWord);
      const cellNext = m.net('cell_next', cellWord);
      const cellBits = indexBits(p.CELL_DEPTH);
      m.instance(
        'u_c',
        parts.ram,
        { WIDTH: p.CELL_LANES.times(p.CELL_BITS), DEPTH: p.CELL_DEPTH },
        {
          clk: io.clk,
          write_enable: at(lstm, CELL_STAGE),
          write_address: counter('c_write', CELL_STAGE, cellBits, 'step within the frame'),
          write_data: cellNext,
          read_enable: at(lstm, CELL_READ_STAGE),
          read_address: counter('c_read', CELL_READ_STAGE, cellBits, 'step within the frame'),
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
      const cellShift = delayedWhen(
        m,
        io.clk,
        'cell_shift',
        field('cell_shift'),
        lstm.slice(0, U_STAGE),
      );
      const cNext = delayedWhen(
        m,
        io.clk,
        'cell_next',
        cellNext,
        lstm.slice(CELL_STAGE, HIDDEN_STAGE),
      );
      const vector = (name: string, bits: readonly Expr<'u'>[]) =>
        m.wire(name, concat(...[...bits].reverse()));
      const sumActive = vector('sum_active', [
        ...steps.slice(0, GATE_SUM_LATENCY),
        ...lstm.slice(GATE_SUM_LATENCY, U_STAGE),
      ]);
      const laneActive = vector('lane_active', lstm.slice(U_STAGE, HIDDEN_STAGE));
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
              active: sumActive,
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
            active: laneActive,
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
