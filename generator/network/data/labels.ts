import type { FrameSet } from './frame-set.js';
import { otherAxis } from './layout.js';
import type { NumberArray } from './number-list.js';
import { refusal } from './refusal.js';

export interface LabelsOptions {
  /** What the labels go with. */
  readonly frames: Pick<FrameSet, 'lengths' | 'layout'>;
  readonly classes: number;
  readonly file: string;
}

/**
 * Class numbers of the utterances: integers `[utterances]` or `[utterances, 1]`, or one-hot `[utterances, classes]`.
 * @throws UserError LABELS_TYPE, LABELS_SHAPE, LABELS_RANGE or LABELS_ONE_HOT.
 */
export function labelsOf(array: NumberArray, options: LabelsOptions): Int32Array {
  const { frames, classes, file } = options;
  const { type, shape } = array;
  const utterances = frames.lengths.length;
  const [rows, columns] = shape;
  const table = shape.length === 2;
  if (
    rows !== utterances ||
    !(shape.length === 1 || (table && (columns === 1 || columns === classes)))
  ) {
    const oneHot = table ? `, or one-hot [utterances, classes] = [${utterances}, ${classes}]` : '';
    const expected = `[utterances] = [${utterances}]${oneHot}`;
    const hint = shape.length === 1 ? otherAxis(rows as number, frames.layout) : '';
    throw refusal('LABELS_SHAPE', file, 'shape', expected, `[${shape.join(', ')}]${hint}`);
  }
  if (table && columns !== 1) return hotOnes(array, classes, file);
  if (type.startsWith('float')) {
    throw refusal('LABELS_TYPE', file, 'descr', 'an integer type', type);
  }
  const labels = Array.from(array.data);
  const wrong = labels.findIndex((label) => label < 0 || label >= classes);
  if (wrong >= 0) {
    const [expected, got] = [`0 to ${classes - 1}`, String(labels[wrong])];
    throw refusal('LABELS_RANGE', file, array.place(wrong), expected, got);
  }
  return Int32Array.from(labels);
}

/** The place of the one in each row; any type, since 0 and 1 are exact in all. */
function hotOnes({ shape, data, place }: NumberArray, classes: number, file: string): Int32Array {
  return Int32Array.from({ length: shape[0] as number }, (_, u) => {
    const row = Array.from({ length: classes }, (_, k) => data[u * classes + k] as number);
    const label = row.indexOf(1);
    if (label < 0 || row.some((value, k) => k !== label && value !== 0)) {
      const got = `${row.slice(0, 8).join(', ')}${classes > 8 ? ' ...' : ''}`;
      throw refusal('LABELS_ONE_HOT', file, place(u * classes), 'zeros and a single 1', got);
    }
    return label;
  });
}
