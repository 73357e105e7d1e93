import type { CosimDesign } from '../design.js';
import { streamShape } from '../driver/bounds.js';

/** How much a protocol pass may cost. */
export interface Budget {
  /** Clock cycles, about. */
  readonly cycles: number;
  /** Lives without a reset in operation. */
  readonly mixtures: number;
  /** Resets in operation, at most, and at least whatever they take. */
  readonly resets: number;
  readonly leastResets: number;
  /** Whether all frames leave after each of them before the next one comes. */
  readonly drains: boolean;
  /** Cycles that the count of errors may take to its top. */
  readonly countedOut: number;
}

/** Cycles of a small design that are hardly noticed, and up to how many multipliers it is small. */
const SMALL_CYCLES = 200_000;
const SMALL_MACS = 128;
const MOST_RESETS = 150;
const LEAST_RESETS = 5;
/** Of a large one: frames with their latency; the other passes of a run without options have about 20. */
const LARGE_FRAMES = 15;

/**
 * A small design takes milliseconds for thousands of frames; the time of a large one grows with its multipliers, so that
 * it gets less than its other passes take. A netlist is simulated gate by gate: it counts as large.
 */
export function budgetOf(design: CosimDesign): Budget {
  const { cyclesPerFrame, latencyCycles } = design.predicted;
  const frame = cyclesPerFrame + latencyCycles + streamShape(design).inputBeats;
  const netlist = design.cellModels !== undefined;
  const small = netlist ? 0 : (SMALL_CYCLES * SMALL_MACS) / Math.max(SMALL_MACS, design.macs);
  const cycles = Math.ceil(Math.max(LARGE_FRAMES * frame, small));
  const frames = cycles / frame;
  return {
    cycles,
    mixtures: frames > 100 ? 10 : frames > 30 ? 3 : 1,
    resets: Math.max(LEAST_RESETS, Math.min(MOST_RESETS, Math.floor(frames / 3))),
    leastResets: LEAST_RESETS,
    drains: frames > 30,
    countedOut: 0.7 * small,
  };
}
