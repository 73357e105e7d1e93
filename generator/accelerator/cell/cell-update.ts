import {
  allOf,
  anyOf,
  concat,
  type Expr,
  type Int,
  indexBits,
  int,
  literal,
  parameterValue,
  set,
  uint,
  when,
} from '../../hdl/index.js';
import { defineBlock } from '../build/define-block.js';
import { delayed, delayedValid, type Line } from '../build/pipeline.js';
import { recordLayout } from '../build/record.js';
import { cellTableFields } from '../control/cell-table.js';
import { MEM_DIR } from '../images/names.js';
import type { Ram, Rom } from '../memory/leaf.js';
import { type Configuration, gatesTakeTurns } from '../plan/configuration.js';
import { cellParameters, cellPorts, cellRelations, lanesOf } from './cell-interface.js';
import { cellLanes } from './cell-lanes.js';
import { cellTrace, type TraceSignals } from './cell-trace.js';
import { GATE_SUM_LATENCY, type GateSum } from './gate-sum.js';
import { nameStages } from './stage-names.js';
import { cellStages } from './stages.js';
import { type StepsInFlight, stepCounter } from './step-counters.js';
import { turnLanes } from './turn-lanes.js';
import type { LaneModule } from './unit.js';
import { gatesOf } from './units.js';

