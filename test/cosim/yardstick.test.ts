import { expect, test } from 'vitest';
import { yardstickCyclesPerSecond } from '../../generator/cosim/driver/yardstick.js';

test('the yardstick of co-simulation says how fast it is', async () => {
  const rate = await yardstickCyclesPerSecond(100_000);
  expect(Number.isSafeInteger(rate)).toBe(true);
  expect(rate).toBeGreaterThan(0);
});
