import { UserError } from '../../base/errors.js';
import { type DataFile, readData } from './arrays.js';
import { clipFrames } from './clips.js';
import { csvFrames } from './csv-frames.js';
import { type FrameArrayOptions, type FrameSet, frameArray } from './frame-set.js';
import { readLengths } from './lengths.js';
import { isTable, readTable } from './table.js';

/** How a file of frames is read. */
export interface FramesRequest {
  readonly timeMajor: boolean;
  /** File of the frames that each utterance has. */
  readonly lengths?: string | undefined;
}

/**
 * Reads frames of `inputs` values: `.npy`, `.npz` or CSV.
 * @throws UserError as `readData`, `readTable`, `readLengths`, `frameArray`, `clipFrames` and `csvFrames`; BAD_USAGE for
 * lengths of clips, which have their own
 */
export async function readFrames(
  file: string,
  inputs: number,
  { timeMajor, lengths }: FramesRequest,
): Promise<FrameSet> {
  const data = await readData(file, isTable);
  const given =
    lengths === undefined ? undefined : { file: lengths, lengths: await readLengths(lengths) };
  const set = framesOf(data, { inputs, file, timeMajor, lengths: given });
  if (set.layout.kind === 'clips' && lengths !== undefined) {
    throw new UserError({
      code: 'BAD_USAGE',
      message: `--lengths belongs to one array [utterances, frames, n]; ${file} has ${set.lengths.length} clips of their own lengths`,
      file,
      field: '--lengths',
    });
  }
  return set;
}

/** Frames of what `readData` gives. @throws UserError as `readFrames` */
export function framesOf(data: DataFile, options: FrameArrayOptions): FrameSet {
  const { inputs, file } = options;
  if (data.kind === 'arrays') return clipFrames(data.arrays, inputs, file);
  if (data.kind === 'other') return csvFrames(readTable(data.bytes, file), options);
  const set = frameArray(data.array, options);
  if (data.name === null || set.layout.kind === 'clips') return set;
  return { ...set, layout: { ...set.layout, name: data.name } };
}
