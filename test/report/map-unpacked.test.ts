import { deflateSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { mapOf } from '../../generator/report/maps/map.js';
import { mapScript } from '../../generator/report/maps/script.js';
import { keptMask } from '../../generator/sparsity/kept-mask.js';
import { inflate } from '../../templates/report/inflate.js';
import { isKept, keptSums } from '../../templates/report/map-data.js';
import { drawn, matrixOf, STATED, seeded } from './support/maps.js';

describe('the data in the browser', () => {
  test('are unpacked as they were packed', () => {
    const random = seeded();
    for (const level of [0, 1, 6, 9] as const) {
      for (const [length, most] of [
        ...[[0, 1] as const, [1, 256] as const, [50, 3] as const],
        ...[[100_000, 256] as const, [100_000, 4] as const, [200_000, 1] as const],
      ]) {
        const bytes = Uint8Array.from({ length }, () => random.below(most));
        expect(Buffer.from(inflate(deflateSync(bytes, { level }))).equals(bytes)).toBe(true);
      }
    }
  });

  test('that are none are refused', () => {
    const whole = deflateSync(new Uint8Array(1000).fill(7), { level: 9 });
    expect(() => inflate(whole.subarray(0, 3))).toThrow('end too early');
    expect(() => inflate(Uint8Array.of(7))).toThrow('a block of no kind');
  });

  test.each(STATED)('say of every position of %s whether it is kept', (...stated) => {
    const random = seeded();
    for (let n = 0; n < 5; n++) {
      const size = { rows: random.between(1, 70), columns: random.between(1, 70) };
      const pattern = drawn(stated, size, random);
      const map = mapOf(matrixOf([pattern]), 'w');
      const kept = keptSums(map, map.patterns[0] as (typeof map.patterns)[number]);
      const found = Array.from({ length: size.rows * size.columns }, (_, at) =>
        Number(isKept(kept, Math.floor(at / size.columns), at % size.columns)),
      );
      expect(found).toEqual([...keptMask(pattern).kept]);
    }
  });

  test('need no other script, and end none', () => {
    expect(mapScript()).not.toMatch(/^\s*(import|export) |<\/script|\beval\b|https?:/m);
  });
});
