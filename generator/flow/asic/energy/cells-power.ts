import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../../../base/errors.js';
import type { Progress } from '../../../base/progress.js';
import { render } from '../../../design/write/render.js';
import type { FlowDesign } from '../../target.js';
import { complaint, runTool } from '../../tools/run-tool.js';
import type { Tool } from '../../tools/tools.js';
import { ASIC_FOLDER } from '../yosys.js';

/** Power of an instance in the netlist, in W. */
export interface CellPowerUse {
  /** Instances with dots between, below the top. */
  readonly path: string;
  readonly dynamic: number;
  readonly leakage: number;
}

/** Changes of a net in a clock cycle: assumed. */
export const CELL_ACTIVITY = 0.1;

/** File of flow/build/asic/ with what OpenSTA says. */
export const POWER_LOG = 'power.txt';

/**
 * Power of the cells of the netlist in flow/build/asic/ with OpenSTA, whose nets change as `CELL_ACTIVITY` says, macros among them.
 * @throws UserError POWER_FAILED with what OpenSTA said
 */
export async function cellsPower(
  { directory, name }: FlowDesign,
  sta: Tool,
  clockMHz: number,
  libraries: readonly string[],
  progress: Progress,
): Promise<readonly CellPowerUse[]> {
  progress.step(`power with OpenSTA ${sta.version}`);
  const script = `${ASIC_FOLDER}/power.tcl`;
  const facts = {
    ...{ name, libraries, periodNs: 1000 / clockMHz },
    ...{ activity: CELL_ACTIVITY, folder: ASIC_FOLDER },
  };
  await writeFile(join(directory, script), render('asic_power.tcl.hbs', facts));
  const log = join(directory, ASIC_FOLDER, POWER_LOG);
  const { ok, lines } = await runTool({
    ...{ tool: sta, args: ['-no_splash', '-exit', script], directory, log, progress },
  });
  const powers = parsePower(readFileSync(log, 'utf8'));
  if (ok && powers.length > 0 && !lines.some((line) => line.startsWith('Error:'))) return powers;
  throw new UserError({
    code: 'POWER_FAILED',
    message: `OpenSTA ${sta.version} could not say what power the netlist of ${name} takes`,
    details: [...complaint(lines), `its log is ${log}`],
    file: log,
  });
}

const LINE = /^\s*(\S+)\s+(\S+)\s+(\S+)\s+\S+\s+(\S+)\s*$/;

/** Lines of `report_power -instances`: internal, switching, leakage, total in W, and the instance. */
export function parsePower(text: string): readonly CellPowerUse[] {
  return text.split('\n').flatMap((line) => {
    const [, internal, switching, leakage, path = ''] = LINE.exec(line) ?? [];
    const watts = [internal, switching, leakage].map(Number);
    const [inside = 0, outside = 0, idle = 0] = watts;
    if (!watts.every(Number.isFinite)) return [];
    return [
      {
        path: path.replaceAll('\\', '').replaceAll('/', '.'),
        ...{ dynamic: inside + outside, leakage: idle },
      },
    ];
  });
}
