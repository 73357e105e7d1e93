import { readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../../base/errors.js';
import type { Progress } from '../../base/progress.js';
import { buildFolder } from '../fpga/yosys.js';
import type { FlowDesign } from '../target.js';
import { complaint, runTool } from '../tools/run-tool.js';
import type { Tool } from '../tools/tools.js';
import type { CellCounts } from './area.js';
import { parseCellCounts } from './cell-counts.js';
import type { CellLibrary } from './cell-library.js';

/** What ABC sees behind each output of a block, pF: a few gates. */
const OUTPUT_LOAD_PF = 0.05;

export const ASIC_FOLDER = buildFolder('asic');

export interface AsicSynthesis {
  readonly design: FlowDesign;
  readonly yosys: Tool;
  readonly library: CellLibrary;
  readonly clockMHz: number;
  readonly progress: Progress;
}

/**
 * Maps a design to standard cells with flow/asic.ys, as `make -C flow asic` does, with cells.lib in place: netlist, counts, areas and log are
 * then in flow/build/asic/. Cells by module.
 * @throws UserError SYNTHESIS_FAILED with what Yosys said
 */
export async function synthesiseToCells(job: AsicSynthesis): Promise<CellCounts> {
  const { design, yosys, library, clockMHz, progress } = job;
  const folder = join(design.directory, ASIC_FOLDER);
  await mkdir(folder, { recursive: true });
  await writeFile(
    join(folder, 'abc.constr'),
    `set_driving_cell ${library.drivingCell}\nset_load ${OUTPUT_LOAD_PF} [all_outputs]\n`,
  );
  const picoseconds = Math.round(1_000_000 / clockMHz);
  const files = `-constr ${ASIC_FOLDER}/abc.constr -liberty ${ASIC_FOLDER}/cells.lib`;
  const commands = [
    'script flow/asic.ys read:abc',
    `abc -D ${picoseconds} ${files}`,
    'script flow/asic.ys netlist:',
  ];
  progress.step(`synthesis with Yosys ${yosys.version}`);
  const log = join(folder, 'yosys.log');
  const { ok, lines } = await runTool({
    ...{ tool: yosys, args: ['-p', commands.join('; ')], log, progress },
    directory: design.directory,
    stage: (line) => /^[\d.]+ Executing (\S+) pass/.exec(line)?.[1] ?? null,
  });
  const counts = ok ? parseCellCounts(readFileSync(join(folder, 'stat.json'), 'utf8')) : null;
  if (counts !== null) return counts;
  throw new UserError({
    code: 'SYNTHESIS_FAILED',
    message: `Yosys ${yosys.version} could not map ${design.name} to the cells of ${library.name}`,
    details: [...complaint(lines), `${adviceOn(lines)}its log is ${log}`],
    file: log,
  });
}

/** What a user can do about it, where Yosys does not say. */
function adviceOn(lines: readonly string[]): string {
  const said = (text: string): boolean => lines.some((line) => line.includes(text));
  if (said("Can't open ABC output file")) {
    return 'ABC gave up: a library needs an inverter, and gates of two inputs, not marked dont_use; ';
  }
  if (said('selection is not empty')) return 'the library has no cell for a part of it; ';
  return '';
}
