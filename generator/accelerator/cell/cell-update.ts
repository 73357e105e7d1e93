import {
  allOf,
  concat,
  defineModule,
  type Expr,
  indexBits,
  int,
  literal,
  parameterValue,
  set,
  uint,
  when,
} from '../../hdl/index.js';
import { type Configuration, GATE_COUNT } from '../configuration.js';
import { recordLayout } from '../decoder/fields.js';
import { DECODER_LATENCY } from '../decoder/latency.js';
import { cellTableFields } from '../layer-table.js';
import type { Ram, Rom } from '../memory/leaf.js';
import { delayed, delayedValid, delayedWhen } from '../pipeline.js';
import { cellParameters, cellPorts, cellRelations } from './cell-interface.js';
import { cellLanes } from './cell-lanes.js';
import { GATE_SUM_LATENCY, type GateSum, TABLE_INPUT_LATENCY } from './gate-sum.js';
import { CELL_LATENCY, CELL_READ_LATENCY, HIDDEN_LATENCY, type LstmLane } from './lstm-lane.js';
import { type StepsInFlight, stepCounter, stepPlace } from './step-counters.js';

/** Stages counted from the cycle in which sums are at the lanes. */
const OPERAND_STAGE = 1;
/** Aligned sums. */
export const SUM_STAGE = OPERAND_STAGE + GATE_SUM_LATENCY;
const U_STAGE = SUM_STAGE + TABLE_INPUT_LATENCY;
/** Address of c, two cycles before c is used: memory, then the register that masks it. */
const CELL_READ_STAGE = U_STAGE + CELL_READ_LATENCY - 2;
const CELL_STAGE = U_STAGE + CELL_LATENCY;
export const HIDDEN_STAGE = U_STAGE + HIDDEN_LATENCY;
/**
 * A row group set retires so early that the first tile issued after it reads h one cycle after it was
 * written: the tile reads DECODER_LATENCY cycles after its issue, the issue comes one cycle after the event.
 */
