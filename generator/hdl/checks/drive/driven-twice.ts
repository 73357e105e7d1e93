import { type Diagnostic, showSite } from '../../diagnostics.js';
import type { Drive, Signal } from '../walk/elaborate.js';
import { firstOfEach } from '../walk/first.js';
import { type Subject, showPoint } from '../walk/points.js';
import { showBits } from '../width/bits.js';

/** Bits that two assignments, instances or always blocks drive, and inputs that something drives. */
export function checkDrivenTwice({ points }: Subject): Diagnostic[] {
  return firstOfEach(
    points.flatMap((point) =>
      point.signals.flatMap((signal) =>
        overlaps(signal).map(([text, site]) => ({
          ...({ code: 'DRIVEN_TWICE', path: signal.declared.path, site } as const),
          message: `${text}${showPoint(point)}`,
        })),
      ),
    ),
  );
}

function overlaps({ declared, name, drives }: Signal): (readonly [text: string, site: string])[] {
  const [first] = drives;
  if (first === undefined) return [];
  if (declared.storage === 'input') return [[`${name} is an input of the module`, first.site]];
  const found: (readonly [string, string])[] = [];
  let reached: Drive | null = null;
  for (const next of [...drives].sort((a, b) => a.low - b.low)) {
    if (reached !== null && next.low < reached.high && next.by !== reached.by) {
      const bits = showBits([{ low: next.low, high: Math.min(next.high, reached.high) }]);
      found.push([`${bits} of ${name}: driven at ${showSite(reached.site)} too`, next.site]);
    }
    if (reached === null || next.high > reached.high) reached = next;
  }
  return found;
}
