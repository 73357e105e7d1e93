import type { CosimDesign, FrameBuffers, FrameMarks } from '../design.js';

/** Of the estimate of a design: a layer, its row group sets, and how many of them can be done ahead. */
export interface LayerSets {
  /** Of each operand. */
  readonly columns: readonly number[];
  readonly rowGroupSets: number;
  readonly ahead: number;
  readonly gatesInTurn: number;
  readonly readsInput: boolean;
}

/** Two frames in the output buffers, one that waits in its last layer, two in the x buffers. */
const MOST_INSIDE = 5;
/** Output frames that wait to be sent. */
export const OUTPUT_BUFFERS = 2;

/**
 * Frames that a core holds, see "Streams" in docs/microarchitecture.md. The frame that waits in its last layer has its x buffer
 * still where that layer reads the input and not all of its x halves can be done ahead, as none can without another operand.
 */
export function frameBuffers(layers: readonly LayerSets[]): FrameBuffers {
  const last = layers.at(-1);
  const waitsWithX =
    last?.readsInput === true &&
    (last.columns.length === 1 || last.ahead < last.rowGroupSets * last.gatesInTurn);
  return { input: 2, inside: waitsWithX ? MOST_INSIDE - 1 : MOST_INSIDE };
}

/**
 * Frames that engines in a chain hold, by the layers of each: a frame waits in the last layer of an engine, with two in front of it at the
 * joint, while the engine behind is full.
 */
export function chainBuffers(engines: readonly (readonly LayerSets[])[]): FrameBuffers {
  const own = engines.map(frameBuffers);
  return { input: 2, inside: own.reduce((sum, { inside }) => sum + inside, 0) };
}

/**
 * Frames that are accepted after a reset while no output is taken: those without outputs pass, until one with outputs finds the
 * output buffers full. There are enough of those.
 */
export function heldFrames(
  { emit, buffers, order, streams, predicted }: CosimDesign,
  frames: readonly FrameMarks[],
): number {
  if (order === 'sequence' || streams > 1) {
    if (predicted.held === undefined) throw new Error('nobody knows how many frames it holds');
    return predicted.held(frames);
  }
  if (emit === 'every') return buffers.inside;
  const due = [...frames.keys()].filter((n) => frames[n]?.emits);
  return (due[OUTPUT_BUFFERS] as number) + buffers.inside - OUTPUT_BUFFERS;
}
