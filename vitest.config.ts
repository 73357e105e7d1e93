import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // no test fails by being slow: what hangs ends for want of progress (watchdog), what never ends for the limit of
    // processor time in scripts/test
    testTimeout: 0,
    hookTimeout: 0,
    teardownTimeout: 3_600_000,
    globalSetup: 'test/support/watchdog.ts',
    pool: 'forks',
    maxWorkers: 2,
  },
});
