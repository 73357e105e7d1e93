import { unexpected } from '../../base/errors.js';
import type { Model } from '../../network/model.js';
import { programOf } from '../../network/program.js';
import { classesOf, tilesIn } from '../decoder/queue/deal.js';
import { DECODERS, decoderOfModel, matricesOf } from '../decoder/registry.js';
import { slicesOf, type Tiling } from '../schedule/pass-walk.js';
import { joinsFit } from '../schedule/side-by-side.js';
import { walkModel } from '../schedule/walk.js';
import { multipliers } from './configuration.js';
import { type DesignOptions, LIMITS } from './options.js';

/** Most columns of a tile whose row group has a queue: each of them has an address of its own. */
const MOST_COLUMNS = 4;

/** What a queue has to save of multipliers times cycles, as it takes a choice of sums between array and lanes. */
const WORTH = 1.05;

/** What a copy of the activations, or a memory of sums, counts beside a multiplier, where arrays with queues are compared. */
const MEMORY_COST = 0.25;

const powersUpTo = (limit: number): number[] =>
  Array.from({ length: Math.floor(Math.log2(limit)) + 1 }, (_, i) => 2 ** i);

/**
 * Every way to cut an array of so many multipliers whose row groups have queues. Unless they are asked for, only for patterns that
 * no counters walk: these keep their row groups busy as they are.
 * @throws UserError DESIGN_OPTION where they are asked for beside what they do not have
 */
export function queueTilings(
  model: Model,
  options: DesignOptions,
  macs: number,
): readonly Tiling[] {
  const { cellLanes } = options;
  const against = queuesAgainst(options);
  if (options.array === 'queues') {
    if (against !== null) {
      const expected = `sets with ${against}, which row groups with queues do not have`;
      throw unexpected({ code: 'DESIGN_OPTION', field: '--array', expected, got: 'queues' });
    }
  } else if (against !== null || decoderOfModel(model) !== DECODERS.list) return [];
  const { passes } = programOf(model);
  const gates = slicesOf(passes);
  const all = powersUpTo(LIMITS.tile).flatMap((tileRows) =>
    powersUpTo(MOST_COLUMNS).flatMap((tileColumns) =>
      powersUpTo(LIMITS.cellLanes).map((lanes): Tiling => {
        const rowGroups = macs / (tileRows * tileColumns);
        return { slices: 1, tileRows, tileColumns, rowGroups, queues: { lanes } };
      }),
    ),
  );
  return all.filter((tiling) => {
    const { rowGroups, queues } = tiling;
    if (!Number.isInteger(Math.log2(rowGroups)) || multipliers(tiling) !== macs) return false;
    if (cellLanes !== undefined && queues?.lanes !== cellLanes) return false;
    const { perClass } = classesOf(tiling);
    if (!Number.isInteger(perClass) || perClass < gates) return false;
    return joinsFit(walkModel(model, tiling), 1);
  });
}

/** The first option that says what an array with queues is not; null: none does. */
function queuesAgainst({
  slices = 1,
  order = 'frames',
  streams = 1,
  cellCycles = 1,
}: DesignOptions): string | null {
  if (slices !== 1) return `--slices ${slices}`;
  if (order !== 'frames') return `--order ${order}`;
  if (streams !== 1) return `--streams ${streams}`;
  return cellCycles === 1 ? null : `--cell-cycles ${cellCycles}`;
}

/** Cycles of a frame that an array with queues takes at least: as many as if all of its queues were equal, and never waited. */
export function fewestCycles(model: Model, tiling: Tiling): number {
  const tiles = matricesOf(model).reduce((sum, matrix) => sum + tilesIn(matrix, tiling), 0);
  return tiles / tiling.rowGroups;
}

/** Multipliers of an array with what else it takes for each of its queues. */
export function queueArea({ rowGroups, tileColumns }: Tiling): number {
  return MEMORY_COST * rowGroups * (tileColumns + 2);
}

/** Whether an array with queues, of that product of multipliers and cycles, is worth it beside one without. */
export function queuesWorth(product: number, without: number): boolean {
  return product * WORTH < without;
}
