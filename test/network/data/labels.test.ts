import { describe, expect, it } from 'vitest';
import { labelsOf } from '../../../generator/network/data/labels.js';
import type { ElementType } from '../../../generator/network/formats/elements.js';
import { refusal } from '../../support/refusal.js';

const layout = { kind: 'clips', names: [] } as const;
const read = (type: ElementType, shape: number[], data: number[], utterances: number) => {
  const frames = { lengths: new Int32Array(utterances).fill(1), layout };
  return labelsOf(
    { type, shape, data, place: (i) => `[${i}]` },
    { frames, classes: 3, file: 'l.npy' },
  );
};

describe('labels', () => {
  it('are one class per utterance', () => {
    expect([...read('uint8', [3], [0, 2, 1], 3)]).toEqual([0, 2, 1]);
    expect([...read('uint8', [3, 1], [0, 2, 1], 3)]).toEqual([0, 2, 1]);
    expect([...read('float64', [2, 3], [0, 0, 1, 1, 0, 0], 2)]).toEqual([2, 0]);
  });

  it.each<[ElementType, number[], number[], string]>([
    ['float32', [1], [0], 'LABELS_TYPE'],
    ['int32', [2], [0, 0], 'LABELS_SHAPE'],
    ['int32', [1, 2], [0, 1], 'LABELS_SHAPE'],
    ['int32', [1, 3, 1], [0, 1, 0], 'LABELS_SHAPE'],
    ['float32', [1, 1], [0], 'LABELS_TYPE'],
    ['int32', [1, 3], [1, 0, 1], 'LABELS_ONE_HOT'],
    ['int32', [1, 3], [0, 0, 0], 'LABELS_ONE_HOT'],
    ['float32', [1, 3], [0, 0.9, 0.1], 'LABELS_ONE_HOT'],
    ['int32', [1], [3], 'LABELS_RANGE'],
    ['int32', [1], [-1], 'LABELS_RANGE'],
  ])('%s %j %j are refused: %s', (type, shape, data, code) => {
    expect(refusal(() => read(type, shape, data, 1)).code).toBe(code);
  });
});
