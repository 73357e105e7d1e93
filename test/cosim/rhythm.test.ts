import { expect, test } from 'vitest';
import { Rhythm } from '../../generator/cosim/protocol/rhythm.js';

test('the end of a frame without outputs is due where a reset lets it show: in the cycle behind', () => {
  const rhythm = new Rhythm({ records: [] });
  rhythm.begin();
  expect(rhythm.see({ kind: 'silent', cycle: 1127 }, 1000)).toBeNull();
  expect(rhythm.end(300, 1)).toBeNull();
  for (const [after, due] of [
    [127, false],
    [128, false],
    [129, true],
  ] as const) {
    rhythm.begin();
    expect(rhythm.end(after, 1) !== null, `${after} cycles`).toBe(due);
  }
});

test('an output is due in its own cycle', () => {
  const rhythm = new Rhythm({ records: [] });
  rhythm.begin();
  const output = { kind: 'output', stream: 0, sequence: 0, values: new Float64Array() } as const;
  expect(rhythm.see({ ...output, cycle: 1127 }, 1000)).toBeNull();
  expect(rhythm.end(300, 1)).toBeNull();
  rhythm.begin();
  expect(rhythm.end(127, 1)).toBeNull();
  rhythm.begin();
  expect(rhythm.end(128, 1)).toContain('the output of frame 0 did not come 127 cycles');
});
