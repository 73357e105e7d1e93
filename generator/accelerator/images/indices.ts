import { blockRows } from '../../sparsity/hcgs.js';
import type { ImageOf } from '../memory/store.js';
import { type Configuration, GATE_COUNT } from '../plan/configuration.js';
import { indexWords, levelOf } from '../plan/configure.js';
import type { MatrixWalk, PassWalk } from '../schedule/walk.js';
import { ImageWriter } from './hex.js';
import { patternOf } from './weights.js';

/** Sides of all layers in the order in which they stand in the index ROMs. */
export function sidesInOrder(walks: readonly PassWalk[]) {
  return walks.flatMap((walk) => [
    { walk, name: 'x' as const, side: walk.x },
    ...(walk.h === null ? [] : [{ walk, name: 'h' as const, side: walk.h }]),
  ]);
}

/** Image of the index ROM of a level: kept block numbers of each block row in walking order. */
export function indexImage(level: number): ImageOf {
  return (c, { walks }, { width, words }) => {
    const image = new ImageWriter(width, words);
    for (const { walk, side } of sidesInOrder(walks)) writeSide(image, c, level, walk, side);
    return image.finish();
  };
}

function writeSide(
  image: ImageWriter,
  c: Configuration,
  level: number,
  walk: PassWalk,
  side: MatrixWalk,
): void {
  const count = c.levels.length;
  const own = levelOf(side, level, count);
  if (own === undefined) return;
  const { copies, indexBits } = c.levels[level] as Configuration['levels'][number];
  const at = side.levels.indexOf(own);
  const perRow = side.levels.slice(0, at + 1).reduce((product, l) => product * l.keep, 1);
  const gates = c.perGate ? GATE_COUNT : 1;
  const share = (c.rowGroups * gates) / copies;
  const words = indexWords(walk, side, level, count);
  for (let word = 0; word < words; word++) {
    const group = Math.floor(word / perRow) * own.repeat;
    for (let copy = 0; copy < copies; copy++) {
      const gate = Math.floor(copy / (copies / gates));
      const rowGroup = (copy % (copies / gates)) * share;
      const row = (group * c.rowGroups + rowGroup) * c.tileRows;
      const pattern = patternOf(side.matrix, gate);
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
  walks: readonly PassWalk[],
  walk: PassWalk,
  name: 'x' | 'h',
  level: number,
  count: number,
): number {
  let base = 0;
  for (const entry of sidesInOrder(walks)) {
    if (entry.walk === walk && entry.name === name) return base;
    base += indexWords(entry.walk, entry.side, level, count);
  }
  return base;
}
