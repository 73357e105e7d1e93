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
  /** Its sums wait in a slot for the other operand's, or meet them and go to the cell lanes. */
  readonly ends: 'slot' | 'lanes';
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
  return walks.flatMap((walk) => [...jobsOfPass(walk, sumSlots, walk === walks.at(-1))]);
}

function* jobsOfPass(walk: PassWalk, sumSlots: number, last: boolean): Generator<Job> {
  const { index: pass, first, second, groups } = walk;
  const ahead = aheadOf(walk, sumSlots);
  const tiles = (side: Side, set: number) => sideOf(walk, side).tiles(set);
  let stored = 0;
  for (let set = 0; set < groups; set++) {
    while (first !== null && stored < groups && stored - set < ahead) {
      const own = tiles(first, stored);
      yield { pass, side: first, set: stored++, tiles: own, ends: 'slot', needs: NOTHING };
    }
    const needs: Needs = {
      drained: walk.waits && set === 0,
      output: last,
      lanes: true,
      fetch: set === groups - 1,
    };
    yield { pass, side: second, set, tiles: tiles(second, set), ends: 'lanes', needs };
  }
}
