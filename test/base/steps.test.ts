import { expect, test } from 'vitest';
import { atOnce, inSlices, type Steps } from '../../generator/base/steps.js';

function* busy(milliseconds: number): Steps<string> {
  const end = performance.now() + milliseconds;
  while (performance.now() < end) yield;
  return 'done';
}

test('work in slices lets a timer through, and gives what it gives at once', async () => {
  let passed = 0;
  const timer = setInterval(() => passed++, 10);
  expect(await inSlices(busy(400))).toBe('done');
  clearInterval(timer);
  expect(passed).toBeGreaterThanOrEqual(2);
  expect(atOnce(busy(1))).toBe('done');
});

test('a failure goes to the caller', async () => {
  const failing = function* (): Steps<never> {
    yield;
    throw new RangeError('no');
  };
  await expect(inSlices(failing())).rejects.toThrow(RangeError);
  expect(() => atOnce(failing())).toThrow(RangeError);
});
