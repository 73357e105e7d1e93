import { expect } from 'vitest';
import { checksOf } from '../../../generator/cosim/scoreboard/checks.js';
import type { simulate } from '../../support/simulate.js';

/** A simulation without stalls that found no difference, and in which every frame left in the cycle predicted. */
export function expectAsPlanned(result: Awaited<ReturnType<typeof simulate>>, label = ''): void {
  const checks = checksOf(result.design, result);
  expect(
    checks.filter(({ failure }) => failure !== null),
    label,
  ).toEqual([]);
  for (const name of ['cycles per frame', 'latency', 'cycles of every frame']) {
    expect(checks.map((check) => check.name)).toContain(name);
  }
}
