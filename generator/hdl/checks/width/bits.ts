/** Bits low ... high - 1. */
export interface Range {
  readonly low: number;
  readonly high: number;
}

/** The bits below `width` that no range covers. */
export function missing(ranges: readonly Range[], width: number): readonly Range[] {
  const gaps: Range[] = [];
  let reached = 0;
  for (const { low, high } of [...ranges].sort((a, b) => a.low - b.low)) {
    if (low > reached) gaps.push({ low: reached, high: Math.min(low, width) });
    reached = Math.max(reached, high);
    if (reached >= width) return gaps;
  }
  return reached < width ? [...gaps, { low: reached, high: width }] : gaps;
}

/** As a person reads it: `bit 3`, `bits 0 to 1, 4 to 7`. */
export function showBits(ranges: readonly Range[]): string {
  const shown = ranges
    .slice(0, 8)
    .map(({ low, high }) => (high - low === 1 ? `${low}` : `${low} to ${high - 1}`));
  const one = ranges.length === 1 && (ranges[0] as Range).high - (ranges[0] as Range).low === 1;
  return `${one ? 'bit' : 'bits'} ${shown.join(', ')}${ranges.length > shown.length ? ', …' : ''}`;
}
