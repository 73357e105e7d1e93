import { CELLS } from '../../network/cells/registry.js';
import type { Model, SparseMatrix } from '../../network/model.js';
import { type Operand, type Pass, programOf } from '../../network/program.js';
import type { DecoderKind } from '../decoder/decoder.js';
import { decoderOfTiling } from '../decoder/registry.js';
import { cellsPerGroup, gateTurns, sharedSlices } from '../plan/configuration.js';
import type { MatrixWalk, PassWalk, Tiling } from './pass-walk.js';
import { visitsOf } from './segments.js';
import { isLater, passesThatWait } from './waits.js';

/** A matrix as the decoder walks it. */
function walkMatrix(
  decoder: DecoderKind,
  matrix: SparseMatrix,
  tiling: Tiling,
  rowsPerSet: number,
): MatrixWalk {
  return {
    matrix,
    tiles: decoder.tiles(matrix, tiling, rowsPerSet),
    ...(decoder.lanesFrom && { lanesFrom: decoder.lanesFrom(matrix, tiling) }),
    columns: (gate, row) => decoder.columns(matrix, tiling, gate, row),
  };
}

/** Slices that rows of values may lie in: a set has as many rows at least. */
function valueSlices(tiling: Tiling): number {
  return Math.min(sharedSlices(tiling), cellsPerGroup(tiling));
}

/** `shared` of a pass: neighbouring rows share the columns of a tile, so that blocks that are smaller leave the slices empty. */
function slicesOfRows(
  { cell, operands }: Pick<Pass, 'cell' | 'operands'>,
  tiling: Tiling,
  decoder: DecoderKind,
): number {
  const { gates, leaves } = CELLS[cell];
  if (gates.length > 1) return 1;
  if (leaves === 'sums') return sharedSlices(tiling);
  const most = valueSlices(tiling);
  const units = operands.flatMap(({ matrix }) => decoder.units(matrix));
  return units.every((unit) => unit % (tiling.tileRows * most) === 0) ? most : 1;
}

/** Every pass of a model, cut by a tiling. */
export function walkModel(model: Model, tiling: Tiling): readonly PassWalk[] {
  const set = cellsPerGroup(tiling);
  const decoder = decoderOfTiling(model, tiling);
  const { passes } = programOf(model);
  const sequence = tiling.order === 'sequence';
  const visits = sequence ? visitsOf(passes) : null;
  const waits =
    visits === null ? passesThatWait(passes) : visits.map(({ behind }) => behind !== null);
  return passes.map((pass): PassWalk => {
    const { index, rows, operands } = pass;
    const [x, h] = operands;
    const shared = slicesOfRows(pass, tiling, decoder);
    const rowsPerGroup = set * shared;
    const own = { ...tiling, tileRows: tiling.tileRows * shared };
    return {
      ...{ index, pass, rows, rowsPerGroup, groups: Math.ceil(rows / rowsPerGroup) },
      gates: gateTurns(CELLS[pass.cell].gates.length, tiling),
      ...{ shared, turns: CELLS[pass.cell].leaves === 'sums' ? 1 : shared, tiling: own },
      x: walkMatrix(decoder, x.matrix, own, rowsPerGroup),
      h: h === undefined ? null : walkMatrix(decoder, h.matrix, own, rowsPerGroup),
      ...orderOf(x, h, sequence),
      waits: waits[index] as boolean,
      visit: visits?.[index] ?? null,
    };
  });
}

/**
 * What is written later comes second, where the sums of the other operand can be done ahead. Of sequences x has been there since
 * the segment began, h is of the step before, or of the visit before.
 */
function orderOf(
  x: Operand,
  h: Operand | undefined,
  sequence: boolean,
): Pick<PassWalk, 'first' | 'second'> {
  if (h === undefined) return { first: null, second: 'x' };
  if (sequence) return { first: 'x', second: 'h' };
  return isLater(h, x) ? { first: 'x', second: 'h' } : { first: 'h', second: 'x' };
}
