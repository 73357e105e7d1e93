import { type Axes, are, areParts, holds, type Part } from './axes.js';
import type { LayerNode } from './layer-node.js';

/** What the axes of X are; `rank`: how many a single frame has, where that is known. */
export function layoutOf(
  { layout, rank: own, loop }: LayerNode,
  rank?: number,
): readonly (readonly Part[])[] {
  if (loop !== undefined) return loop.x;
  if (layout === 'time first') return [['time'], ['batch'], ['feature']];
  if (layout === 'batch first') return [['batch'], ['time'], ['feature']];
  const axes = own ?? rank ?? 2;
  return Array.from({ length: axes }, (_, i) =>
    i === axes - 1 ? ['feature' as const] : i === axes - 2 ? ['batch' as const] : [],
  );
}

/** Whether a value of those axes is what the layer reads. */
export function isRead(axes: Axes, lstm: LayerNode): boolean {
  const { layout, rank, loop } = lstm;
  if (loop !== undefined) return areParts(axes, loop.x);
  if (layout === 'time first') return are(axes, 'time', 'batch', 'feature');
  if (layout === 'batch first') return are(axes, 'batch', 'time', 'feature');
  const fits = rank == null || rank === axes.axes.length;
  return fits && axes.lengths.time === 1 && holds(axes, -1, 'feature');
}
