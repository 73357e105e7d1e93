import { CELLS } from '../../network/cells/registry.js';
import type { Model, SparseMatrix } from '../../network/model.js';
import { type Operand, programOf } from '../../network/program.js';
import { decoderOf } from '../decoder/registry.js';
import { type MatrixWalk, type PassWalk, slicesOfRows, type Tiling } from './pass-walk.js';
import { isLater, passesThatWait } from './waits.js';

/** A matrix as the decoder of its pattern walks it. */
function walkMatrix(matrix: SparseMatrix, tiling: Tiling, rowsPerSet: number): MatrixWalk {
  return decoderOf(matrix).walk(matrix, tiling, rowsPerSet);
}

/** Every pass of a model, cut by a tiling. */
export function walkModel(model: Model, tiling: Tiling): readonly PassWalk[] {
  const set = tiling.tileRows * tiling.rowGroups;
  const { passes } = programOf(model);
  const waits = passesThatWait(passes);
  return passes.map((pass): PassWalk => {
    const { index, rows, operands } = pass;
    const [x, h] = operands;
    const shared = slicesOfRows(pass, tiling);
    const rowsPerGroup = set * shared;
    const own = { ...tiling, tileRows: tiling.tileRows * shared };
    return {
      ...{ index, pass, rows, rowsPerGroup, groups: Math.ceil(rows / rowsPerGroup) },
      gates: tiling.slices === 1 ? CELLS[pass.cell].gates.length : 1,
      ...{ shared, turns: CELLS[pass.cell].leaves === 'sums' ? 1 : shared, tiling: own },
      x: walkMatrix(x.matrix, own, rowsPerGroup),
      h: h === undefined ? null : walkMatrix(h.matrix, own, rowsPerGroup),
      ...orderOf(x, h),
      waits: waits[index] as boolean,
    };
  });
}

/** What is written later comes second, where the sums of the other operand can be done ahead. */
function orderOf(x: Operand, h: Operand | undefined): Pick<PassWalk, 'first' | 'second'> {
  if (h === undefined) return { first: null, second: 'x' };
  return isLater(h, x) ? { first: 'x', second: 'h' } : { first: 'h', second: 'x' };
}
