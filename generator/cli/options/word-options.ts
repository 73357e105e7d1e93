import { DEFAULT_WORDS, WORD_LIMITS } from '../../network/limits.js';
import type { WordLengths } from '../../network/model.js';
import { TABLE_BITS } from '../../network/table-scheme.js';
import { integer } from './options.js';

const DESCRIPTIONS = {
  weight: 'bits of a weight',
  activation: 'bits of x and h',
  cell: 'bits of the cell state',
  bias: 'bits of a bias',
} as const satisfies Record<keyof WordLengths, string>;

const word = (kind: keyof WordLengths) => {
  const [min, max] = WORD_LIMITS[kind];
  return integer(DESCRIPTIONS[kind], { min, max, default: DEFAULT_WORDS[kind] });
};

const TABLE_DESCRIPTION = 'fraction bits of the values of the activation tables';
const tableRange = { min: TABLE_BITS.least, max: TABLE_BITS.most };

/** Of the activation tables, as an option. */
export const tableOption = {
  tableBits: integer(TABLE_DESCRIPTION, { ...tableRange, default: TABLE_BITS.usual }),
};

/** The same where a configuration file can say it too. */
export const givenTableOption = {
  tableBits: integer(`${TABLE_DESCRIPTION} (default ${TABLE_BITS.usual})`, tableRange),
};

/** The word lengths of a network, as options. */
export const wordOptions = {
  weightBits: word('weight'),
  activationBits: word('activation'),
  cellBits: word('cell'),
  biasBits: word('bias'),
};

const givenWord = (kind: keyof WordLengths) => {
  const [min, max] = WORD_LIMITS[kind];
  return integer(`${DESCRIPTIONS[kind]} (default ${DEFAULT_WORDS[kind]})`, { min, max });
};

/** The same where a configuration file can say them too: absent is undefined. */
export const givenWordOptions = {
  weightBits: givenWord('weight'),
  activationBits: givenWord('activation'),
  cellBits: givenWord('cell'),
  biasBits: givenWord('bias'),
};

export function wordLengths(args: {
  readonly weightBits: number;
  readonly activationBits: number;
  readonly cellBits: number;
  readonly biasBits: number;
}): WordLengths {
  return {
    weight: args.weightBits,
    activation: args.activationBits,
    cell: args.cellBits,
    bias: args.biasBits,
  };
}
