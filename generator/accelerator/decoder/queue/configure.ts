import { bitsOf } from '../../plan/configuration.js';
import type { PassWalk, Tiling } from '../../schedule/pass-walk.js';
import type { QueueConfiguration } from './configuration.js';
import { dealt } from './deal.js';

/** What of a configuration the decoder of queues needs for these matrices. */
export function configureQueue(
  walks: readonly PassWalk[],
  tiling: Tiling,
): { readonly streamShare: number; readonly decoder: QueueConfiguration } {
  const matrices = walks.flatMap(({ x, h }) => (h === null ? [x] : [x, h])).map((w) => w.matrix);
  const depth = Math.max(...matrices.map((matrix) => dealt(matrix, tiling).depth));
  return {
    streamShare: 1,
    decoder: {
      kind: 'queue',
      indexBits: bitsOf(Math.max(...matrices.map(({ columns }) => columns))),
      depth: 2 ** bitsOf(depth),
      steps: walks.reduce((sum, { groups }) => sum + groups, 0),
    },
  };
}
