import { bitsOf } from '../../plan/configuration.js';
import type { PassWalk, Tiling } from '../../schedule/pass-walk.js';
import type { ListConfiguration } from './configuration.js';
import { groupWords } from './words.js';

/** What of a configuration the list decoder needs for these matrices. */
export function configureList(
  walks: readonly PassWalk[],
  { rowGroups, tileColumns }: Tiling,
): { readonly streamShare: number; readonly decoder: ListConfiguration } {
  const sides = walks.flatMap((walk) =>
    (walk.h === null ? [walk.x] : [walk.x, walk.h]).map(({ matrix }) => ({
      ...{ matrix, tiling: walk.tiling },
    })),
  );
  const shares = sides.map(({ matrix, tiling }) => groupWords(matrix, tiling).share);
  const words = sides.map(({ matrix }) => Math.ceil(matrix.columns / tileColumns));
  return {
    streamShare: Math.min(rowGroups, ...shares),
    decoder: { kind: 'list', indexBits: bitsOf(Math.max(...words)) },
  };
}
