import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Name of the environment variable that says where `runFile` writes. */
export const RUN_FILES = 'HCGS_TEST_RUN_FILES';

/** A folder for the files of `runFile`, for as long as any test runs: a worker runs many files of tests. */
export default function setup(): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'hcgs-run-'));
  process.env[RUN_FILES] = folder;
  return () => rmSync(folder, { recursive: true, force: true });
}
