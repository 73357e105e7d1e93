import { unexpected } from '../../base/errors.js';
import { type FrameArrayOptions, type FrameSet, frameArray } from './frame-set.js';
import type { Table } from './table.js';

/**
 * Frames of a text file, one a line, real values. Blank lines separate utterances: clips, named as numpy.savez names
 * arrays without a name.
 * @throws UserError FRAMES_WIDTH, and as `frameArray` for one utterance.
 */
export function csvFrames(table: Table, options: FrameArrayOptions): FrameSet {
  const { columns, values, groups } = table;
  const { inputs, file } = options;
  if (columns !== inputs) {
    const [expected, got] = [`${inputs} values, a frame of the network`, `${columns}`];
    throw unexpected({
      code: 'FRAMES_WIDTH',
      file,
      field: `line ${table.lines[0]}`,
      expected,
      got,
    });
  }
  const type = 'float64' as const;
  if (groups.length === 1) {
    return frameArray({ type, shape: [groups[0] as number, columns], data: values }, options);
  }
  const names = Array.from(groups, (_, u) => `arr_${u}`);
  return { file, type, lengths: groups, inputs, values, layout: { kind: 'clips', names } };
}
