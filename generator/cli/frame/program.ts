import { ExitCode, type ExitCodeValue } from '../../base/errors.js';
import { watchingReads, writeFileAtomic } from '../../base/files.js';
import { printable } from '../../base/printable.js';
import { createProgress, silentProgress } from '../../base/progress.js';
import type { Command, CommandEntry } from './command.js';
import { describeFailure, seeLines } from './failure.js';
import { parseCommandLine } from './parser.js';
import { withProgram } from './program-words.js';
import { failureLines, jsonFailure, jsonReport, printed, resultLines } from './report.js';

/** Where a run of the program writes. */
export interface Streams {
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
  /** Stderr is a terminal. */
  readonly terminal: boolean;
  /** Print stacks of failures. */
  readonly debug: boolean;
  /** How the user starts the program; absent: as `hcgs`. */
  readonly program?: () => string;
}

/** Runs one command line and returns its exit code. Never throws. */
export async function runProgram(
  commands: readonly (Command | CommandEntry)[],
  argv: readonly string[],
  streams: Streams,
): Promise<ExitCodeValue> {
  const json = wantsJson(argv);
  const names = commands.map(({ name }) => name);
  const called = (lines: readonly string[]) =>
    withProgram(lines, names, streams.program ?? (() => 'hcgs'));
  try {
    const request = await parseCommandLine(commands, argv);
    if (request.kind === 'help') {
      streams.stdout(json ? jsonReport(true, { help: request.text }) : `${request.text}\n`);
      return ExitCode.done;
    }
    const progress = request.quiet
      ? silentProgress
      : createProgress({ write: streams.stderr, terminal: streams.terminal });
    const note = (text: string) => streams.stderr(`hcgs: ${printable(text)}\n`);
    try {
      const { command, args } = request;
      // loaded here: it knows the files of designs
      const { checkFiles } = await import('./file-roles.js');
      checkFiles(command, args);
      const result = await watchingReads(async () => command.run(args, { progress, note, json }));
      progress.stop();
      if (typeof args.jsonFile === 'string') {
        await writeFileAtomic(args.jsonFile, jsonReport(result.ok, result.json));
      }
      streams.stdout(
        json
          ? jsonReport(result.ok, result.json)
          : printed(called(resultLines(result, request.verbose))),
      );
      if (!json) for (const warning of result.warnings ?? []) note(`warning: ${warning}`);
      return result.ok ? ExitCode.done : ExitCode.checkFailed;
    } finally {
      progress.stop();
    }
  } catch (error) {
    const { exitCode, report, hint } = describeFailure(error);
    const see = json ? [] : seeLines(report);
    streams.stderr(printed(called([...failureLines(report, hint), ...see])));
    if (streams.debug && error instanceof Error) {
      streams.stderr(printed((error.stack ?? '').split('\n')));
    }
    if (json) streams.stdout(jsonFailure(report));
    return exitCode;
  }
}

/** `--json` counts wherever it stands, so that even a command line that cannot be read gets its object. */
export function wantsJson(argv: readonly string[]): boolean {
  const end = argv.indexOf('--');
  return (end === -1 ? argv : argv.slice(0, end)).includes('--json');
}
