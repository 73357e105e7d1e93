import type { Model } from '../../network/model.js';
import { programOf } from '../../network/program.js';
import { decoderOfModel, matricesOf } from '../decoder/registry.js';
import { slicesOf, type Tiling } from '../schedule/pass-walk.js';
import { joinsFit } from '../schedule/side-by-side.js';
import { walkModel } from '../schedule/walk.js';
import { multipliers } from './configuration.js';
import { type DesignOptions, LIMITS, refuse } from './options.js';

/** Powers of two up to a limit, ascending. */
export const powersUpTo = (limit: number): number[] =>
  Array.from({ length: Math.floor(Math.log2(limit)) + 1 }, (_, i) => 2 ** i);

/** Largest power of two, up to the tile limit, that divides every block of a model. */
export function largestTile(model: Model): number {
  const decoder = decoderOfModel(model);
  const units = matricesOf(model).flatMap((matrix) => decoder.units(matrix));
  return powersUpTo(LIMITS.tile)
    .filter((side) => units.every((unit) => unit % side === 0))
    .at(-1) as number;
}

/** Every way to cut the array for this model. */
export function tilings(
  model: Model,
  slices: number = slicesOf(programOf(model).passes),
  order: Pick<Tiling, 'order'> = {},
): readonly Tiling[] {
  const sides = powersUpTo(largestTile(model));
  const all = sides.flatMap((tileRows) =>
    sides.flatMap((tileColumns) =>
      powersUpTo(LIMITS.rowGroups).map((rowGroups) => ({
        ...{ slices, tileRows, tileColumns, rowGroups, ...order },
      })),
    ),
  );
  const { passes } = programOf(model);
  if (passes.every(({ operands }) => operands.every(({ vectors }) => vectors.length === 1))) {
    return all;
  }
  return all.filter((tiling) => joinsFit(walkModel(model, tiling), tiling.tileColumns));
}

/** MAC counts that fit the blocks of a model, ascending. */
export function macCounts(model: Model, slices?: number): readonly number[] {
  return [...new Set(tilings(model, slices).map(multipliers))]
    .filter((n) => n <= LIMITS.macs)
    .sort((a, b) => a - b);
}

/**
 * The slices of the array: those that are asked for; else the gates of a cell side by side, or in turn where only so there are as
 * many multipliers as asked for.
 * @throws UserError DESIGN_OPTION for a number that no array for the network has
 */
export function slicesFor(model: Model, { slices, macs, cellCycles = 1 }: DesignOptions): number {
  const gates = slicesOf(programOf(model).passes);
  if (slices === undefined) {
    const beside = macs === undefined || macCounts(model, gates).includes(macs);
    const inTurn = cellCycles === 1 && macs !== undefined && macCounts(model, 1).includes(macs);
    return !beside && inTurn ? 1 : gates;
  }
  if (!Number.isInteger(slices) || slices < 1 || slices > LIMITS.slices) {
    refuse('slices', `1 to ${LIMITS.slices}`, slices);
  }
  if (slices < gates && cellCycles > 1) {
    refuse('slices', `${gates} with --cell-cycles ${cellCycles}`, slices);
  }
  return slices;
}
