import type { Bar } from './svg.js';

/** Neighbouring bars of a frame and a side as one, with the number of the frame in it. */
export function together(bars: readonly Bar[], named = true): readonly Bar[] {
  const merged: Bar[] = [];
  for (const { from, to, frame, light = false } of bars) {
    const last = merged.at(-1);
    const joins = last?.to === from - 1 && last.frame === frame && (last.light ?? false) === light;
    if (last && joins) merged[merged.length - 1] = { ...last, to };
    else merged.push({ from, to, frame, light, ...(named && { text: `${frame}` }) });
  }
  return merged;
}
