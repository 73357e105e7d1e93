import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../../base/errors.js';
import type { Progress } from '../../base/progress.js';
import type { CellCounts } from '../../devices/family.js';
import { readStat } from '../report/parse-stat.js';
import { complaint, runTool } from '../tools/run-tool.js';
import type { Tool } from '../tools/tools.js';

/** A synthesis of a design directory by the script that it carries for a target. */
export interface Synthesis {
  readonly directory: string;
  /** Name of the design and of its top module. */
  readonly name: string;
  /** The script is flow/`target`.ys. */
  readonly target: string;
  readonly yosys: Tool;
  /** Yosys commands between reading the design and mapping it; empty: none. */
  readonly choices: string;
  /** Label of the script at which to stop; absent: run to its end. */
  readonly until?: string;
  readonly progress: Progress;
}

/** Folder of what a target builds, relative to the design. */
export const buildFolder = (target: string): string => `flow/build/${target}`;

/**
 * Runs Yosys; netlist, counts and log are then in flow/build/TARGET/.
 * @throws UserError SYNTHESIS_FAILED with what Yosys said
 */
export async function synthesise(synthesis: Synthesis): Promise<CellCounts> {
  const { directory, name, target, yosys, choices, until = '', progress } = synthesis;
  const folder = buildFolder(target);
  const script = `flow/${target}.ys`;
  await mkdir(join(directory, folder), { recursive: true });
  await writeFile(join(directory, folder, 'choices.ys'), choices);
  const commands = [
    `script ${script} read:synth`,
    ...(choices === '' ? [] : [`script ${folder}/choices.ys`]),
    `script ${script} synth:${until}`,
  ];
  progress.step(`synthesis with Yosys ${yosys.version}`);
  const log = join(directory, folder, 'yosys.log');
  const { ok, lines } = await runTool({
    tool: yosys,
    args: ['-p', commands.join('; ')],
    directory,
    log,
    progress,
    stage: (line) => /^[\d.]+ Executing (\S+) pass/.exec(line)?.[1] ?? null,
  });
  if (!ok) {
    throw new UserError({
      code: 'SYNTHESIS_FAILED',
      message: `Yosys ${yosys.version} stopped in the synthesis of ${name} for ${target}`,
      details: [...complaint(lines), `its log is ${log}`],
      file: log,
    });
  }
  return readStat(join(directory, folder, 'stat.json'), name);
}
