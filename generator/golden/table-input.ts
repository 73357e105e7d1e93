import { clamp, clipped } from '../network/arithmetic.js';
import type { Pass } from '../network/program.js';
import type { Surroundings } from './cells/cell.js';

/** What table inputs of a pass are clamped to behind their rounding: to the ends of their word, or to its clip. */
export interface InputRange {
  readonly low: number;
  readonly high: number;
  /** The network clips there: what is beyond is no saturation. */
  readonly meant: boolean;
}

/** `offset` of the lookups: table inputs are -offset ... offset - 1. */
export function inputRange({ clip }: Pick<Pass, 'clip'>, offset: number): InputRange {
  if (clip === undefined) return { low: -offset, high: offset - 1, meant: false };
  return { low: -clip, high: clip, meant: true };
}

/** The same as a function of rounded sums, which counts what saturates. */
export function tableInput(
  { clip }: Pick<Pass, 'clip'>,
  { tables: { offset }, saturations }: Pick<Surroundings, 'tables' | 'saturations'>,
): (exact: number) => number {
  if (clip !== undefined) return (exact) => clipped(exact, clip);
  return (exact) => {
    const u = clamp(exact, offset);
    if (u !== exact) saturations.gateInput++;
    return u;
  };
}
