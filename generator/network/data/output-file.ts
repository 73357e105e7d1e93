import { type WritableType, writeNpy } from '../formats/npy.js';
import type { Utterances } from '../utterances.js';
import { type FrameLayout, likeFrames } from './layout.js';

/** The file of outputs: `data` is [frame][width], utterances one after the other. It holds them as the file of the frames does. */
export function outputBytes(
  type: WritableType,
  data: ArrayLike<number>,
  frames: Utterances & { readonly layout: FrameLayout },
  width: number,
): Uint8Array {
  const { layout } = frames;
  if (layout.kind === 'clips') throw new Error('clips are not written yet');
  return writeNpy({ type, ...likeFrames(data, frames, layout, width) });
}
