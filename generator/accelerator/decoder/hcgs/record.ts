import type { Side } from '../../control/layer-table.js';
import type { Configuration } from '../../plan/configuration.js';
import type { PassWalk } from '../../schedule/pass-walk.js';
import { hcgsIn } from './configuration.js';
import { indexBase } from './images.js';
import { levelField } from './table.js';
import { hcgsWalk, levelOf } from './walk.js';

/** Values of the fields that the HCGS decoder reads of a side of a pass. */
export function hcgsRecord(
  c: Configuration,
  walks: readonly PassWalk[],
  walk: PassWalk,
  side: Side,
): Readonly<Record<string, number>> {
  const matrix = walk[side]?.matrix;
  const own = matrix === undefined ? null : hcgsWalk(matrix, walk.tiling, walk.gates);
  const { levels } = hcgsIn(c);
  const count = levels.length;
  const fields = levels.flatMap((hardware, l) => {
    const level = own === null ? undefined : levelOf(own, l, count);
    const repeat = level === undefined ? 2 ** hardware.repeatBits - 1 : level.repeat - 1;
    return [
      [levelField.keep(side, l), (level?.keep ?? 1) - 1],
      [levelField.stride(side, l), level?.stride ?? 0],
      [levelField.repeat(side, l), repeat],
      [levelField.base(side, l), level === undefined ? 0 : indexBase(c, walks, walk, side, l)],
    ] as const;
  });
  return { [`${side}_inner`]: (own?.inner ?? 1) - 1, ...Object.fromEntries(fields) };
}
