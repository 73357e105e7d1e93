import { runInThisContext } from 'node:vm';
import { UserError } from '../../generator/base/errors.js';
import { peakLimit } from './peak.js';

/** Milliseconds of processor time that one input may take, and of wall time after which it is stopped. */
export interface TimeLimits {
  readonly processor: number;
  readonly wall: number;
}

/**
 * What is slow is judged by processor time; wall time ends what is endless. A busy machine lengthens processor time too
 * (threads that collect garbage and caches are shared), so the least of some readings counts.
 */
const TIME_LIMITS: TimeLimits = { processor: 2000, wall: 120_000 };
const READINGS = 3;
/** Bytes that the program has in memory before it reads anything. */
const BASE = 100e6;

/** A finding: what is stopped by the limit of wall time. */
export const NO_END = 'no end';

/** What became of one input. */
export type Verdict<T> =
  | { readonly kind: 'accepted'; readonly result: T }
  | { readonly kind: 'refused'; readonly code: string }
  | { readonly kind: 'finding'; readonly what: string };

/**
 * Reads an input. Right is a result that `check` finds nothing wrong with, or a UserError with a code; another
 * exception, too much time and too much memory are findings.
 */
export function judge<T>(
  read: (bytes: Uint8Array) => T,
  check: (result: T, bytes: Uint8Array) => string | null,
  bytes: Uint8Array,
  limits: TimeLimits = TIME_LIMITS,
): Verdict<T> {
  const before = memory();
  const begun = process.cpuUsage();
  let spent = 0;
  let verdict: Verdict<T>;
  try {
    const result = stopped(() => read(bytes), limits.wall);
    spent = milliseconds(process.cpuUsage(begun));
    const wrong = check(result, bytes);
    verdict = wrong === null ? { kind: 'accepted', result } : { kind: 'finding', what: wrong };
  } catch (error) {
    spent ||= milliseconds(process.cpuUsage(begun));
    verdict = judged(error);
  }
  for (let n = 1; n < READINGS && verdict.kind !== 'finding' && spent > limits.processor; n++) {
    spent = Math.min(spent, timeOf(read, bytes, limits));
  }
  if (verdict.kind !== 'finding' && spent > limits.processor) {
    return { kind: 'finding', what: `${Math.round(spent)} ms of processor time` };
  }
  const grown = memory() - before;
  const limit = peakLimit(bytes.length) - BASE;
  if (grown <= limit) return verdict;
  const what = `${Math.round(grown / 2 ** 20)} MiB for a file of ${bytes.length} bytes`;
  return { kind: 'finding', what };
}

/** Milliseconds of processor time of one more reading. */
function timeOf(
  read: (bytes: Uint8Array) => unknown,
  bytes: Uint8Array,
  { wall }: TimeLimits,
): number {
  const begun = process.cpuUsage();
  try {
    stopped(() => read(bytes), wall);
  } catch {
    // judged before
  }
  return milliseconds(process.cpuUsage(begun));
}

function judged(error: unknown): Verdict<never> {
  if (error instanceof UserError) {
    const { code, message, file, field, expected, got } = error.report;
    const whole =
      /^[A-Z][A-Z0-9_]+$/.test(code) &&
      [message, file, field, expected, got].every((one) => one !== undefined);
    return whole
      ? { kind: 'refused', code }
      : { kind: 'finding', what: `an incomplete error: ${JSON.stringify(error.report)}` };
  }
  const { code, stack } = error as NodeJS.ErrnoException;
  if (code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return { kind: 'finding', what: NO_END };
  return { kind: 'finding', what: stack ?? String(error) };
}

/** Runs `act`, and stops it in the middle when there is no end to it. */
function stopped<T>(act: () => T, wall: number): T {
  const box = globalThis as { fuzzed?: () => T };
  box.fuzzed = act;
  return runInThisContext('fuzzed()', { timeout: wall }) as T;
}

function milliseconds({ user, system }: NodeJS.CpuUsage): number {
  return (user + system) / 1000;
}

/** Bytes in use; what was freed since is still in it, so growth is rather too large than too small. */
function memory(): number {
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
