import type { Side } from '../control/layer-table.js';
import { type PassWalk, sideOf } from './pass-walk.js';
import { readsInput } from './side-by-side.js';

/** What has to be true before a job, or its last tile, is issued. */
export interface Needs {
  /** Before its first tile: every set issued before has retired. */
  readonly drained: boolean;
  /** Before its first tile: an output buffer is free. */
  readonly output: boolean;
  /** Before its last tile: the cell lanes can take a set. */
  readonly lanes: boolean;
  /** Before its last tile: the table word of the next pass is there. */
  readonly fetch: boolean;
}

/** All tiles of one operand of one row group set; where the lanes begin before the last one, those up to then, and the rest. */
export interface Job {
  readonly pass: number;
  readonly side: Side;
  readonly set: number;
  /** Of the set, where gates are taken in turn; else 0. */
  readonly gate: number;
  readonly tiles: number;
  /** Tiles of its operand and set before its first one. */
  readonly from: number;
  /**
   * Its sums wait in a slot for the other operand's, or go to the cell lanes; those of a gate that is not the last are held there
   * for the others. The rest of an operand of which the lanes have the first sums ends with nothing.
   */
  readonly ends: 'slot' | 'held' | 'lanes' | 'rest';
  /** It goes to the lanes without sums of the other operand, which has no tiles in this set, or is none. */
  readonly alone: boolean;
  /** Sets behind this one that have no tiles at all: they follow it through the lanes, with sums of zero. */
  readonly empty: number;
  /** Times that its set goes through the lanes. */
  readonly turns: number;
  /** The input of the frame is read no more behind it. */
  readonly releases: boolean;
  readonly needs: Needs;
}

const NOTHING: Needs = { drained: false, output: false, lanes: false, fetch: false };

/** Sets of a pass, or their gates in turn, whose sums are put into slots before the first ones go to the lanes. */
export function aheadOf(
  walk: Pick<PassWalk, 'first' | 'waits' | 'groups' | 'gates'>,
  sumSlots: number,
): number {
  if (walk.first === null) return 1;
  return walk.waits ? Math.min(sumSlots, walk.groups * walk.gates) : 1;
}

const known = new WeakMap<readonly PassWalk[], Map<number, readonly Job[]>>();

/** The jobs of a frame in the order in which the sequencer runs them: images, schedule and proofs follow from this list. */
export function jobsOf(walks: readonly PassWalk[], sumSlots: number): readonly Job[] {
  // a plan asks for them once for each choice of lanes
  const own = known.get(walks) ?? new Map<number, readonly Job[]>();
  known.set(walks, own);
  const jobs = own.get(sumSlots) ?? listed(walks, sumSlots);
  own.set(sumSlots, jobs);
  return jobs;
}

function listed(walks: readonly PassWalk[], sumSlots: number): readonly Job[] {
  const jobs: Job[] = [];
  for (const walk of walks) addJobs(jobs, walk, sumSlots, walk === walks.at(-1));
  const fromInput = new Set(walks.flatMap(({ index, pass }) => (readsInput(pass) ? [index] : [])));
  const reads = jobs.findLastIndex(({ pass, side }) => side === 'x' && fromInput.has(pass));
  const release = Math.max(0, reads);
  return jobs.map((job, n) => (n === release ? { ...job, releases: true } : job));
}

/** A set, or one of its gates in turn, with the operands that have tiles in it. */
interface Work {
  readonly set: number;
  readonly gate: number;
  readonly last: boolean;
  readonly sides: readonly Side[];
  /** Sets behind it that have none. */
  empty: number;
}

/**
 * Sets of a pass that have tiles, each with the ones behind it that have none. The first set of a pass goes to the lanes by
 * tiles of its own: where it has none, it gets one, whose weights are zero.
 */
function workOf(walk: PassWalk): readonly Work[] {
  const { first, second, groups } = walk;
  const has = (side: Side | null, set: number): side is Side =>
    side !== null && sideOf(walk, side).tiles(set) > 0;
  const both = first === null ? [second] : [first, second];
  const work: Work[] = [];
  for (let set = 0; set < groups; set++) {
    const [one, other] = [has(first, set), has(second, set)];
    const before = work.at(-1);
    if (one || other || before === undefined) {
      const sides = one && other ? both : [one ? (first as Side) : second];
      for (let gate = 0; gate < walk.gates; gate++) {
        work.push({ set, gate, last: gate === walk.gates - 1, sides, empty: 0 });
      }
    } else {
      before.empty++;
    }
  }
  return work;
}

function addJobs(jobs: Job[], walk: PassWalk, sumSlots: number, last: boolean): void {
  const { index: pass, first } = walk;
  const ahead = aheadOf(walk, sumSlots);
  const work = workOf(walk);
  // sets of which the sums of the first operand wait for those of the second
  const waiting = work.filter(({ sides }) => sides.length === 2);
  const add = (
    side: Side,
    { set, gate }: Work,
    { ends, alone, empty }: Pick<Job, 'ends' | 'alone' | 'empty'>,
    needs: Needs,
  ): void => {
    const { tiles: tilesIn, lanesFrom } = sideOf(walk, side);
    const tiles = Math.max(1, tilesIn(set));
    const first = ends === 'lanes' && lanesFrom !== undefined ? Math.min(tiles, lanesFrom) : tiles;
    const own = { pass, side, set, gate, alone, turns: walk.turns, releases: false };
    jobs.push({ ...own, tiles: first, from: 0, ends, empty, needs });
    if (first === tiles) return;
    const rest = { tiles: tiles - first, from: first, ends: 'rest', empty: 0 } as const;
    jobs.push({ ...own, ...rest, needs: NOTHING });
  };
  const needsAt = (n: number, one: Work): Needs => ({
    drained: walk.waits && n === 0,
    output: last,
    lanes: one.last,
    fetch: n === work.length - 1,
  });
  let [stored, fetched] = [0, 0];
  for (const [n, one] of work.entries()) {
    const alone = one.sides.length === 1;
    if (!alone) {
      while (stored < waiting.length && stored - fetched < ahead) {
        const waits = { ends: 'slot', alone: false, empty: 0 } as const;
        add(first as Side, waiting[stored++] as Work, waits, NOTHING);
      }
      fetched++;
    }
    const ends = one.last ? 'lanes' : 'held';
    add(one.sides.at(-1) as Side, one, { ends, alone, empty: one.empty }, needsAt(n, one));
  }
}
