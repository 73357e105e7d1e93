import { type Diagnostic, joinPath } from '../../diagnostics.js';
import { type ScopeRound, signalAt } from '../walk/elaborate.js';
import { type Reference, references } from '../walk/exprs.js';
import { firstOfEach } from '../walk/first.js';
import { type Subject, showPoint } from '../walk/points.js';

/** Bits that Verilog gives a parameter. */
const PARAMETER_BITS = 32;

/** Bits, parts, words and iterations that lie outside of what they are taken from. */
export function checkIndexRange({ module, points }: Subject): Diagnostic[] {
  return firstOfEach(
    points.flatMap((point) => {
      const found: Diagnostic[] = [];
      const check = (node: Reference, place: ScopeRound, site: string): void => {
        const text = outside(node, place);
        if (text === null) return;
        const message = `${text}${showPoint(point)}`;
        found.push({ code: 'INDEX_RANGE', path: joinPath(module.name, node.name), message, site });
      };
      for (const { value, place, site } of point.reads) {
        references(value, (node) => check(node, place, site));
      }
      for (const { target, place, site } of point.targets) check(target, place, site);
      return found;
    }),
  );
}

/** What is out of range; null when nothing is, or when it is not known. */
function outside(node: Reference, place: ScopeRound): string | null {
  const { at } = place;
  if (node.kind === 'name') return null;
  if (node.kind === 'inBlock') {
    const count = place.blocks.get(node.label)?.length;
    const index = node.index.evaluate(at);
    if (count === undefined || (index >= 0 && index < count)) return null;
    return `block ${index} of the ${count} blocks ${node.label}`;
  }
  const signal = signalAt(node, place);
  if (node.kind === 'part') {
    const bits = signal === undefined ? PARAMETER_BITS : signal.width;
    const [low, width] = [node.base.evaluate(at), node.width.evaluate(at)];
    if (Number.isNaN(low + width) || (low >= 0 && width >= 1 && low + width <= bits)) return null;
    const what = width === 1 ? `bit ${low}` : `bits ${low} to ${low + width - 1}`;
    return width < 1
      ? `a part of ${width} bits of ${node.name}`
      : `${what} of the ${bits} bits of ${signal?.name ?? node.name}`;
  }
  const index = node.index.node;
  if (signal === undefined || index.kind !== 'literal') return null;
  const [number, stride] = [Number(index.value), node.stride.evaluate(at)];
  const words =
    signal.declared.storage === 'memory' ? signal.depth : Math.floor(signal.width / stride);
  return number < words ? null : `word ${number} of the ${words} words of ${signal.name}`;
}
