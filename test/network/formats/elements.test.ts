import { describe, expect, it } from 'vitest';
import { Random } from '../../../generator/base/random.js';
import {
  decodeElements,
  ELEMENT_BYTES,
  encodeElements,
  floatsIn,
} from '../../../generator/network/formats/elements.js';

const SEED = 21;
const TYPES = ['float16', 'bfloat16', 'float32', 'float64'] as const;

/** Bytes of 24 numbers, `offset` bytes into a buffer. */
function bytesOf(type: (typeof TYPES)[number], offset: number): Uint8Array {
  const random = new Random(SEED);
  const numbers = Array.from({ length: 24 }, () => 20 * random.unit() - 10);
  const whole = new Uint8Array(24 * ELEMENT_BYTES[type] + offset);
  whole.set(encodeElements(type, [0, -0, ...numbers.slice(2)]), offset);
  return whole.subarray(offset);
}

describe.each(TYPES)('numbers of type %s in their own words', (type) => {
  it.each([0, 1, 2, 4, 8])('are exact, %i bytes into a buffer', (offset) => {
    const bytes = bytesOf(type, offset);
    expect([...floatsIn(type, bytes)]).toEqual([...decodeElements(type, bytes)]);
  });

  it('take as many bytes as in the file, or those of float32', () => {
    const values = floatsIn(type, bytesOf(type, 0));
    expect(values.BYTES_PER_ELEMENT).toBe(Math.max(4, ELEMENT_BYTES[type]));
  });
});

describe('a view', () => {
  it.each([
    ['float32', 8, true],
    ['float32', 4, true],
    ['float32', 2, false],
    ['float64', 8, true],
    ['float64', 4, false],
  ] as const)('of %s at byte %i is had: %s', (type, offset, isView) => {
    const bytes = bytesOf(type, offset);
    expect(floatsIn(type, bytes).buffer === bytes.buffer).toBe(isView);
  });
});
