import { UserError } from '../../base/errors.js';

/** Lines that are shown of what the tools said. */
const MOST_LINES = 12;

/** What Verilator, make, the shell, the compiler and the linker begin an error with. */
const ERROR =
  /%Error|\berror:|\*\*\*|No space left|not found|No such file|[Cc]annot |undefined reference|Killed/;
/** Verilator's last words when a program that it has started failed: the reason stands before them. */
const CONSEQUENCE = /^%Error: (make |Command Failed|Exiting due)/;

/** The error of a simulation that could not be built, with the words of the tool that failed. */
export function buildFailure(
  { top, hint }: { readonly top: string; readonly hint?: string },
  log: string,
): UserError {
  const hints = [...(hint === undefined ? [] : [hint]), ...rootHint()];
  return new UserError({
    code: /No space left/.test(log) ? 'DISK_FULL' : 'VERILATOR_FAILED',
    message: `Verilator could not build ${top}`,
    details: [...wordsOf(log), ...hints],
    field: top,
  });
}

/** Whose files Verilator takes where the user has said so: those of another release do not fit. */
export function rootHint(): readonly string[] {
  const root = process.env.VERILATOR_ROOT;
  return root === undefined ? [] : [`VERILATOR_ROOT is ${root}: of the Verilator that runs?`];
}

/** From the first error on, or the last lines where nothing looks like one; none twice. */
export function wordsOf(log: string): readonly string[] {
  const lines = [...new Set(log.split('\n').filter((line) => line.trim() !== ''))];
  const reasons = lines.filter((line) => !CONSEQUENCE.test(line));
  const first = reasons.findIndex((line) => ERROR.test(line));
  if (first >= 0) return reasons.slice(first, first + MOST_LINES);
  return lines.slice(-MOST_LINES);
}
