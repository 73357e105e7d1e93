import type { Diagnostic } from '../../diagnostics.js';
import { lookUp } from '../use/uses.js';
import { firstOfEach } from '../walk/first.js';
import { type Subject, showPoint } from '../walk/points.js';
import { missing, showBits } from '../width/bits.js';

/** Bits that nothing drives, of signals of which something drives a part. */
export function checkPartlyDriven({ uses, points }: Subject): Diagnostic[] {
  const driven = new Set(uses.driven.map(({ target, scope }) => lookUp(target, scope)));
  return firstOfEach(
    points.flatMap((point) =>
      point.signals
        .filter(({ declared }) => driven.has(declared) && declared.storage !== 'memory')
        .flatMap(({ declared, name, width, drives }): Diagnostic[] => {
          const gaps = missing(drives, width);
          if (declared.storage === 'input' || gaps.length === 0) return [];
          const message = `nothing drives ${showBits(gaps)} of the ${width} bits of ${name}${showPoint(point)}`;
          return [{ code: 'PARTLY_DRIVEN', path: declared.path, message, site: declared.site }];
        }),
    ),
  );
}
