import type { Diagnostic } from '../../diagnostics.js';
import { signalAt } from '../walk/elaborate.js';
import { references } from '../walk/exprs.js';
import type { Subject } from '../walk/points.js';
import type { Declared } from '../walk/scopes.js';
import { missing, type Range, showBits } from '../width/bits.js';
import { readBy } from './unread.js';

/** Bits that nothing reads at any parameter values in use, of signals of which something reads a part. */
export function checkUnreadBits(subject: Subject): Diagnostic[] {
  const { uses, points } = subject;
  const read = new Map<Declared, Range[]>();
  for (const { reads } of points) {
    for (const { value, place } of reads) {
      references(value, (node) => {
        const signal = signalAt(node, place);
        if (signal === undefined) return;
        const ranges = read.get(signal.declared) ?? [];
        const low = node.kind === 'part' ? node.base.evaluate(place.at) : 0;
        const high = node.kind === 'part' ? low + node.width.evaluate(place.at) : signal.width;
        ranges.push({ low, high });
        read.set(signal.declared, ranges);
      });
    }
  }
  const some = readBy(subject);
  const widths = new Map(points[0]?.signals.map(({ declared, width }) => [declared, width]));
  return uses.declared.flatMap((declared): Diagnostic[] => {
    const { storage, path, site } = declared;
    const width = widths.get(declared);
    if (storage === 'output' || storage === 'memory' || width === undefined) return [];
    const gaps = missing(read.get(declared) ?? [], width);
    if (gaps.length === 0 || !some.has(declared)) return [];
    const message = `nothing reads ${showBits(gaps)} of its ${width} bits`;
    return [{ code: 'UNREAD_BITS', path, message, site }];
  });
}
