import { type Axes, type Lengths, type Part, product } from './axes.js';
import type { Length } from './lists.js';

/**
 * The axes after Reshape to `shape` (0 copies the length of an axis unless `allowZero`, -1 is the rest), or null
 * where the file does not say enough to know which parts come together on which axis.
 */
export function reshapedAxes(
  from: Axes,
  shape: readonly Length[],
  allowZero: boolean,
): Axes | null {
  const { lengths } = from;
  const wanted: Wanted[] = [];
  for (const [axis, { factor: length, parts }] of shape.entries()) {
    if (parts.length > 0) {
      const feature = length === lengths.feature && length !== 1 ? (['feature'] as const) : [];
      if (length !== 1 && feature.length === 0) return null;
      wanted.push({ parts: [...parts, ...feature] });
    } else if (length === 0 && !allowZero) {
      const copied = from.axes[axis];
      if (copied === undefined) return null;
      wanted.push({ parts: copied });
    } else if (length === -1) wanted.push('rest');
    else if (length > 0) wanted.push({ length });
    else return null;
  }
  const parts = from.axes.flat();
  const split = wanted.indexOf('rest');
  const head = split < 0 ? wanted : wanted.slice(0, split);
  const tail = split < 0 ? [] : wanted.slice(split + 1).reverse();
  if (tail.includes('rest')) return null;
  const front: (readonly Part[])[] = [];
  for (const one of head) {
    const taken = take(one, parts, lengths);
    if (taken === null) return null;
    front.push(parts.splice(0, taken));
  }
  const back: (readonly Part[])[] = [];
  for (const one of tail) {
    const taken = take(one, [...parts].reverse(), lengths);
    if (taken === null) return null;
    back.unshift(parts.splice(parts.length - taken, taken));
  }
  if (split >= 0) return { ...from, axes: [...front, parts, ...back] };
  return parts.length === 0 ? { ...from, axes: front } : null;
}

type Wanted = 'rest' | { readonly length: number } | { readonly parts: readonly Part[] };

/** How many of the next parts make up an axis, or null where that cannot be known. */
function take(wanted: Wanted, next: readonly Part[], lengths: Lengths): number | null {
  if (wanted === 'rest') return null;
  if ('parts' in wanted) {
    const count = wanted.parts.length;
    const same = new Set(next.slice(0, count));
    if (same.size === count && wanted.parts.every((part) => same.has(part))) return count;
    const length = product(wanted.parts, lengths);
    return length === undefined ? null : take({ length }, next, lengths);
  }
  let length = 1;
  for (let count = 0; ; count++) {
    if (length === wanted.length) return count;
    const own = count < next.length ? lengths[next[count] as Part] : undefined;
    if (own === undefined || length > wanted.length) return null;
    length *= own;
  }
}
