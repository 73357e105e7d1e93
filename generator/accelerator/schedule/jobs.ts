import type { Side } from '../control/layer-table.js';
import { type PassWalk, sideOf } from './pass-walk.js';

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

/** All tiles of one operand of one row group set. */
export interface Job {
  readonly pass: number;
  readonly side: Side;
  readonly set: number;
  readonly tiles: number;
  /** Its sums wait in a slot for the other operand's, or go to the cell lanes. */
  readonly ends: 'slot' | 'lanes';
  /** It goes to the lanes without sums of the other operand, which has no tiles in this set, or is none. */
  readonly alone: boolean;
  /** Sets behind this one that have no tiles at all: they follow it through the lanes, with sums of zero. */
  readonly empty: number;
  /** The input of the frame is read no more behind it. */
  readonly releases: boolean;
  readonly needs: Needs;
}

const NOTHING: Needs = { drained: false, output: false, lanes: false, fetch: false };

/** Sets of a pass whose sums are put into slots before the first ones go to the lanes. */
export function aheadOf(
  walk: Pick<PassWalk, 'first' | 'waits' | 'groups'>,
  sumSlots: number,
): number {
  if (walk.first === null) return 1;
  return walk.waits ? Math.min(sumSlots, walk.groups) : 1;
}

/** The jobs of a frame in the order in which the sequencer runs them: images, schedule and proofs follow from this list. */
export function jobsOf(walks: readonly PassWalk[], sumSlots: number): readonly Job[] {
  const jobs = walks.flatMap((walk) => jobsOfPass(walk, sumSlots, walk === walks.at(-1)));
  const release = Math.max(
    0,
    jobs.findLastIndex(({ pass, side }) => pass === 0 && side === 'x'),
  );
  return jobs.map((job, n) => (n === release ? { ...job, releases: true } : job));
}

/** A set with the operands that have tiles in it. */
interface Work {
  readonly set: number;
  readonly sides: readonly Side[];
  readonly empty: number;
}

/**
 * Sets of a pass that have tiles, each with the ones behind it that have none. The first set of a pass goes to the lanes by
 * tiles of its own: where it has none, it gets one, whose weights are zero.
 */
function workOf(walk: PassWalk): readonly Work[] {
  const { first, second, groups } = walk;
  const work: Work[] = [];
  for (let set = 0; set < groups; set++) {
    const sides = [first, second].filter(
      (side): side is Side => side !== null && sideOf(walk, side).tiles(set) > 0,
    );
    const before = work.at(-1);
    if (sides.length === 0 && before !== undefined) {
      work[work.length - 1] = { ...before, empty: before.empty + 1 };
    } else {
      work.push({ set, sides: sides.length === 0 ? [second] : sides, empty: 0 });
    }
  }
  return work;
}

function jobsOfPass(walk: PassWalk, sumSlots: number, last: boolean): readonly Job[] {
  const { index: pass, first } = walk;
  const ahead = aheadOf(walk, sumSlots);
  const work = workOf(walk);
  // sets of which the sums of the first operand wait for those of the second
  const waiting = work.filter(({ sides }) => sides.length === 2);
  const job = (side: Side, set: number) => ({
    ...{ pass, side, set, tiles: Math.max(1, sideOf(walk, side).tiles(set)), releases: false },
  });
  let [stored, fetched] = [0, 0];
  return work.flatMap(({ set, sides, empty }, n): readonly Job[] => {
    const slots: Job[] = [];
    const alone = sides.length === 1;
    if (!alone) {
      while (stored < waiting.length && stored - fetched < ahead) {
        const own = job(first as Side, (waiting[stored++] as Work).set);
        slots.push({ ...own, ends: 'slot', alone: false, empty: 0, needs: NOTHING });
      }
      fetched++;
    }
    const needs: Needs = {
      drained: walk.waits && n === 0,
      output: last,
      lanes: true,
      fetch: n === work.length - 1,
    };
    const side = sides.at(-1) as Side;
    return [...slots, { ...job(side, set), ends: 'lanes', alone, empty, needs }];
  });
}
