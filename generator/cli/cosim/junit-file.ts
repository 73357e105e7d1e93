import { writeFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { onInterrupt } from '../../base/cleanup.js';
import { writeFileAtomic } from '../../base/files.js';
import { junitError, junitReport } from '../../cosim/report/junit.js';
import type { Check } from '../../cosim/scoreboard/checks.js';
import { describeFailure } from '../frame/failure.js';

/** Writes the checks of a run, as a suite of this name. */
export type WriteChecks = (suite: string, checks: readonly Check[]) => Promise<void>;

/**
 * Does a run that leaves a JUnit report however it ends: with its checks, or with the error or the signal that ended it. Null:
 * none is asked for.
 */
export async function withJunit<T>(
  file: string | null,
  directory: string,
  run: (write: WriteChecks) => Promise<T>,
): Promise<T> {
  if (file === null) return run(async () => undefined);
  const started = performance.now();
  const seconds = (): number => (performance.now() - started) / 1000;
  const design = basename(resolve(directory));
  const settled = onInterrupt(() =>
    writeFileSync(
      file,
      junitError(design, { code: 'INTERRUPTED', message: 'interrupted' }, seconds()),
    ),
  );
  try {
    return await run((suite, checks) =>
      writeFileAtomic(file, junitReport(suite, checks, seconds())),
    );
  } catch (error) {
    await writeFileAtomic(file, junitError(design, describeFailure(error).report, seconds()));
    throw error;
  } finally {
    settled();
  }
}
