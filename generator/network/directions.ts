import { loopsOf, numberOf, type PassRange, type Timed } from './loops.js';

/** A pass, or a layer, beside others of its size and kind. */
export interface Sized extends Timed {
  readonly cell: string;
  readonly rows: number;
}

/** Which way each pass runs, and whether it is one half of a bidirectional layer. */
export interface Direction {
  readonly direction: 'forward' | 'backward';
  readonly bidirectional: boolean;
}

/**
 * The direction of every pass. Two neighbouring loops of opposite directions, of the same cells and sizes on the same vectors, are a
 * bidirectional layer.
 */
export function directionsOf(passes: readonly Sized[]): readonly Direction[] {
  const loops = loopsOf(passes);
  const text = ({ first, last }: PassRange) =>
    JSON.stringify([
      passes.slice(first, last + 1).map(({ cell, rows }) => [cell, rows]),
      passes[first]?.operands[0]?.vectors.map(numberOf),
    ]);
  const both = new Set<PassRange>();
  loops.forEach((loop, i) => {
    const next = loops[i + 1];
    if (next === undefined || next.first !== loop.last + 1 || both.has(loop)) return;
    const opposite = passes[loop.first]?.direction !== passes[next.first]?.direction;
    if (opposite && text(loop) === text(next)) both.add(loop).add(next);
  });
  return passes.map(({ direction }, n) => ({
    direction: direction ?? 'forward',
    bidirectional: [...both].some(({ first, last }) => first <= n && n <= last),
  }));
}

/** The direction in words in front of the name of a cell; nothing where it is forward alone. */
export function directionText({ direction, bidirectional }: Direction): string {
  if (bidirectional) return `bidirectional ${direction} `;
  return direction === 'backward' ? 'backward ' : '';
}