export const RETIRE_STAGE = HIDDEN_STAGE - DECODER_LATENCY;

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
    doc: `Cell update of CELL_LANES cells per cycle, fully pipelined. Biases and c are stored in the order of the steps of a frame, so counters address both. The output layer leaves after ${SUM_STAGE} cycles as exact sums; h is written ${HIDDEN_STAGE} cycles after the sums arrive.`,
    parameters: cellParameters(c),
    relations: cellRelations,
    ports: cellPorts,
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
      const positionBits = m.local(indexBits(p.BIAS_DEPTH));
      const position = m.reg(uint(positionBits), 'step within the frame');
      const zero = literal(0, positionBits);
      const positionNext = m.wire(
        io.step.choose(io.frame_end.choose(zero, position.increment()), position),
      );
      m.always(io.clk, [when(io.rst, [set(position, zero)], [set(position, positionNext)])]);
      const biases = m.net('biases', uint(p.CELL_LANES.times(GATE_COUNT).times(p.BIAS_BITS)));
      m.instance(
        'u_bias',
        parts.rom,
        { clk: io.clk, enable: one, address: positionNext, data: biases },
        {
          WIDTH: p.CELL_LANES.times(GATE_COUNT).times(p.BIAS_BITS),
          DEPTH: p.BIAS_DEPTH,
          INIT_FILE: { parameter: 'BIAS_FILE' },
        },
      );
      const entry = m.net('entry', uint(record.width), 'cell table word of the layer of the step');
      m.instance(
        'u_cell_table',
        parts.rom,
        { clk: io.clk, enable: io.take, address: io.take_layer, data: entry },
        { WIDTH: record.width, DEPTH: p.LAYERS, INIT_FILE: { parameter: 'CELL_FILE' } },
      );
      m.comment('Fields of the cell table word.');
      const field = record.unpackAll(m, 'entry', entry);
      const outputLayer = m.wire('output_layer', field('output_layer'));
      const layerLeaves = m.wire(
        'layer_leaves',
        field('leaves'),
        'its h is the output of the network',
      );

      m.comment(
        `Valid bits and flags that travel with a step: bit n of a line is n + 1 cycles late. In cycle ${SUM_STAGE} after the step the sums are aligned, in ${U_STAGE} they are at the tables, c is read in ${CELL_READ_STAGE} and written in ${CELL_STAGE}, in ${HIDDEN_STAGE} h is written.`,
      );
      const at = <T>(taps: readonly T[], stage: number): T => taps[stage] as T;
      const line = (name: string, value: Expr<'u'>, stages = HIDDEN_STAGE) =>
        delayedValid(m, io.clk, io.rst, name, value, stages);
      const steps = line('step', io.step);
      const lstm = line('lstm', allOf(io.step, outputLayer.not()));
      const retire = line('retire', allOf(io.step, io.step_last), RETIRE_STAGE);
      const layerEnd = line('layer_end', allOf(io.step, io.step_last, io.group_last));
      const end = line('end', allOf(io.step, io.frame_end));
      const flag = (name: string, value: Expr<'u'>, stages = HIDDEN_STAGE) =>
        delayed(m, io.clk, name, value, stages);
      const leaves = flag('leaves', layerLeaves);
      const parity = flag('parity', io.parity);
      const restart = flag('restart', io.restart, CELL_READ_STAGE + 1);
      const sumLstm = at(lstm, SUM_STAGE);
      m.assign(io.retire, at(retire, RETIRE_STAGE));
      m.assign(io.sum_valid, allOf(at(steps, SUM_STAGE), sumLstm.not()));
      m.assign(io.sum_end, allOf(io.sum_valid, at(end, SUM_STAGE)));
      m.assign(io.h_valid, at(lstm, HIDDEN_STAGE));
      m.assign(io.h_leaves, at(leaves, HIDDEN_STAGE));
      m.assign(io.h_end, allOf(io.h_valid, at(end, HIDDEN_STAGE)));

      m.comment('Where the step of a stage stands: every stage that asks has counters of its own.');
      const inFlight: StepsInFlight = { clk: io.clk, rst: io.rst, steps, lstm, layerEnd, end };
      const layerNumberBits = m.local(indexBits(p.LAYERS));
      const widths = { step: p.H_ADDRESS_BITS, layer: layerNumberBits };
      const sumPlace = stepPlace(m, inFlight, 'sum_at', SUM_STAGE, widths);
      const hPlace = stepPlace(m, inFlight, 'h_at', HIDDEN_STAGE, widths);
      m.assign(io.trace_sum_valid, sumLstm);
      m.assign(io.trace_sum_layer, sumPlace.layer);
      m.assign(io.trace_sum_step, sumPlace.step);
      m.assign(io.trace_cell_layer, hPlace.layer);
      m.assign(io.trace_cell_step, hPlace.step);
      const hWord = stepCounter(m, inFlight, 'h_word', HIDDEN_STAGE, p.H_ADDRESS_BITS, {
        doc: 'word within the h buffer; a layer starts at a whole row of the memory',
        jump: parameterValue(p.H_ALIGN_MASK, p.H_ADDRESS_BITS),
      });
      m.assign(
        io.h_address,
        hWord.addWrap(
          at(parity, HIDDEN_STAGE).choose(
            parameterValue(p.H_BUFFER_WORDS, p.H_ADDRESS_BITS),
            literal(0, p.H_ADDRESS_BITS),
          ),
        ),
      );

      m.comment('c memory: read just before the gates are ready, written as soon as c is.');
      const cellWord = uint(p.CELL_LANES.times(p.CELL_BITS));
      const stored = m.net('cell_stored', cellWord);
      const cellNext = m.net('cell_next', cellWord);
      const cellAddressBits = m.local(indexBits(p.CELL_DEPTH));
      const cellCounter = (name: string, stage: number) =>
        stepCounter(m, inFlight, name, stage, cellAddressBits, {
          doc: 'step within the frame',
        });
      m.instance(
        'u_c',
        parts.ram,
        {
          clk: io.clk,
          write_enable: at(lstm, CELL_STAGE),
          write_address: cellCounter('c_write_address', CELL_STAGE),
          write_data: cellNext,
          read_enable: at(lstm, CELL_READ_STAGE),
          read_address: cellCounter('c_read_address', CELL_READ_STAGE),
          read_data: stored,
        },
        { WIDTH: p.CELL_LANES.times(p.CELL_BITS), DEPTH: p.CELL_DEPTH },
      );
      const fresh = at(restart, CELL_READ_STAGE + 1);

      const xFirst = m.wire('x_first', field('x_first').and(outputLayer.not()));
      const late = (name: string) => {
        const value = field(name);
        const register = m.reg(name, uint(value.width));
        m.always(io.clk, [when(io.step, [set(register, value)])]);
        return register;
      };
      const shifts = {
        shift_x: late('shift_x'),
        shift_h: late('shift_h'),
        shift_bias: late('shift_bias'),
        round: late('round'),
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
        ...steps.slice(OPERAND_STAGE, SUM_STAGE),
        ...lstm.slice(SUM_STAGE, U_STAGE),
      ]);
      const laneActive = vector('lane_active', lstm.slice(U_STAGE, HIDDEN_STAGE));
      m.assign(io.trace_cell, at(cNext, HIDDEN_STAGE - CELL_STAGE));

      cellLanes(m, p, io, parts, {
        outputLayer,
        xFirst,
        biases,
        shifts,
        step: io.step,
        sumActive,
        laneActive,
        cellRead: at(lstm, CELL_READ_STAGE + 1),
        fresh,
        cellStored: stored,
        cellNext,
        cellShift: at(cellShift, U_STAGE),
      });
    },
  });
}

export type CellUpdate = ReturnType<typeof cellUpdate>;
