import {
  allOf,
  anyOf,
  concat,
  type Expr,
  type Int,
  literal,
  parameterValue,
  set,
  uint,
  when,
} from '../../hdl/index.js';
import { defineBlock } from '../build/define-block.js';
import { delayed, delayedValid, type Line } from '../build/pipeline.js';
import { MEM_DIR } from '../images/names.js';
import type { Ram, Rom } from '../memory/leaf.js';
import { type Configuration, gatesTakeTurns } from '../plan/configuration.js';
import { cellParameters, cellPorts, cellRelations, lanesOf } from './cell-interface.js';
import { cellLanes } from './cell-lanes.js';
import { cellTrace, type TraceSignals } from './cell-trace.js';
import { GATE_SUM_LATENCY, type GateSum } from './gate-sum.js';
import { nameStages } from './stage-names.js';
import { cellStages } from './stages.js';
import { biasAddress, firstSteps, type LayerStarts, stepCounters } from './step-addresses.js';
import { tableEntry } from './table-entry.js';
import { turnLanes } from './turn-lanes.js';
import type { LaneModule } from './unit.js';
import { gatesOf, laneOf } from './units.js';

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
      const entry = tableEntry(m, p, io, parts.rom);
      const { field } = entry;
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
      const cells = line('cell_step', allOf(io.step, outputLayer.not()));
      const retire = line('retire', allOf(io.step, io.step_last), stage.retire);
      const end = line('end', allOf(io.step, io.frame_end));
      const flag = (name: string, value: Expr<'u'>, stages: Int = stage.hidden) =>
        delayed(m, io.clk, name, value, stages);
      const leaves = flag('leaves', layerLeaves);
      const parity = flag('parity', io.parity);
      const restart = flag('restart', io.restart, stage.cellRead.plus(1));

      // a step keeps its biases until the last gate has been at the lane
      const done = turns ? steps.at(c.slices - 1) : io.step;
      const biases = m.net('biases', uint(lanes.times(c.slices).times(p.BIAS_BITS)));
      m.instance(
        'u_bias',
        parts.rom,
        {
          clk: io.clk,
          enable: literal(1, 1),
          address: biasAddress(m, io, entry, done),
          data: biases,
        },
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
      m.assign(io.sum_valid, allOf(sums(steps), sums(cells).not()));
      m.assign(io.sum_end, allOf(io.sum_valid, end.at(stage.lastSum)));
      m.assign(io.h_valid, cells.at(stage.hidden));
      m.assign(io.h_leaves, leaves.at(stage.hidden));
      m.assign(io.h_end, allOf(io.h_valid, end.at(stage.hidden)));

      m.comment('Words of c and h: from the base of the layer on, in the order of its steps.');
      const starts: LayerStarts = {
        ...{ clk: io.clk, steps: cells, entry },
        first: firstSteps(m, io, stage.hidden.minus(1)),
        apart: turns ? laneOf(c).cycles : 1,
      };
      const [hWord] = stepCounters(m, starts, 'h_base', [
        { name: 'h_word', stage: stage.hidden, cycles: cycles.hidden },
      ]) as [Expr<'u'>];
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
      const [cRead, cWrite] = stepCounters(m, starts, 'c_base', [
        { name: 'c_read_address', stage: stage.cellRead, cycles: cycles.cellRead },
        { name: 'c_write_address', stage: stage.cell, cycles: cycles.cell },
      ]) as [Expr<'u'>, Expr<'u'>];
      m.instance(
        'u_c',
        parts.ram,
        {
          clk: io.clk,
          write_enable: cells.at(stage.cell),
          write_address: cWrite,
          write_data: cellNext,
          read_enable: cells.at(stage.cellRead),
          read_address: cRead,
          read_data: stored,
        },
        { WIDTH: lanes.times(p.CELL_BITS), DEPTH: p.CELL_DEPTH },
      );
      const fresh = restart.at(stage.cellRead.plus(1));

      const xFirst = io.x_first ?? m.wire('x_first', field('x_first').and(outputLayer.not()));
      if (io.x_first !== undefined) m.unused('order', field('x_first'));
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
        concat(during(cells, stage.sum, stage.u), during(steps, stage.operand, stage.sum)),
      );
      const laneActive = m.wire('lane_active', cells.from(stage.u, stage.hidden));

      const signals = {
        alone: io.alone ?? null,
        outputLayer,
        xFirst,
        biases,
        shifts,
        step: io.step,
        sumActive,
        laneActive,
        cellRead: cells.at(stage.cellRead.plus(1)),
        fresh,
        cellStored: stored,
        cellNext,
        gates: gatesOf(c),
      };
      const { gateSum, lane } = parts;
      const trace = (sums: TraceSignals['sums']): void =>
        cellTrace(m, p, io, stage, {
          steps: cells,
          first: starts.first,
          cellNext,
          sums,
          slices: c.slices,
        });
      if (turns) {
        const cellShift = m.reg('cell_shift', uint(p.CELL_SHIFT_BITS), 'from u to c of a cell');
        m.always(io.clk, [when(cells.at(stage.u.minus(1)), [set(cellShift, field('cell_shift'))])]);
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
        const collect = anyOf(...turnsOf.slice(1).map((n) => cells.at(stage.sum.plus(n - 1))));
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
