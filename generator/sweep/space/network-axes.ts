import { z } from 'zod';
import {
  BACKWARD_PLACES,
  MERGINGS,
  NONLINEARITIES,
  RESETS,
} from '../../network/import/imported.js';
import { MAX_SIZE, WORD_LIMITS } from '../../network/limits.js';
import type { WordLengths } from '../../network/model.js';
import { TABLE_BITS } from '../../network/table-scheme.js';
import { type Axis, axis } from './axis.js';
import { patternSchema, type SpacePattern } from './pattern.js';

/** Word lengths in bits. */
interface WordAxes {
  readonly weightBits?: Axis<number> | undefined;
  readonly activationBits?: Axis<number> | undefined;
  readonly cellBits?: Axis<number> | undefined;
  readonly biasBits?: Axis<number> | undefined;
  /** Fraction bits of the values of the activation tables. */
  readonly tableBits?: Axis<number> | undefined;
}

/** Networks that are drawn, in the words of `hcgs random`; each is a value or a list of values. */
export interface RandomAxes extends WordAxes {
  readonly inputs: Axis<number>;
  /** Cells of each layer, `512,512,512`. */
  readonly hidden: Axis<string | number>;
  /** One for all layers, or one for each, with commas between. */
  readonly cell?: Axis<string> | undefined;
  readonly projection?: Axis<string | number> | undefined;
  readonly bidirectional?: Axis<'concat' | 'sum'> | undefined;
  readonly pattern?: Axis<SpacePattern> | undefined;
  readonly mask?: Axis<'shared' | 'per-gate'> | undefined;
  readonly outputs?: Axis<number> | undefined;
  readonly initialState?: Axis<boolean> | undefined;
  readonly seed?: Axis<number> | undefined;
}

/** How a trained network is compressed; each but the frames is a value or a list of values. */
export interface CompressAxes extends WordAxes {
  /** Float frames from which the formats of x and c are chosen; or noise of this standard deviation. */
  readonly calibrate?: string | undefined;
  readonly noise?: number | undefined;
  /** Chooses the pattern of a dense network; absent: its zeros say it. */
  readonly select?: Axis<'magnitude' | 'random'> | undefined;
  /** With `select`. */
  readonly pattern?: Axis<SpacePattern> | undefined;
  readonly mask?: Axis<'shared' | 'per-gate'> | undefined;
  /** With `select` random. */
  readonly seed?: Axis<number> | undefined;
  /** Keeps every weight, zeros too. */
  readonly dense?: boolean | undefined;
  /** Adds zero blocks where a block row keeps too few. */
  readonly fill?: boolean | undefined;
}

/** What the file of a trained network does not say, as the options of `hcgs compress`. */
export interface SpaceImport {
  readonly map?: readonly string[] | undefined;
  readonly graph?: readonly string[] | undefined;
  readonly nonlinearity?: (typeof NONLINEARITIES)[number] | undefined;
  readonly reset?: (typeof RESETS)[number] | undefined;
  readonly merge?: (typeof MERGINGS)[number] | undefined;
  readonly backward?: (typeof BACKWARD_PLACES)[number] | undefined;
}

const word = (kind: keyof WordLengths) => {
  const [least, most] = WORD_LIMITS[kind];
  return axis(z.int().min(least).max(most)).optional();
};

const words = {
  weightBits: word('weight'),
  activationBits: word('activation'),
  cellBits: word('cell'),
  biasBits: word('bias'),
  tableBits: axis(z.int().min(TABLE_BITS.least).max(TABLE_BITS.most)).optional(),
};

/** A list of numbers, `512,512`; a number alone is one. */
const numbers = axis(
  z.union([z.string().regex(/^\d+(,\d+)*$/), z.int().min(0).transform(String)], {
    error: `expected numbers such as '512,512'`,
  }),
);

export const randomSchema = z.strictObject({
  inputs: axis(z.int().min(1).max(MAX_SIZE)),
  hidden: numbers,
  cell: axis(z.string().min(1)).optional(),
  projection: numbers.optional(),
  bidirectional: axis(z.enum(['concat', 'sum'])).optional(),
  pattern: axis(patternSchema).optional(),
  mask: axis(z.enum(['shared', 'per-gate'])).optional(),
  outputs: axis(z.int().min(0).max(MAX_SIZE)).optional(),
  initialState: axis(z.boolean()).optional(),
  ...words,
  seed: axis(z.int().min(0)).optional(),
});

export const compressSchema = z.strictObject({
  calibrate: z.string().min(1).optional(),
  noise: z.number().positive().optional(),
  select: axis(z.enum(['magnitude', 'random'])).optional(),
  pattern: axis(patternSchema).optional(),
  mask: axis(z.enum(['shared', 'per-gate'])).optional(),
  seed: axis(z.int().min(0)).optional(),
  dense: z.boolean().optional(),
  fill: z.boolean().optional(),
  ...words,
});

export const importSchema = z.strictObject({
  map: z.array(z.string()).optional(),
  graph: z.array(z.string()).optional(),
  nonlinearity: z.enum(NONLINEARITIES).optional(),
  reset: z.enum(RESETS).optional(),
  merge: z.enum(MERGINGS).optional(),
  backward: z.enum(BACKWARD_PLACES).optional(),
});
