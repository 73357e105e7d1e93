import { UserError } from '../../base/errors.js';
import { type NpyArray, type WritableType, writeNpy } from '../formats/npy.js';
import { writeNpz } from '../formats/npz.js';
import type { Utterances } from '../utterances.js';
import { type FrameLayout, likeFrames } from './layout.js';

const isNpz = (path: string): boolean => /\.npz$/i.test(path);

/** Outputs of clips are clips: one array cannot hold them. @throws UserError OUTPUT_FORMAT. `option` names the output. */
export function checkOutputName(
  path: string | undefined,
  layout: FrameLayout,
  option: string,
): void {
  if (path === undefined || layout.kind === 'array' || isNpz(path)) return;
  const expected = 'a name that ends in .npz, since the frames are clips';
  throw new UserError({
    code: 'OUTPUT_FORMAT',
    message: `${option}: expected ${expected}, got ${path}`,
    file: path,
    field: option,
    expected,
    got: path,
  });
}

/** What outputs are written as. */
export interface Outputs {
  readonly type: WritableType;
  /** [frame][width], utterances one after the other. */
  readonly data: Float64Array;
  readonly width: number;
}

/**
 * The bytes of a file of outputs, which holds them as the file of the frames does: an `.npz`, by its name, with an array for
 * each clip, or a `.npy` or `.npz` of one array.
 */
export function outputBytes(
  path: string,
  { type, data, width }: Outputs,
  frames: Utterances & { readonly layout: FrameLayout },
): Uint8Array {
  const { lengths, layout } = frames;
  if (layout.kind === 'array') {
    const array = { type, ...likeFrames(data, frames, layout, width) };
    // numpy.savez names an array so that has no name
    return isNpz(path) ? writeNpz(new Map([[layout.name ?? 'arr_0', array]])) : writeNpy(array);
  }
  let from = 0;
  const clips = layout.names.map(
    (name, u): [string, NpyArray & { readonly type: WritableType }] => {
      const length = lengths[u] as number;
      const part = data.subarray(from * width, (from + length) * width);
      from += length;
      return [name, { type, shape: [length, width], data: part }];
    },
  );
  return writeNpz(new Map(clips));
}

/** The bytes of a file of outputs of last frames alone, whatever the frames came in: one array [utterances, width], data alike. */
export function lastOutputBytes(path: string, { type, data, width }: Outputs): Uint8Array {
  const array = { type, shape: [data.length / width, width], data };
  return isNpz(path) ? writeNpz(new Map([['arr_0', array]])) : writeNpy(array);
}

/** The outputs of the last frame of each utterance, [utterance][width], of those of every frame. */
export function ofLastFrames({ data, width, type }: Outputs, { lengths }: Utterances): Outputs {
  const last = new Float64Array(lengths.length * width);
  let end = 0;
  lengths.forEach((length, u) => {
    end += length;
    last.set(data.subarray((end - 1) * width, end * width), u * width);
  });
  return { type, width, data: last };
}
