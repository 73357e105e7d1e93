import { bitsOf, type DecoderConfiguration } from '../../plan/configuration.js';
import type { PassWalk, Tiling } from '../../schedule/pass-walk.js';
import { type HcgsConfiguration, hcgsIn, type LevelConfiguration } from './configuration.js';
import { type HcgsWalk, hcgsWalk, indexWords, levelOf } from './walk.js';

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
const most = (values: readonly number[]): number => Math.max(0, ...values);

/** A matrix of a pass, as it is walked. */
interface PlacedSide {
  readonly walk: PassWalk;
  readonly side: HcgsWalk;
  readonly columns: number;
}

const sidesOf = (walks: readonly PassWalk[]): readonly PlacedSide[] =>
  walks.flatMap((walk) =>
    [walk.x, ...(walk.h === null ? [] : [walk.h])].map(({ matrix }) => ({
      ...{ walk, side: hcgsWalk(matrix, walk.tiling, walk.gates), columns: matrix.columns },
    })),
  );

/** Hardware levels: a matrix with fewer levels uses the innermost ones. */
export function levelCount(walks: readonly PassWalk[]): number {
  return most(sidesOf(walks).map(({ side }) => side.levels.length));
}

/** What of a configuration the HCGS decoder needs for these matrices, on at least as many levels as `least` has. */
export function configureHcgs(
  walks: readonly PassWalk[],
  tiling: Tiling,
  perGate: boolean,
  least: DecoderConfiguration | null,
): { readonly streamShare: number; readonly decoder: HcgsConfiguration } {
  const sides = sidesOf(walks);
  const blocks = sides.flatMap(({ walk, side }) =>
    side.levels.map(({ block }) => block / walk.tiling.tileRows),
  );
  const count = Math.max(
    least === null ? 0 : hcgsIn({ decoder: least }).levels.length,
    levelCount(walks),
  );
  return {
    streamShare: sharedRowGroups(blocks, tiling),
    decoder: {
      kind: 'hcgs',
      innerMost: most(sides.map(({ side }) => side.inner)),
      levels: levelsOf(walks, sides, tiling, perGate, count),
    },
  };
}

/** Largest number of neighbouring row groups, a power of two, that always lie in one block row; `blocks`: row groups in a block. */
function sharedRowGroups(blocks: readonly number[], { rowGroups }: Tiling): number {
  let share = rowGroups;
  while (share > 1 && blocks.some((groups) => groups % share !== 0)) share /= 2;
  return share;
}

function levelsOf(
  walks: readonly PassWalk[],
  sides: readonly PlacedSide[],
  tiling: Tiling,
  perGate: boolean,
  count: number,
): readonly LevelConfiguration[] {
  return Array.from({ length: count }, (_, level) => {
    const used = sides.flatMap((placed) => {
      const { side } = placed;
      const own = levelOf(side, level, count);
      return own === undefined ? [] : [{ ...placed, own }];
    });
    const groups = most(walks.map((w) => w.groups * w.gates));
    const share = sharedRowGroups(
      used.map(({ own, walk }) => own.block / walk.tiling.tileRows),
      tiling,
    );
    const numberMost = most(
      used.map(({ side, own, columns }) => {
        const at = side.levels.indexOf(own);
        const outer = side.levels[at - 1]?.block ?? columns;
        return Math.ceil(outer / own.block);
      }),
    );
    const repeatMost = most(used.map((u) => u.own.repeat - 1));
    return {
      indexBits: bitsOf(numberMost),
      depth: sum(used.map(({ walk, side }) => indexWords(walk, side, level, count))),
      copies: (tiling.rowGroups / share) * (perGate ? tiling.slices : 1),
      keepMost: most(used.map((u) => u.own.keep)),
      strideBits: bitsOf(most(used.map((u) => u.own.stride)) + 1),
      // A side without this level never comes to the end of a block row: all ones is out of reach.
      repeatBits: bitsOf(Math.max(repeatMost + 1, groups + 1)),
    };
  });
}
