import type { Diagnostic } from '../../diagnostics.js';
import { firstOfEach } from '../walk/first.js';
import { type Subject, showPoint } from '../walk/points.js';

/** Ports, signals and memories with less than one bit or word. */
export function checkNoBits({ points }: Subject): Diagnostic[] {
  return firstOfEach(
    points.flatMap((point) =>
      point.signals
        .filter(({ width, depth }) => width < 1 || depth < 1)
        .map(({ declared: { path, site }, name, width, depth }) => {
          const what = width < 1 ? `${width} bits` : `${depth} words`;
          return { code: 'NO_BITS', path, message: `${name} has ${what}${showPoint(point)}`, site };
        }),
    ),
  );
}
