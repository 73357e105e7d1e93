import { z } from 'zod';
import { WORD_LIMITS } from '../limits.js';
import type { WordLengths } from '../model.js';
import { TABLE_BITS } from '../table-scheme.js';
import { type FormatChoices, formatFields, wholeNumber } from './formats.js';

/**
 * How a network is quantised: the default export of a `--config` file of compress. Everything is optional; options
 * of the command line override it.
 */
export interface CompressConfig extends FormatChoices {
  /** Word lengths in bits; those that are left out are the default ones. */
  readonly words?: { readonly [W in keyof WordLengths]?: WordLengths[W] | undefined } | undefined;
  /** Fraction bits of the values of the activation tables, 12 (default) to 16. */
  readonly tableBits?: number | undefined;
}

const word = (kind: keyof WordLengths) => wholeNumber(...WORD_LIMITS[kind]).optional();

export const compressConfigSchema = z.strictObject({
  words: z
    .strictObject({
      weight: word('weight'),
      activation: word('activation'),
      cell: word('cell'),
      bias: word('bias'),
    })
    .optional(),
  tableBits: wholeNumber(TABLE_BITS.least, TABLE_BITS.most).optional(),
  ...formatFields,
});
