import { describe, expect, it } from 'vitest';
import {
  codesOf,
  type FrameArrayOptions,
  frameArray,
} from '../../../generator/network/data/frame-set.js';
import type { ElementType } from '../../../generator/network/formats/elements.js';
import { refusal } from '../../support/refusal.js';

const format = { bits: 4, fraction: 2 }; // codes -8 ... 7, step 0.25
const array = (type: ElementType, shape: number[], data: number[]) => ({ type, shape, data });
const read = (
  type: ElementType,
  shape: number[],
  data: number[],
  options: Partial<FrameArrayOptions> = {},
) =>
  frameArray(array(type, shape, data), {
    inputs: shape.at(-1) as number,
    file: 'f.npy',
    ...options,
  });
const codes = (type: ElementType, shape: number[], data: number[]) =>
  codesOf(read(type, shape, data), format);
const given = (...lengths: number[]) => ({ file: 'n.npy', lengths: Int32Array.from(lengths) });

describe('frames', () => {
  it('of real numbers are rounded half up and saturate, counted', () => {
    const values = [0.125, -0.125, 0.374, -0.375, 1.875, 1.874, -2.126, -2, -2.1];
    const result = codes('float32', [1, 9], values);
    expect([...result.codes]).toEqual([1, 0, 1, -1, 7, 7, -8, -8, -8]);
    expect(result.saturated).toBe(2); // 1.875 -> 8 and -2.126 -> -9; -2.125 and -2.1 still round to -8
  });

  it('of integers are codes already', () => {
    const result = codes('int8', [2, 2], [-8, 7, 0, 3]);
    expect([...result.codes]).toEqual([-8, 7, 0, 3]);
    expect(result.saturated).toBe(0);
    expect(refusal(() => codes('int16', [1, 1], [8]))).toMatchObject({
      code: 'FRAMES_RANGE',
      expected: 'codes from -8 to 7',
      got: '8',
    });
  });

  it('have two axes for one utterance, three for several', () => {
    const zeros = [0, 0, 0, 0, 0, 0];
    expect(read('int8', [3, 2], zeros).lengths).toEqual(Int32Array.of(3));
    expect(read('int8', [3, 2, 1], zeros).lengths).toEqual(Int32Array.of(2, 2, 2));
    const major = read('int8', [3, 2, 1], [1, 2, 3, 4, 5, 6], { timeMajor: true });
    expect(major.lengths).toEqual(Int32Array.of(3, 3));
    expect([...major.values]).toEqual([1, 3, 5, 2, 4, 6]);
  });

  it.each([false, true])(
    'end where lengths say, whatever lies behind: time-major %s',
    (timeMajor) => {
      const { NaN: none } = Number;
      const data = timeMajor ? [1, 2, none, 3, none, 4] : [1, none, none, 2, 3, 4];
      const shape = timeMajor ? [3, 2, 1] : [2, 3, 1];
      const set = read('float32', shape, data, { timeMajor, lengths: given(1, 3) });
      expect(set.lengths).toEqual(Int32Array.of(1, 3));
      expect([...set.values]).toEqual([1, 2, 3, 4]);
      const long = () => read('float32', shape, data, { timeMajor, lengths: given(2, 3) });
      expect(refusal(long)).toMatchObject({
        code: 'FRAMES_NOT_FINITE',
        field: timeMajor ? '[1, 0, 0]' : '[0, 1, 0]',
      });
    },
  );

  it.each<[string, number[], string]>([
    ['too few', [2], 'LENGTHS_SHAPE'],
    ['too many', [2, 2, 2], 'LENGTHS_SHAPE'],
    ['none at all', [2, 0], 'LENGTHS_RANGE'],
    ['more than there are', [4, 1], 'LENGTHS_RANGE'],
  ])('lengths: %s are refused', (_, lengths, code) => {
    const act = () => read('int8', [2, 3, 1], [0, 0, 0, 0, 0, 0], { lengths: given(...lengths) });
    expect(refusal(act)).toMatchObject({ code, file: 'n.npy' });
  });

  it.each<[string, number[], number[], string]>([
    ['one axis', [2], [0, 0], 'FRAMES_SHAPE'],
    ['four axes', [1, 1, 1, 2], [0, 0], 'FRAMES_SHAPE'],
    ['no frame', [0, 2], [], 'FRAMES_SHAPE'],
    ['no utterance', [0, 3, 2], [], 'FRAMES_SHAPE'],
    ['no axis', [], [0], 'FRAMES_SHAPE'],
    ['no values', [3, 0], [], 'FRAMES_WIDTH'],
    ['another width', [1, 3], [0, 0, 0], 'FRAMES_WIDTH'],
    ['NaN', [1, 2], [0, Number.NaN], 'FRAMES_NOT_FINITE'],
    ['infinity', [1, 1, 2], [0, Number.NEGATIVE_INFINITY], 'FRAMES_NOT_FINITE'],
  ])('with %s are refused', (_, shape, data, code) => {
    const act = () => read('float64', shape, data, { inputs: 2 });
    expect(refusal(act)).toMatchObject({ code, file: 'f.npy' });
  });

  it('say where the NaN is', () => {
    const act = () => read('float32', [2, 2, 2], [0, 0, 0, 0, 0, 0, Number.NaN, 0]);
    expect(refusal(act).field).toBe('[1, 1, 0]');
  });
});
