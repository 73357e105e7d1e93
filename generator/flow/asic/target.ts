import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CornerTiming, FlowReport } from '../report/report.js';
import type { RunTarget } from '../target.js';
import { OPENSTA, YOSYS } from '../tools/tool-specs.js';
import { requireTool } from '../tools/tools.js';
import { netlistArea } from './area.js';
import { cellPowers } from './energy/cell-power.js';
import { cellsPower, POWER_LOG } from './energy/cells-power.js';
import { frameEnergy } from './energy/frame-energy.js';
import { type ChipLibraries, placeLibraries, readLibraries } from './libraries.js';
import { blocksOf, macrosInNetlist } from './macros.js';
import { timeNetlist } from './opensta.js';
import type { Timing } from './timing.js';
import { ASIC_FOLDER, synthesiseToCells } from './yosys.js';

/** Clock that ABC sizes gates for when none is asked for, MHz. */
const DEFAULT_CLOCK_MHZ = 100;

/**
 * Synthesis to standard cells with Yosys and ABC, timing with OpenSTA where it is installed, in further corners too. Memories are
 * macros: an area beside that of the cells, and timed as their Liberty file says. Wires are ideal: figures before layout.
 */
export const asicTarget: RunTarget = async (design, options, progress) => {
  const yosys = await requireTool(YOSYS);
  const sta = options.synthesisOnly ? null : await requireTool(OPENSTA);
  const read = (files: readonly string[]) => readLibraries(design, files, options.macros);
  const libraries = await read(options.liberty ?? []);
  const corners = await Promise.all(
    (options.corners ?? []).map(async ({ name, liberty }) => ({ name, own: await read(liberty) })),
  );
  const { cells: library } = libraries;
  const clockMHz = options.clockMHz ?? DEFAULT_CLOCK_MHZ;
  const placed = await placeLibraries(design.directory, ASIC_FOLDER, libraries);
  const counts = await synthesiseToCells({ design, yosys, library, clockMHz, progress });
  const timed = async (paths: readonly string[], log: string): Promise<Timing | null> =>
    sta === null ? null : timeNetlist(design, sta, clockMHz, progress, { libraries: paths, log });
  const timing = await timed(placed, 'timing.txt');
  const timings: CornerTiming[] = [];
  for (const { name: corner, own } of corners) {
    const paths = await placeLibraries(design.directory, `${ASIC_FOLDER}/${corner}`, own);
    const found = await timed(paths, `timing_${corner}.txt`);
    timings.push({ corner, library: own.cells.name, ...slowest(found, clockMHz) });
  }
  const { total, types, blocks } = netlistArea(counts, design.name, library);
  const chip = design.chip();
  const folder = join(design.directory, ASIC_FOLDER);
  const macros = macrosInNetlist(
    readFileSync(join(folder, 'macros.txt'), 'utf8'),
    chip,
    libraries.macros,
  );
  const clock = slowest(timing, clockMHz);
  const energy =
    sta === null || options.measured === undefined
      ? null
      : frameEnergy({
          ...{ chip, macros, measured: options.measured, powers: powersOf(libraries) },
          cells: await cellsPower(design, sta, clockMHz, placed, progress),
          ...{ powerMHz: clockMHz, clockMHz: options.clockMHz ?? clock.fmaxMHz ?? clockMHz },
        });
  const { name, memoryBits } = design;
  const logs = ['timing', ...timings.map(({ corner }) => `timing_${corner}`)];
  const files = [
    ...[`${name}.json`, `${name}.v`, 'area.txt'],
    ...(sta === null ? [] : logs.map((log) => `${log}.txt`)),
    ...(energy === null ? [] : [POWER_LOG]),
  ];
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
    macros,
    macroArea: macros.reduce((sum, { area, instances }) => sum + (area ?? 0) * instances.length, 0),
    ...clock,
    corners: timings,
    energy,
    clockMHz: options.clockMHz ?? null,
    seed: null,
    cellArea: total.area,
    files: files.map((file) => `${ASIC_FOLDER}/${file}`),
  } satisfies FlowReport;
};

/** The slowest path, and the clock that it lets. */
function slowest(timing: Timing | null, clockMHz: number) {
  return {
    fmaxMHz: timing === null ? null : fastest(timing.slackNs, clockMHz),
    criticalPath: timing?.path ?? null,
  };
}

/** The clock at which nothing is left of the period. */
function fastest(slackNs: number, clockMHz: number): number {
  return Math.round(100_000 / (1000 / clockMHz - slackNs)) / 100;
}

/** What Liberty files of macros say of their power. */
function powersOf({ macros }: ChipLibraries) {
  return new Map(
    macros.flatMap(({ bytes }) => [...cellPowers(Buffer.from(bytes).toString('latin1'))]),
  );
}
