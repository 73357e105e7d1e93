import { z } from 'zod';
import { type UserError, unexpected } from '../../base/errors.js';
import type { FloatModel } from '../float/model.js';
import { MAX_FRACTION } from '../limits.js';
import type { WeightRange } from './quantise.js';

/** How the formats are chosen. What is left out follows from the weights and the calibration frames. */
export interface FormatChoices {
  /**
   * Range of x and c that their formats hold: every value seen in calibration (`max`, the default), or the given
   * percentage of the values, the largest magnitudes left out, e.g. 99.9; what is left out saturates.
   */
  readonly range?: StateRange | undefined;
  /**
   * Exponent of a matrix that no exponent holds exactly: the one with the least squared error, saturation
   * included (`least-squares`, the default), or the largest at which no weight saturates (`max`), or at which the
   * given percentage of the non-zero weights does not.
   */
  readonly weightRange?: WeightRange | undefined;
  /** Fraction bits of the input frames. */
  readonly inputFraction?: number | undefined;
  /** Layer 0 first. Layers that are not listed are chosen automatically. */
  readonly layers?: readonly LayerFormats[] | undefined;
  readonly output?: OutputFormats | undefined;
}

/** `max`, or a percentage of the values. */
export type StateRange = 'max' | number;

/** Binary points of one recurrent layer. The value of a weight is code * 2^-exponent. */
export interface LayerFormats {
  /** Of the input-side matrix. */
  readonly xExponent?: number | undefined;
  /** Of the recurrent matrix. */
  readonly hExponent?: number | undefined;
  readonly biasFraction?: number | undefined;
  /** Fraction bits of the cell state; of a cell that keeps none it is not read. */
  readonly cellFraction?: number | undefined;
  /** Fraction bits of the values that a layer writes, where its cell leaves them to each layer. */
  readonly valueFraction?: number | undefined;
}

/** Binary points of the output layer. */
export interface OutputFormats {
  readonly exponent?: number | undefined;
  readonly biasFraction?: number | undefined;
}

/** A whole number within an inclusive range; the error says so. */
export function wholeNumber(low: number, high: number) {
  const error = `expected a whole number, ${low} to ${high}`;
  return z.int({ error }).min(low, { error }).max(high, { error });
}

const point = wholeNumber(-MAX_FRACTION, MAX_FRACTION).optional();

/** One of the words, or a percentage above 0, at most 100; the error says so. */
const rangeOf = <W extends string>(words: readonly W[]) =>
  z
    .custom<W | number>(
      (value) =>
        typeof value === 'number' ? value > 0 && value <= 100 : words.some((w) => w === value),
      { error: `expected ${words.join(', ')} or a percentage above 0, at most 100` },
    )
    .optional();

/** The words that a range can be instead of a percentage. */
export const STATE_RANGES = ['max'] as const;
export const WEIGHT_RANGES = ['least-squares', 'max'] as const;

/** `FormatChoices`, field by field, for a schema. */
export const formatFields = {
  range: rangeOf(STATE_RANGES),
  weightRange: rangeOf(WEIGHT_RANGES),
  inputFraction: point,
  layers: z
    .array(
      z.strictObject({
        xExponent: point,
        hExponent: point,
        biasFraction: point,
        cellFraction: point,
        valueFraction: point,
      }),
    )
    .optional(),
  output: z.strictObject({ exponent: point, biasFraction: point }).optional(),
};

/** @throws UserError FORMAT_LAYERS when formats are given for layers that the network does not have. */
export function checkFormats(
  { layers = [], output }: FormatChoices,
  model: FloatModel,
  file: string,
): void {
  const has = model.layers.length;
  if (layers.length > has) {
    throw refusal(file, 'layers', `formats of at most ${has} layers`, layers.length);
  }
  if (output !== undefined && model.output === null) {
    throw refusal(file, 'output', 'none: the network has no output layer', 'formats of one');
  }
}

function refusal(file: string, field: string, expected: string, got: string | number): UserError {
  return unexpected({ code: 'FORMAT_LAYERS', file, field, expected, got });
}
