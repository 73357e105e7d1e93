/** What a part costs as an engine of its own; null: no engine takes it. */
export type CostOf = (from: number, past: number, engine: number) => PartCost | null;

export interface PartCost {
  readonly cyclesPerFrame: number;
  readonly latencyCycles: number;
}

/**
 * The places at which `length` passes are cut for `engines` engines such that the slowest is fastest, and of such cuts those with
 * the least latency, which is the sum over the engines. `places`: where they may be cut. Null where there is no way.
 */
export function chooseCuts(
  places: readonly number[],
  length: number,
  engines: number,
  costOf: CostOf,
): readonly number[] | null {
  const most = bestWay(places, length, engines, costOf, ({ cyclesPerFrame }, before) =>
    Math.max(cyclesPerFrame, before),
  );
  if (most === null) return null;
  // a way that is quicker up to a cut may be slower behind it: latency is looked at once the slowest is known
  const least = bestWay(
    places,
    length,
    engines,
    costOf,
    ({ cyclesPerFrame, latencyCycles }, before) =>
      cyclesPerFrame > most.cost ? Number.POSITIVE_INFINITY : latencyCycles + before,
  );
  return least === null ? null : least.cuts;
}

interface Way {
  readonly cost: number;
  readonly cuts: readonly number[];
}

/** The way of least cost, one engine after another; `add`: the cost with one engine more. */
function bestWay(
  places: readonly number[],
  length: number,
  engines: number,
  costOf: CostOf,
  add: (part: PartCost, before: number) => number,
): Way | null {
  let ways = new Map<number, Way>([[0, { cost: 0, cuts: [] }]]);
  for (let engine = 0; engine < engines; engine++) {
    const ends = engine === engines - 1 ? [length] : places;
    const next = new Map<number, Way>();
    for (const past of ends) {
      for (const [from, { cost: before, cuts }] of ways) {
        if (from >= past) continue;
        const part = costOf(from, past, engine);
        const cost = part === null ? Number.POSITIVE_INFINITY : add(part, before);
        if (cost >= (next.get(past)?.cost ?? Number.POSITIVE_INFINITY)) continue;
        next.set(past, { cost, cuts: from === 0 ? cuts : [...cuts, from] });
      }
    }
    ways = next;
  }
  return ways.get(length) ?? null;
}
