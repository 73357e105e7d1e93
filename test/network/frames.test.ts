import { describe, expect, it } from 'vitest';
import type { ElementType } from '../../generator/network/formats/elements.js';
import { framesFromNpy, labelsFromNpy } from '../../generator/network/frames.js';
import { refusal } from '../support/refusal.js';

const format = { bits: 4, fraction: 2 }; // codes -8 ... 7, step 0.25
const array = (type: ElementType, shape: number[], data: number[]) => ({ type, shape, data });
const frames = (type: ElementType, shape: number[], data: number[]) =>
  framesFromNpy(array(type, shape, data), shape.at(-1) as number, format, 'f.npy');

describe('frames', () => {
  it('of real numbers are rounded half up and saturate, counted', () => {
    const values = [0.125, -0.125, 0.374, -0.375, 1.875, 1.874, -2.126, -2, -2.1];
    const { codes, saturated } = frames('float32', [1, 9], values);
    expect([...codes]).toEqual([1, 0, 1, -1, 7, 7, -8, -8, -8]);
    expect(saturated).toBe(2); // 1.875 -> 8 and -2.126 -> -9; -2.125 and -2.1 still round to -8
  });

  it('of integers are codes already', () => {
    const { codes, saturated } = frames('int8', [2, 2], [-8, 7, 0, 3]);
    expect([...codes]).toEqual([-8, 7, 0, 3]);
    expect(saturated).toBe(0);
    expect(refusal(() => frames('int16', [1, 1], [8]))).toMatchObject({
      code: 'FRAMES_RANGE',
      expected: 'codes from -8 to 7',
      got: '8',
    });
  });

  it('have two axes for one utterance, three for several', () => {
    expect(frames('int8', [3, 2], [0, 0, 0, 0, 0, 0])).toMatchObject({
      utterances: 1,
      frames: 3,
      axes: 2,
    });
    expect(frames('int8', [3, 2, 1], [0, 0, 0, 0, 0, 0])).toMatchObject({
      utterances: 3,
      frames: 2,
      axes: 3,
    });
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
    const act = () => framesFromNpy(array('float64', shape, data), 2, format, 'f.npy');
    expect(refusal(act)).toMatchObject({ code, file: 'f.npy' });
  });

  it('say where the NaN is', () => {
    const act = () => frames('float32', [2, 2, 2], [0, 0, 0, 0, 0, 0, Number.NaN, 0]);
    expect(refusal(act).field).toBe('[1, 1, 0]');
  });
});

describe('labels', () => {
  it('are one class per utterance', () => {
    expect([...labelsFromNpy(array('uint8', [3], [0, 2, 1]), 3, 3, 'l.npy')]).toEqual([0, 2, 1]);
  });

  it.each<[ElementType, number[], number[], string]>([
    ['float32', [1], [0], 'LABELS_TYPE'],
    ['int32', [2], [0, 0], 'LABELS_SHAPE'],
    ['int32', [1, 1], [0], 'LABELS_SHAPE'],
    ['int32', [1], [3], 'LABELS_RANGE'],
    ['int32', [1], [-1], 'LABELS_RANGE'],
  ])('%s %j %j are refused: %s', (type, shape, data, code) => {
    expect(refusal(() => labelsFromNpy(array(type, shape, data), 1, 3, 'l.npy')).code).toBe(code);
  });
});
