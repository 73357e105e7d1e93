import { commands } from '../../generator/cli/commands.js';
import type { Command, CommandEntry } from '../../generator/cli/frame/command.js';
import { runProgram } from '../../generator/cli/frame/program.js';

export interface Outcome {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Stdout as JSON: throws where it is anything else than one JSON value. */
  json(): Record<string, unknown>;
}

/** Runs a command line inside this process, as the program would. */
export async function runCli(
  argv: readonly string[],
  table: readonly (Command | CommandEntry)[] = commands,
): Promise<Outcome> {
  let stdout = '';
  let stderr = '';
  const exitCode = await runProgram(table, argv, {
    stdout: (text) => {
      stdout += text;
    },
    stderr: (text) => {
      stderr += text;
    },
    terminal: false,
    debug: false,
  });
  return { exitCode, stdout, stderr, json: () => JSON.parse(stdout) };
}
