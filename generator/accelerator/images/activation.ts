import type { ActivationTable, TableScheme } from '../../network/model.js';
import { y0Bits } from '../../network/table-scheme.js';
import type { StoreSize } from '../memory/store.js';
import { imageOfWords } from './hex.js';

/** Words of one table after another. */
export function activationImage(
  tables: readonly ActivationTable[],
  scheme: TableScheme,
  size: StoreSize,
): string {
  const place = BigInt(y0Bits(scheme));
  const words = tables.flatMap((table) =>
    Array.from(
      { length: scheme.segments },
      (_, k) => BigInt(table.y0[k] as number) | (BigInt(table.slope[k] as number) << place),
    ),
  );
  return imageOfWords(words, size);
}
