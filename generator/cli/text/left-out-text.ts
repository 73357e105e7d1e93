import type { LeftOut } from '../../network/import/imported.js';

/**
 * What becomes no hardware, for a person: weights one by one, the rest, and there can be hundreds of small constants
 * and reshapes, counted by kind.
 */
export function leftOutLines(leftOut: readonly LeftOut[]): readonly string[] {
  const weights = leftOut.filter(holdsWeights);
  const rest = leftOut.filter((part) => !holdsWeights(part));
  return [
    ...weights.map(({ kind, name, what }) => `${kind} ${name}: ${what}`),
    ...counts('nodes', rest, ({ kind, what }) => (kind === 'node' ? what.split(' ', 1)[0] : null)),
    ...counts('tensors', rest, ({ kind, what }) => (kind === 'tensor' ? what : null)),
  ];
}

/** One line such as `nodes: 44 Constant, 6 Conv`, the most frequent first; none where there are none. */
function counts(
  title: string,
  parts: readonly LeftOut[],
  group: (part: LeftOut) => string | null | undefined,
): readonly string[] {
  const times = new Map<string, number>();
  for (const part of parts) {
    const key = group(part) ?? null;
    if (key !== null) times.set(key, (times.get(key) ?? 0) + 1);
  }
  if (times.size === 0) return [];
  const sorted = [...times].sort(([, a], [, b]) => b - a);
  return [`${title}: ${sorted.map(([key, n]) => `${n} ${key}`).join(', ')}`];
}

/** Real numbers with at least one axis, e.g. `F32 [64, 128]` or `Constant float32 [64]`. */
function holdsWeights({ what }: LeftOut): boolean {
  return /\b(b?float\d+|B?F\d+)\w* \[\d/.test(what);
}
