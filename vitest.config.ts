import { readdirSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** A Verilator that compiles what the tests simulate for a moment in little time. */
const quickBuilds = fileURLToPath(new URL('test/support/quick-builds', import.meta.url));

const tests = readdirSync(fileURLToPath(new URL('test', import.meta.url)), { recursive: true })
  .map((path) => join('test', String(path)))
  .filter((path) => path.endsWith('.test.ts'));

/** Those that put modules in the place of others: no other test may see them. */
const replacing = tests.filter((path) =>
  readFileSync(fileURLToPath(new URL(path, import.meta.url)), 'utf8').includes('vi.mock('),
);

export default defineConfig({
  test: {
    // no test fails by being slow: what hangs ends for want of progress (watchdog), what never ends for the limit of
    // processor time in scripts/test
    testTimeout: 0,
    hookTimeout: 0,
    teardownTimeout: 3_600_000,
    env: { PATH: `${quickBuilds}${delimiter}${process.env.PATH ?? ''}` },
    pool: 'forks',
    maxWorkers: 2,
    projects: [
      {
        extends: true,
        test: {
          name: 'test',
          include: ['test/**/*.test.ts'],
          exclude: replacing,
          globalSetup: ['test/support/watchdog.ts', 'test/support/run-file-folder.ts'],
          // the program is loaded once for each worker, which halves the time of small tests
          isolate: false,
        },
      },
      {
        extends: true,
        test: { name: 'replaced', include: replacing, globalSetup: 'test/support/watchdog.ts' },
      },
    ],
  },
});
