import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../../base/errors.js';
import type { Progress } from '../../base/progress.js';
import type { FlowDesign } from '../target.js';
import { complaint, runTool } from '../tools/run-tool.js';
import type { Tool } from '../tools/tools.js';
import { parseTiming, type Timing } from './timing.js';
import { ASIC_FOLDER } from './yosys.js';

/** The libraries of a corner, as paths in the design, and the file of flow/build/asic/ for what OpenSTA says. */
export interface TimedCorner {
  readonly libraries: readonly string[];
  readonly log: string;
}

/** Those that `make -C flow asic` has. */
const USUAL: TimedCorner = {
  libraries: ['cells', 'memories'].map((name) => `${ASIC_FOLDER}/${name}.lib`),
  log: 'timing.txt',
};

/**
 * Times the netlist in flow/build/asic/ with flow/asic_sta.tcl; what OpenSTA said is then in a log there. Null for
 * a netlist without a path.
 * @throws UserError TIMING_FAILED with what OpenSTA said
 */
export async function timeNetlist(
  { directory, name }: FlowDesign,
  sta: Tool,
  clockMHz: number,
  progress: Progress,
  corner: TimedCorner = USUAL,
): Promise<Timing | null> {
  progress.step(`timing with OpenSTA ${sta.version}`);
  const log = join(directory, ASIC_FOLDER, corner.log);
  const { ok, lines } = await runTool({
    ...{ tool: sta, args: ['-no_splash', '-exit', 'flow/asic_sta.tcl'], directory, log, progress },
    env: { CLOCK_MHZ: String(clockMHz), LIBRARIES: corner.libraries.join(' ') },
  });
  const error = lines.some((line) => line.startsWith('Error:'));
  if (ok && !error) return parseTiming(readFileSync(log, 'utf8'));
  throw new UserError({
    code: 'TIMING_FAILED',
    message: `OpenSTA ${sta.version} could not time the netlist of ${name}`,
    details: [
      ...complaint(lines),
      `its log is ${log}; Liberty files of --macros, --liberty and --corner must have every macro that flow/README.md lists, and every cell of the netlist`,
    ],
    file: log,
  });
}
