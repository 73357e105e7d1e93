import { type CompressConfig, compressConfigSchema } from '../../network/compress/config.js';
import { type FormatChoices, STATE_RANGES, WEIGHT_RANGES } from '../../network/compress/formats.js';
import { DEFAULT_WORDS } from '../../network/limits.js';
import type { WordLengths } from '../../network/model.js';
import { TABLE_BITS } from '../../network/table-scheme.js';
import { readConfigFile } from '../frame/config-file.js';
import { badValue, input, type OptionValues, text } from './options.js';
import { givenTableOption, givenWordOptions } from './word-options.js';

/** Options that say in which formats a network is quantised. */
export const formatOptions = {
  ...givenWordOptions,
  ...givenTableOption,
  range: text(
    'range of x and c: all values of the calibration (max, the default), or P % of them, e.g. 99.9',
    { valueName: 'max|P' },
  ),
  weightRange: text(
    'range of weights: least squared error (the default), all of them (max), or P % of them',
    { valueName: 'least-squares|max|P' },
  ),
  config: input('TypeScript file with a CompressConfig as default export; options override it', {
    valueName: 'FILE.ts',
  }),
};

/** Words and formats as configuration file and options give them. */
export interface Quantisation {
  readonly words: WordLengths;
  /** Fraction bits of a value of the activation tables. */
  readonly tableBits: number;
  /** Those of the lengths that somebody has said, not only left as they are. */
  readonly given: Partial<WordLengths> & { readonly table?: number };
  readonly formats: FormatChoices;
  /** What errors about the formats name: the configuration file if there is one. */
  readonly file: string | undefined;
}

type Given = OptionValues<typeof formatOptions>;

/** @throws UserError BAD_OPTION_VALUE, or as `readConfigFile`. */
export async function quantisation(given: Given): Promise<Quantisation> {
  const ranges = givenRanges(given);
  const { config: file } = given;
  const kind = { type: 'CompressConfig', schema: compressConfigSchema } as const;
  const {
    words = {},
    tableBits,
    ...formats
  }: CompressConfig = file === undefined ? {} : await readConfigFile(file, kind);
  const said = {
    weight: given.weightBits ?? words.weight,
    activation: given.activationBits ?? words.activation,
    cell: given.cellBits ?? words.cell,
    bias: given.biasBits ?? words.bias,
    table: given.tableBits ?? tableBits,
  };
  const own: Quantisation['given'] = Object.fromEntries(
    Object.entries(said).filter(([, bits]) => bits !== undefined),
  );
  const { table = TABLE_BITS.usual, ...ownWords } = own;
  return {
    words: { ...DEFAULT_WORDS, ...ownWords },
    tableBits: table,
    given: own,
    formats: { ...formats, ...ranges },
    file,
  };
}

/** The ranges that options give. @throws UserError BAD_OPTION_VALUE */
export function givenRanges({
  range,
  weightRange,
}: Pick<Given, 'range' | 'weightRange'>): Pick<FormatChoices, 'range' | 'weightRange'> {
  return {
    ...(range !== undefined && { range: rangeOf(range, '--range', STATE_RANGES) }),
    ...(weightRange !== undefined && {
      weightRange: rangeOf(weightRange, '--weight-range', WEIGHT_RANGES),
    }),
  };
}

/** One of the words, or a percentage above 0, at most 100. */
function rangeOf<W extends string>(given: string, field: string, words: readonly W[]): W | number {
  const word = words.find((w) => w === given);
  if (word !== undefined) return word;
  const percent = /^\d+(\.\d+)?$/.test(given) ? Number(given) : 0;
  if (percent > 0 && percent <= 100) return percent;
  throw badValue(field, `${words.join(', ')} or a percentage above 0, at most 100`, given);
}
