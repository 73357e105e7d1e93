import type { TableScheme } from '../table-scheme.js';
import type { WordLengths } from '../words.js';

/**
 * Largest magnitude of f * c + i * g (f, i and g from tables) at the finer of both binary points, before it is rounded;
 * `fraction` are the fraction bits of c.
 */
export function blendMagnitude(
  { cell }: Pick<WordLengths, 'cell'>,
  fraction: number,
  { outputFraction }: TableScheme,
): number {
  const point = Math.max(outputFraction, fraction);
  return 2 ** (outputFraction + cell - 1 + point - fraction) + 2 ** (outputFraction + point);
}
