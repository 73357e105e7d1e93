import { delimiter } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** A Verilator that compiles what the tests simulate for a moment in little time. */
const quickBuilds = fileURLToPath(new URL('test/support/quick-builds', import.meta.url));

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // no test fails by being slow: what hangs ends for want of progress (watchdog), what never ends for the limit of
    // processor time in scripts/test
    testTimeout: 0,
    hookTimeout: 0,
    teardownTimeout: 3_600_000,
    globalSetup: 'test/support/watchdog.ts',
    env: { PATH: `${quickBuilds}${delimiter}${process.env.PATH ?? ''}` },
    pool: 'forks',
    maxWorkers: 2,
  },
});