/** Cells of all lanes at once: aligned sums, the cell's update, c memory, h and output writes. */
export function cellUpdate(
  c: Configuration,
  parts: {
    readonly rom: Rom;
    readonly ram: Ram;
    readonly gateSum: GateSum;
    readonly lane: LaneModule;
  },
) {
  const cycles = cellStages(c);
  const pace = gatesTakeTurns(c)
    ? `one cell every ${c.cellCycles} cycles, its gates in turn`
    : 'CELL_LANES cells per cycle, fully pipelined';
  return defineBlock({
    name: `${c.name}_cell_update`,
    doc: `Cell update of ${pace}. Biases and c are stored in the order of the steps of a frame, so counters address both. The output layer leaves after ${cycles.sum} cycles as exact sums; h is written ${cycles.hidden} cycles after the sums arrive.`,
    parameters: cellParameters(c),
    relations: cellRelations,
    ports: (p) => cellPorts(c, p),
    body: (m, p, io) => {
      const turns = gatesTakeTurns(c);
      const lanes = lanesOf(p);
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
      const entry = m.net('entry', uint(record.width), 'cell table word of the layer of the step');
      m.instance(
        'u_cell_table',
        parts.rom,
        { clk: io.clk, enable: io.take, address: io.take_layer, data: entry },
        { WIDTH: record.width, DEPTH: p.LAYERS, MEM_DIR, INIT_FILE: { parameter: 'CELL_FILE' } },
      );
      m.comment('Fields of the cell table word.');
      const fieldOf = record.places(m, 'entry');
      const field = (name: string): Expr<'u'> => fieldOf(entry, name);
      const outputLayer = m.wire('output_layer', field('output_layer'));
      const layerLeaves = m.wire(
        'layer_leaves',
        field('leaves'),
        'its h is the output of the network',
      );

      const stage = nameStages(m, cycles);
      m.comment(
        'Valid bits and flags that travel with a step: bit n of a line is n + 1 cycles late.',
      );
      const line = (name: string, value: Expr<'u'>, stages: Int = stage.hidden) =>
        delayedValid(m, io.clk, io.rst, name, value, stages);
      const steps = line('step', io.step, stage.lastSum);
      const lstm = line('lstm', allOf(io.step, outputLayer.not()));
      const retire = line('retire', allOf(io.step, io.step_last), stage.retire);
      const layerEnd = line('layer_end', allOf(io.step, io.step_last, io.group_last));
      const end = line('end', allOf(io.step, io.frame_end));
      const flag = (name: string, value: Expr<'u'>, stages: Int = stage.hidden) =>
        delayed(m, io.clk, name, value, stages);
      const leaves = flag('leaves', layerLeaves);
      const parity = flag('parity', io.parity);
      const restart = flag('restart', io.restart, stage.cellRead.plus(1));

      m.comment('Biases are stored in the order of the steps of a frame.');
      // a step keeps its biases until the last gate has been at the lane
      const [done, doneEnd] = turns
        ? [steps.at(c.slices - 1), end.at(c.slices - 1)]
        : [io.step, io.frame_end];
      const positionBits = m.local(indexBits(p.BIAS_DEPTH));
      const position = m.reg(uint(positionBits), 'step within the frame');
      const zero = literal(0, positionBits);
      const positionNext = m.wire(
        done.choose(doneEnd.choose(zero, position.increment()), position),
      );
      m.always(io.clk, [when(io.rst, [set(position, zero)], [set(position, positionNext)])]);
      const biases = m.net('biases', uint(lanes.times(c.slices).times(p.BIAS_BITS)));
      m.instance(
        'u_bias',
        parts.rom,
        { clk: io.clk, enable: literal(1, 1), address: positionNext, data: biases },
        {
          WIDTH: lanes.times(c.slices).times(p.BIAS_BITS),
          DEPTH: p.BIAS_DEPTH,
          MEM_DIR,
          INIT_FILE: { parameter: 'BIAS_FILE' },
        },
      );

      // where gates take turns, a step has a sum in each of these stages
      const turnsOf = Array.from({ length: turns ? c.slices : 1 }, (_, n) => n);
      const sums = (line: Line<'u'>) => anyOf(...turnsOf.map((n) => line.at(stage.sum.plus(n))));
      m.assign(io.retire, retire.at(stage.retire));
      m.assign(io.sum_valid, allOf(sums(steps), sums(lstm).not()));
      m.assign(io.sum_end, allOf(io.sum_valid, end.at(stage.lastSum)));
      m.assign(io.h_valid, lstm.at(stage.hidden));
      m.assign(io.h_leaves, leaves.at(stage.hidden));
      m.assign(io.h_end, allOf(io.h_valid, end.at(stage.hidden)));

      const inFlight: StepsInFlight = { clk: io.clk, rst: io.rst, lstm, layerEnd, end };
      const hWord = stepCounter(m, inFlight, 'h_word', stage.hidden, p.H_ADDRESS_BITS, {
        doc: 'word within the h buffer; a layer starts at a whole row of the memory',
        jump: parameterValue(p.H_ALIGN_MASK, p.H_ADDRESS_BITS),
      });
      m.assign(
        io.h_address,
        hWord.addWrap(
          parity
            .at(stage.hidden)
            .choose(
              parameterValue(p.H_BUFFER_WORDS, p.H_ADDRESS_BITS),
              literal(0, p.H_ADDRESS_BITS),
            ),
        ),
      );

      m.comment('c memory: read just before the gates are ready, written as soon as c is.');
      const cellWord = uint(lanes.times(p.CELL_BITS));
      const stored = m.net('cell_stored', cellWord);
      const cellNext = m.net('cell_next', cellWord);
      const cellAddressBits = m.local(indexBits(p.CELL_DEPTH));
      const cellCounter = (name: string, stage: Int) =>
        stepCounter(m, inFlight, name, stage, cellAddressBits, {
          doc: 'step within the frame',
        });
      m.instance(
        'u_c',
        parts.ram,
        {
          clk: io.clk,
          write_enable: lstm.at(stage.cell),
          write_address: cellCounter('c_write_address', stage.cell),
          write_data: cellNext,
          read_enable: lstm.at(stage.cellRead),
          read_address: cellCounter('c_read_address', stage.cellRead),
          read_data: stored,
        },
        { WIDTH: lanes.times(p.CELL_BITS), DEPTH: p.CELL_DEPTH },
      );
      const fresh = restart.at(stage.cellRead.plus(1));

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
        round: delayed(m, io.clk, 'round', late('round'), GATE_SUM_LATENCY).at(GATE_SUM_LATENCY),
      };
      // a stage of the gate sum is active for as many cycles as there are gates in turn
      const during = (line: Line<'u'>, first: Int, past: Int) =>
        turnsOf.map((n) => line.from(first.plus(n), past.plus(n))).reduce((a, b) => a.or(b));
      const sumActive = m.wire(
        'sum_active',
        concat(during(lstm, stage.sum, stage.u), during(steps, stage.operand, stage.sum)),
      );
      const laneActive = m.wire('lane_active', lstm.from(stage.u, stage.hidden));

      const signals = {
        outputLayer,
        xFirst,
        biases,
        shifts,
        step: io.step,
        sumActive,
        laneActive,
        cellRead: lstm.at(stage.cellRead.plus(1)),
        fresh,
        cellStored: stored,
        cellNext,
        gates: gatesOf(c),
      };
      const { gateSum, lane } = parts;
      const trace = (sums: TraceSignals['sums']): void =>
        cellTrace(m, p, io, stage, { inFlight, cellNext, sums, slices: c.slices });
      if (turns) {
        const cellShift = m.reg('cell_shift', uint(p.CELL_SHIFT_BITS), 'from u to c of a cell');
        m.always(io.clk, [when(lstm.at(stage.u.minus(1)), [set(cellShift, field('cell_shift'))])]);
        const sum = turnLanes(
          m,
          p,
          io,
          { gateSum, lane },
          {
            ...{ ...signals, cellShift },
            turns: turnsOf.map((n) => steps.at(n)),
          },
        );
        const rest = p.SUM_BITS.times(c.slices - 1);
        const before = m.net('sums_before', uint(rest), 'of the gates before, for the trace');
        m.assign(io.sums, concat(sum, before));
        const collect = anyOf(...turnsOf.slice(1).map((n) => lstm.at(stage.sum.plus(n - 1))));
        trace({ sum, collect, before });
      } else {
        const cellShifts = delayed(m, io.clk, 'cell_shift', field('cell_shift'), stage.u);
        const cellShift = cellShifts.at(stage.u);
        cellLanes(m, p, io, { gateSum, lane }, { ...signals, cellShift });
        trace(null);
      }
    },
  });
}

export type CellUpdate = ReturnType<typeof cellUpdate>;
