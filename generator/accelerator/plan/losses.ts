import { dealt } from '../decoder/queue/deal.js';
import { type Job, jobsOf } from '../schedule/jobs.js';
import { gateOfSlice, type PassWalk, rowOfTile, sideOf } from '../schedule/pass-walk.js';
import { type Configuration, multipliers } from './configuration.js';

/** What keeps the MACs from being busy, as shares of the MAC cycles of a frame: with `macUtilization` they make 1. */
export interface Losses {
  /** Row groups that have no tile left while others of their set have. */
  readonly balance: number;
  /** Positions of tiles that are no kept weight: beyond the matrix, or kept of another row; slices that a pass has no use for. */
  readonly padding: number;
  /** Cycles in which no tile is issued. */
  readonly waiting: number;
}

/** The losses of a design. `tiles`: that a frame issues, in `cycles`; `kept`: weights, of which each is a product of a frame. */
export function lossesOf(
  c: Configuration,
  walks: readonly PassWalk[],
  { cycles, kept }: { readonly cycles: number; readonly kept: number },
): Losses {
  const jobs = jobsOf(walks, c.sumSlots);
  const macs = multipliers(c);
  const tiles = jobs.reduce((sum, job) => sum + job.tiles, 0);
  const idleIn = c.queues === undefined ? idleGroups : idleQueues;
  const idle = jobs.reduce((sum, job) => sum + idleIn(c, walks[job.pass] as PassWalk, job), 0);
  const balance = (idle * c.tileRows * c.tileColumns) / (macs * cycles);
  const waiting = Math.max(0, 1 - tiles / cycles);
  const padding = Math.max(0, 1 - waiting - balance - kept / (macs * cycles));
  return { balance, padding, waiting };
}

/** Tiles of all row groups of a job for which their queues have nothing, those of its operand counted with its first tile. */
function idleQueues(c: Configuration, walk: PassWalk, { side, tiles, from }: Job): number {
  const busy = from === 0 ? dealt(sideOf(walk, side).matrix, walk.tiling).busy : 0;
  return c.rowGroups * tiles - busy;
}

/** Tiles of all row groups and slices of a job in which the row group has none of its own. */
function idleGroups(
  c: Configuration,
  walk: PassWalk,
  { side, set, gate: turn, tiles }: Job,
): number {
  const { matrix, columns } = sideOf(walk, side);
  const shared = matrix.patterns.length === 1;
  const own = new Map<string, number>();
  let idle = 0;
  for (let slice = 0; slice < c.slices; slice++) {
    const gate = gateOfSlice(walk, slice, turn);
    if (gate === null) continue;
    for (let rowGroup = 0; rowGroup < c.rowGroups; rowGroup++) {
      const row = rowOfTile(walk, c, { set, rowGroup, slice: 0, row: 0 });
      // rows behind the last one are padding
      if (row >= matrix.rows) continue;
      const key = `${shared ? 0 : gate} ${row}`;
      const has = own.get(key) ?? columns(gate, row).length;
      own.set(key, has);
      idle += Math.max(0, tiles - has);
    }
  }
  return idle;
}
