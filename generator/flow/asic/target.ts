import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readFileBytes } from '../../base/files.js';
import type { FlowReport } from '../report/report.js';
import type { RunTarget } from '../target.js';
import { OPENSTA, YOSYS } from '../tools/tool-specs.js';
import { requireTool } from '../tools/tools.js';
import { netlistArea } from './area.js';
import { readCellLibrary } from './cell-library.js';
import { blocksOf, macrosInNetlist } from './macros.js';
import { timeNetlist } from './opensta.js';
import { ASIC_FOLDER, synthesiseToCells } from './yosys.js';

/** Clock that ABC sizes gates for when none is asked for, MHz. */
const DEFAULT_CLOCK_MHZ = 100;

/**
 * Synthesis to standard cells with Yosys and ABC, timing with OpenSTA where it is installed. Memories are macros: not
 * in the area, and timed as their Liberty file says. Wires are ideal: figures before layout.
 */
export const asicTarget: RunTarget = async (design, options, progress) => {
  const yosys = await requireTool(YOSYS);
  const sta = options.synthesisOnly ? null : await requireTool(OPENSTA);
  const library = await readCellLibrary(options.liberty);
  const macros = await (options.macros === undefined
    ? readFile(join(design.directory, 'flow/asic_memories.lib'))
    : readFileBytes(options.macros));
  const clockMHz = options.clockMHz ?? DEFAULT_CLOCK_MHZ;
  const counts = await synthesiseToCells({ design, yosys, library, macros, clockMHz, progress });
  const timing = sta === null ? null : await timeNetlist(design, sta, clockMHz, progress);
  const { total, types, blocks } = netlistArea(counts, design.name, library);
  const chip = design.chip();
  const folder = join(design.directory, ASIC_FOLDER);
  const { name, memoryBits } = design;
  const files = [`${name}.json`, `${name}.v`, 'area.txt', ...(sta === null ? [] : ['timing.txt'])];
  return {
    target: 'asic',
    device: library.name,
    package: null,
    tools: Object.fromEntries([yosys, ...(sta ? [sta] : [])].map((t) => [t.name, t.version])),
    fits: true,
    shortages: [],
    luts: null,
    registers: total.registers,
    multipliers: null,
    blockRams: null,
    singlePortRams: null,
    memoryBits,
    available: { luts: null, registers: null, multipliers: null, blockRams: null },
    cells: types,
    blocks: blocks.map(({ module, registers, area }) => ({
      block: blocksOf(module, chip).join(', '),
      ...{ luts: null, registers, multipliers: null, blockRams: null, cellArea: area },
    })),
    macros: macrosInNetlist(readFileSync(join(folder, 'macros.txt'), 'utf8'), chip),
    fmaxMHz: timing === null ? null : fastest(timing.slackNs, clockMHz),
    clockMHz: options.clockMHz ?? null,
    seed: null,
    cellArea: total.area,
    criticalPath: timing?.path ?? null,
    files: files.map((file) => `${ASIC_FOLDER}/${file}`),
  } satisfies FlowReport;
};

/** The clock at which nothing is left of the period. */
function fastest(slackNs: number, clockMHz: number): number {
  return Math.round(100_000 / (1000 / clockMHz - slackNs)) / 100;
}
