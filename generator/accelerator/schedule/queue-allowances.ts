import { cellOf } from '../../network/cells/registry.js';
import { IN_FLIGHT_BITS } from '../control/in-flight.js';
import type { Job } from './jobs.js';
import type { PassWalk } from './pass-walk.js';
import { type ScheduleShape, timingOf } from './timing.js';

/** More sets than are ever under way. */
const ANY = 2 ** IN_FLIGHT_BITS - 1;

/** A pass of a frame with its place among the tiles of frames behind one another. */
interface Place {
  readonly pass: number;
  /** First tile of its ready half, and of its completing half, which waits; the tile with which the lanes begin. */
  readonly ready: number;
  readonly completing: number;
  readonly lanes: number;
}

/** Two frames: what is read of the frame before lies in the first one. */
const FRAMES = 2;

/**
 * Allowances of designs with queues, where a pass is one set. What a pass reads has been written when as many tiles lie between as
 * the write takes cycles; where there are fewer, the last pass before it that waits does so until that one has retired.
 */
export function queueAllowances(
  walks: readonly PassWalk[],
  jobs: readonly Job[],
  shape: Omit<ScheduleShape, 'inputBeats' | 'outputBeats'>,
): readonly number[] {
  const allowed = walks.map(({ waits, pass }) =>
    waits && cellOf(pass.cell).behind === undefined ? ANY : 0,
  );
  const places = placesOf(walks, jobs);
  const { feed, cells, lastStep, busy } = timingOf(shape);
  const written = (writer: number): number => {
    const job = jobs.find(({ pass, ends }) => pass === writer && ends === 'lanes') as Job;
    return feed + cells.retire + lastStep(job) + job.empty * busy(job);
  };
  const last = places.length - walks.length;
  for (const [index, walk] of walks.entries()) {
    const reader = last + index;
    const at = places[reader] as Place;
    const [x, h] = walk.pass.operands;
    for (const [n, operand] of [x, h].entries()) {
      if (operand === undefined) continue;
      const completes = walk.first === null || (walk.second === 'h') === (n === 1);
      for (const { id } of operand.vectors) {
        if (id === 0) continue;
        const writer = reader - index + id - 1 - operand.age * walks.length;
        const begin = completes ? at.completing : at.ready;
        if (begin - (places[writer] as Place).lanes >= written(id - 1)) continue;
        limit(allowed, walks, writer, completes ? reader : reader - 1);
      }
    }
    if (walk.pass.stateFraction === null) continue;
    // the lanes read the state that they wrote a frame ago
    const before = places[reader - walks.length] as Place;
    if (at.lanes - before.lanes < written(index)) {
      limit(allowed, walks, reader - walks.length, reader);
    }
  }
  return allowed;
}

/** The last pass up to `until` that waits does so until pass `writer` has retired; both counted over frames. */
function limit(allowed: number[], walks: readonly PassWalk[], writer: number, until: number): void {
  for (let pass = until; pass > writer; pass--) {
    const index = pass % walks.length;
    if (walks[index]?.waits !== true) continue;
    allowed[index] = Math.min(allowed[index] as number, pass - writer - 1);
    return;
  }
  throw new Error(`no pass waits for pass ${writer % walks.length}`);
}

function placesOf(walks: readonly PassWalk[], jobs: readonly Job[]): readonly Place[] {
  const places: Place[] = [];
  let tiles = 0;
  for (let frame = 0; frame < FRAMES; frame++) {
    for (const { index } of walks) {
      const own = jobs.filter(({ pass }) => pass === index);
      const before = own.filter(({ ends }) => ends === 'slot');
      const first = own.find(({ ends }) => ends === 'lanes') as Job;
      const completing = tiles + before.reduce((sum, job) => sum + job.tiles, 0);
      places.push({ pass: index, ready: tiles, completing, lanes: completing + first.tiles - 1 });
      tiles += own.reduce((sum, job) => sum + job.tiles, 0);
    }
  }
  return places;
}
