import type { SparseMatrix } from '../../../network/model.js';
import { blockRows } from '../../../sparsity/hcgs/pattern.js';
import { ImageWriter } from '../../images/hex.js';
import type { ImageOf } from '../../memory/store.js';
import type { Configuration } from '../../plan/configuration.js';
import { gateOfSlice, type PassWalk } from '../../schedule/pass-walk.js';
import { hcgsIn, type LevelConfiguration } from './configuration.js';
import { hcgsWalk, indexWords, levelOf, patternOf } from './walk.js';

/** Sides of all layers in the order in which they stand in the index ROMs. */
export function sidesInOrder(walks: readonly PassWalk[]) {
  return walks.flatMap((walk) => [
    { walk, name: 'x' as const, matrix: walk.x.matrix },
    ...(walk.h === null ? [] : [{ walk, name: 'h' as const, matrix: walk.h.matrix }]),
  ]);
}

/** Image of the index ROM of a level: kept block numbers of each block row in walking order. */
export function indexImage(level: number): ImageOf {
  return (c, { walks }, { width, words }) => {
    const image = new ImageWriter(width, words);
    for (const { walk, matrix } of sidesInOrder(walks)) writeSide(image, c, level, walk, matrix);
    return image.finish();
  };
}

function writeSide(
  image: ImageWriter,
  c: Configuration,
  level: number,
  walk: PassWalk,
  matrix: SparseMatrix,
): void {
  const side = hcgsWalk(matrix, walk.tiling, walk.gates);
  const { levels } = hcgsIn(c);
  const count = levels.length;
  const own = levelOf(side, level, count);
  if (own === undefined) return;
  const { copies, indexBits } = levels[level] as LevelConfiguration;
  const at = side.levels.indexOf(own);
  const perRow = side.levels.slice(0, at + 1).reduce((product, l) => product * l.keep, 1);
  const gates = c.perGate ? c.slices : 1;
  const share = (c.rowGroups * gates) / copies;
  const words = indexWords(walk, side, level, count);
  for (let word = 0; word < words; word++) {
    const turn = Math.floor(word / perRow) * own.repeat;
    const group = Math.floor(turn / walk.gates);
    for (let copy = 0; copy < copies; copy++) {
      const slice = Math.floor(copy / (copies / gates));
      const gate = gateOfSlice(walk, slice, turn % walk.gates);
      if (gate === null) continue; // a cell of fewer gates beside one that has it
      const rowGroup = (copy % (copies / gates)) * share;
      const row = (group * c.rowGroups + rowGroup) * walk.tiling.tileRows;
      const pattern = patternOf(matrix, gate);
      const blockRow = Math.floor(row / own.block);
      if (blockRow >= blockRows(pattern, at)) continue;
      const number = pattern.indices[at]?.[blockRow * perRow + (word % perRow)] as number;
      image.put(copy * indexBits, indexBits, number);
    }
    image.next();
  }
}

/** First word of a side in the index ROM of a level. */
export function indexBase(
  c: Configuration,
  walks: readonly PassWalk[],
  walk: PassWalk,
  name: 'x' | 'h',
  level: number,
): number {
  let base = 0;
  for (const entry of sidesInOrder(walks)) {
    if (entry.walk === walk && entry.name === name) return base;
    base += indexWords(
      entry.walk,
      hcgsWalk(entry.matrix, entry.walk.tiling, entry.walk.gates),
      level,
      hcgsIn(c).levels.length,
    );
  }
  return base;
}
