import { unexpected } from '../../base/errors.js';
import { framesIn, type Utterances, utteranceStarts } from '../utterances.js';

/**
 * Which frames are held out of the calibration, to measure with: 1 for those. Of several utterances every second one; of
 * one utterance its second half, which runs behind the first.
 * @throws UserError HELD_OUT when there is nothing to hold out
 */
export function heldOutFrames({ lengths }: Utterances, file: string): Uint8Array {
  const total = framesIn({ lengths });
  if (total < 2) {
    const expected = 'at least two frames: one to choose formats, one to measure with';
    throw unexpected({ code: 'HELD_OUT', file, field: 'shape', expected, got: total });
  }
  const held = new Uint8Array(total);
  const starts = utteranceStarts({ lengths });
  if (lengths.length === 1) return held.fill(1, Math.ceil(total / 2));
  for (let u = 1; u < lengths.length; u += 2) {
    held.fill(1, starts[u], (starts[u] as number) + (lengths[u] as number));
  }
  return held;
}

/** The values of the frames that a mask marks, `width` of them in each. */
export function valuesWhere(
  values: Float64Array,
  width: number,
  mask: Uint8Array,
  marked: 0 | 1,
): Float64Array<ArrayBuffer> {
  const count = mask.reduce((sum, one) => sum + (one === marked ? 1 : 0), 0);
  const out = new Float64Array(count * width);
  let at = 0;
  mask.forEach((one, index) => {
    if (one !== marked) return;
    out.set(values.subarray(index * width, (index + 1) * width), at);
    at += width;
  });
  return out;
}
