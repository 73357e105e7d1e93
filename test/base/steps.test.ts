import { expect, test } from 'vitest';
import { atOnce, inSlices, type Steps } from '../../generator/base/steps.js';

/** Work that ends when `enough` says so, or after ten seconds of processor time. */
function* busy(enough: () => boolean): Steps<string> {
  const begun = process.cpuUsage();
  const used = () => process.cpuUsage(begun).user / 1e6;
  while (!enough()) {
    if (used() > 10) return 'never let anything through';
    yield;
  }
  return 'done';
}

test('work in slices lets a timer through, and gives what it gives at once', async () => {
  let passed = 0;
  const timer = setInterval(() => passed++, 10);
  expect(await inSlices(busy(() => passed >= 2))).toBe('done');
  clearInterval(timer);
  expect(atOnce(busy(() => true))).toBe('done');
});

test('a failure goes to the caller', async () => {
  const failing = function* (): Steps<never> {
    yield;
    throw new RangeError('no');
  };
  await expect(inSlices(failing())).rejects.toThrow(RangeError);
  expect(() => atOnce(failing())).toThrow(RangeError);
});
