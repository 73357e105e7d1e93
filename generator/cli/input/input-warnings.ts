import type { Frames } from '../../network/frames.js';

/** Share of the input values beyond the format of x from which a command warns. */
const MOST_CLAMPED = 0.01;

/** What a command says about frames that the input format does not hold; nothing where few values are clamped. */
export function inputWarnings({ saturated, codes }: Frames): readonly string[] {
  const share = saturated / Math.max(1, codes.length);
  if (share <= MOST_CLAMPED) return [];
  return [
    `${saturated} of ${codes.length} input values (${(100 * share).toFixed(1)} %) lie beyond the input format and are clamped: is the scale of these frames that of the calibration? compress --calibrate with frames like these chooses the format for them`,
  ];
}
