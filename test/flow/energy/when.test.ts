import { describe, expect, test } from 'vitest';
import { holds } from '../../../generator/flow/asic/energy/when.js';

const at = (...high: readonly string[]) =>
  new Map(['A', 'B', 'C'].map((pin) => [pin, high.includes(pin)]));

describe('a condition of a Liberty file', () => {
  test.each([
    ['A  & !B  & C', ['A', 'C'], true],
    ['A  & !B  & C', ['A', 'B', 'C'], false],
    ['!A & !B', [], true],
    ["A' B", ['B'], true],
    ["(A+B)' * C", ['C'], true],
    ["(A+B)' * C", ['A', 'C'], false],
    // and stands above xor, xor above or
    ['A | B ^ C & A', ['B'], true],
    ['A ^ B & C', ['A', 'B', 'C'], false],
    ['A ^ B | A', ['A', 'B'], true],
    ['1 & A', ['A'], true],
    ['!(A | B)', [], true],
  ] as const)('%s with %j high is %s', (condition, high, expected) => {
    expect(holds(condition, at(...high))).toBe(expected);
  });

  test('is not known where a pin is not, or where it is no condition', () => {
    for (const condition of ['A & D', 'D', '', 'A &', '(A', 'A)', '!']) {
      expect(holds(condition, at('A')), condition).toBeNull();
    }
  });
});
