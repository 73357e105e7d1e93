import { Random } from '../../base/random.js';
import type { CosimDesign, FrameMarks } from '../design.js';
import { heldFrames, OUTPUT_BUFFERS } from '../driver/buffers.js';

/** Frames that flow between two resets, at least; twice as many of several streams. */
const FLOW_FRAMES = 4;
/** Frames whose marks are drawn until they are of use. */
const DRAWN_MARKS = 8;
/** Utterances of a tape, and frames of one, where they are computed whole. */
const UTTERANCES = 9;
const MOST_FRAMES = 3;

/**
 * What each frame of a tape is, as many as the longest life has: the same on all tapes, for it decides when things happen. Where
 * outputs leave of some frames alone, marks are drawn, so that frames of both kinds flow, and more outputs are due than the output
 * buffers take; where utterances are computed whole, their lengths.
 */
export function framePattern(design: CosimDesign, seed: number): readonly FrameMarks[] {
  const random = new Random(seed);
  if (design.order === 'sequence') return utterancePattern(design, random);
  if (design.streams > 1) return streamPattern(design, random);
  const { inside } = design.buffers;
  const all = Math.max(FLOW_FRAMES, inside + 2);
  const marks = (emits: boolean): FrameMarks => ({ emits, last: false, stream: 0 });
  if (design.emit === 'every') return Array.from({ length: all }, () => marks(true));
  for (;;) {
    const drawn = Array.from({ length: DRAWN_MARKS }, () => random.below(2) === 0);
    const flowing = new Set(drawn.slice(0, FLOW_FRAMES));
    if (flowing.size === 1 || drawn.filter(Boolean).length <= OUTPUT_BUFFERS) continue;
    const rest = heldFrames(design, drawn.map(marks)) + 1 - drawn.length;
    const more = Array.from({ length: Math.max(0, rest) }, () => random.below(2) === 0);
    return [...drawn, ...more].map(marks);
  }
}

function utterancePattern({ emit, maxFrames }: CosimDesign, random: Random): readonly FrameMarks[] {
  const most = Math.min(MOST_FRAMES, maxFrames ?? 1);
  return Array.from({ length: UTTERANCES }, () => random.between(1, most)).flatMap((length) =>
    Array.from({ length }, (_, n) => {
      const last = n === length - 1;
      return { emits: emit === 'every' || last, last, stream: 0 };
    }),
  );
}

/** Frames of random streams, until they are more than a design holds while no output is taken. */
function streamPattern(design: CosimDesign, random: Random): readonly FrameMarks[] {
  const drawn = (): FrameMarks => ({
    emits: design.emit === 'every' || random.below(2) === 0,
    last: false,
    stream: random.below(design.streams),
  });
  const pattern = Array.from({ length: flowFrames(design) }, drawn);
  while (heldFrames(design, pattern) === pattern.length) pattern.push(drawn());
  return pattern;
}

/** Frames that flow between two resets. */
export function flowFrames({ streams }: Pick<CosimDesign, 'streams'>): number {
  return streams === 1 ? FLOW_FRAMES : 2 * FLOW_FRAMES;
}

/** The first frames of a pattern, at least so many, with whole utterances where it has some. */
export function wholeFrames(pattern: readonly FrameMarks[], least: number): number {
  if (!pattern.some(({ last }) => last)) return least;
  let frames = least;
  while (frames < pattern.length && pattern[frames - 1]?.last !== true) frames++;
  return frames;
}
