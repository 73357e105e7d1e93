import type { ActivationTable } from '../../network/model.js';
import { TABLE_SEGMENTS, TABLE_Y0_BITS } from '../cell/table-constants.js';
import type { StoreSize } from '../memory/store.js';
import { imageOfWords } from './hex.js';

/** Words of one table after another. */
export function activationImage(tables: readonly ActivationTable[], size: StoreSize): string {
  const words = tables.flatMap((table) =>
    Array.from(
      { length: TABLE_SEGMENTS },
      (_, k) =>
        BigInt(table.y0[k] as number) | (BigInt(table.slope[k] as number) << BigInt(TABLE_Y0_BITS)),
    ),
  );
  return imageOfWords(words, size);
}
