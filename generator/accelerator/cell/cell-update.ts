import { defineBlock } from '../build/define-block.js';
import { delayed } from '../build/pipeline.js';
import type { Ram, Rom } from '../memory/leaf.js';
import { type Configuration, isTimeMultiplexed } from '../plan/configuration.js';
import { cellParameters, cellPorts, cellRelations } from './cell-interface.js';
import { cellLanes } from './cell-lanes.js';
import { biasWord, laneSignals, timeMultiplexed, turns, visibleSteps } from './cell-parts.js';
import { cellTrace, type TraceSignals } from './cell-trace.js';
import { hasState } from './kinds.js';
import type { LaneParts } from './lane-sums.js';
import { nameStages } from './stage-names.js';
import { cellStages, operandStage } from './stages.js';
import { hAddress, stateMemory } from './state-memory.js';
import { firstSteps } from './step-addresses.js';
import { type CellKit, stepLines } from './step-lines.js';
import { tableEntry } from './table-entry.js';
import type { LaneModule } from './unit.js';
import { overlapsIn, stepsApart } from './units.js';

/** Cells of all lanes at once: aligned sums, the cell's update, c memory, h and output writes. */
export function cellUpdate(
  c: Configuration,
  parts: {
    readonly rom: Rom;
    readonly ram: Ram;
  } & LaneParts,
) {
  const cycles = cellStages(c);
  const pace = isTimeMultiplexed(c)
    ? `one cell every ${c.cellCycles} cycles, in a time-multiplexed lane${overlapsIn(c) ? ' whose cells overlap' : ''}`
    : 'CELL_LANES cells per cycle, fully pipelined';
  return defineBlock({
    name: `${c.name}_cell_update`,
    doc: `Cell update of ${pace}. Biases and c are stored in the order of the steps of a frame, so counters address both. The output layer leaves after ${cycles.sum} cycles as exact sums; h is written ${cycles.hidden} cycles after the sums arrive.`,
    parameters: cellParameters(c),
    relations: (p) => cellRelations(c, p),
    ports: (p) => cellPorts(c, p),
    body: (m, p, io) => {
      const entry = tableEntry(c, m, p, io, parts.rom);
      const outputLayer = m.wire('output_layer', entry.field('output_layer'));
      const stage = nameStages(m, { ...cycles, operand: operandStage(c) }, hasState(c));
      const lines = stepLines(c, m, io, entry, outputLayer, stage, cycles);
      const kit: CellKit = { c, m, p, io, entry, stage, cycles, lines };
      const biases = biasWord(kit, parts.rom);
      visibleSteps(kit);
      m.comment('Words of c and h: from the base of the layer on, in the order of its steps.');
      const first = firstSteps(m, io, {
        ...{ cells: lines.cells, apart: stepsApart(c) },
        ...{ stages: stage.hidden.minus(1), last: cycles.hidden - 1 },
      });
      hAddress(kit, first);
      const state = hasState(c) ? stateMemory(kit, first, parts) : null;
      const signals = { ...laneSignals(kit, outputLayer), biases };
      const trace = (sums: TraceSignals['sums']): void =>
        cellTrace(m, p, io, stage, {
          ...{ steps: lines.cells, first, sums, slices: c.slices },
          cellNext: state === null ? null : state.cellNext,
        });
      if (isTimeMultiplexed(c)) {
        if (state === null) throw new Error('a time-multiplexed lane keeps a state');
        const [lane] = parts.lanes as readonly [LaneModule];
        trace(timeMultiplexed(kit, { ...parts, lane }, signals, state));
        return;
      }
      const { field } = entry;
      const shift = (line: string) => delayed(m, io.clk, line, field(line), stage.u).at(stage.u);
      const kept = state && { ...state, cellShift: shift('cell_shift') };
      const range = (line: string) => shift(line).asSigned();
      const ranges = c.ranges ? { low: range('range_low'), high: range('range_high') } : null;
      const line = (name: string) => delayed(m, io.clk, name, field(name), stage.sum).at(stage.sum);
      const peephole = c.peepholes ? line('peephole_shift') : null;
      const flat = turns(kit);
      cellLanes(m, p, io, parts, { ...signals, state: kept, ranges, flat, peephole });
      trace(null);
    },
  });
}

export type CellUpdate = ReturnType<typeof cellUpdate>;
