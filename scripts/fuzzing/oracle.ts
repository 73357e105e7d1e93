import { runInThisContext } from 'node:vm';
import { UserError } from '../../generator/base/errors.js';

/** Milliseconds that one input may take. */
const TIME_LIMIT = 2000;
/** Bytes that one input may cost: some, and so many per byte of the file. */
const MEMORY = { base: 96 * 2 ** 20, perByte: 400 };

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
): Verdict<T> {
  const before = memory();
  let verdict: Verdict<T>;
  try {
    const result = withinTime(() => read(bytes));
    const wrong = check(result, bytes);
    verdict = wrong === null ? { kind: 'accepted', result } : { kind: 'finding', what: wrong };
  } catch (error) {
    verdict = judged(error);
  }
  const grown = memory() - before;
  const limit = MEMORY.base + MEMORY.perByte * bytes.length;
  if (grown <= limit) return verdict;
  const what = `${Math.round(grown / 2 ** 20)} MiB for a file of ${bytes.length} bytes`;
  return { kind: 'finding', what };
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
  if (code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') {
    return { kind: 'finding', what: `more than ${TIME_LIMIT} ms` };
  }
  return { kind: 'finding', what: stack ?? String(error) };
}

/** Runs `act`, and stops it in the middle when it takes too long. */
function withinTime<T>(act: () => T): T {
  const box = globalThis as { fuzzed?: () => T };
  box.fuzzed = act;
  return runInThisContext('fuzzed()', { timeout: TIME_LIMIT }) as T;
}

/** Bytes in use; what was freed since is still in it, so growth is rather too large than too small. */
function memory(): number {
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
