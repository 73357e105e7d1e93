#!/usr/bin/env node
import { runCleanup } from '../base/cleanup.js';
import { ExitCode } from '../base/errors.js';
import { endGroups, killGroups } from '../base/process-group.js';
import { commands } from './commands.js';
import { runProgram, wantsJson } from './frame/program.js';
import { programWords } from './frame/program-words.js';
import { jsonFailure } from './frame/report.js';

const argv = process.argv.slice(2);

/** Leaves only after stdout has taken everything, also when it is a slow pipe. */
function leave(exitCode: number): void {
  process.stdout.write('', () => process.exit(exitCode));
}

process.on('exit', () => {
  killGroups();
  runCleanup();
});

let interrupted = false;

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, async () => {
    if (interrupted) return killGroups(); // who asks twice does not want to wait
    interrupted = true;
    await endGroups();
    runCleanup();
    process.stderr.write('hcgs: interrupted\n');
    if (wantsJson(argv)) {
      process.stdout.write(jsonFailure({ code: 'INTERRUPTED', message: `stopped by ${signal}` }));
    }
    leave(ExitCode.interrupted);
  });
}

// The reader of a pipe may go away (`hcgs ... | head`): that is its right, not an error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(ExitCode.done);
});

const exitCode = await runProgram(commands, argv, {
  // what a command says because its tools were stopped is nothing to tell
  stdout: (text) => interrupted || process.stdout.write(text),
  stderr: (text) => interrupted || process.stderr.write(text),
  terminal: process.stderr.isTTY === true,
  debug: process.env.HCGS_DEBUG === '1',
  program: () =>
    programWords({
      script: process.argv[1] ?? 'hcgs',
      env: process.env,
      folder: process.cwd(),
    }),
});
// after a signal its handler leaves, when everything has ended
if (!interrupted) leave(exitCode);
