import { z } from 'zod';
import {
  TABLE_INPUT_BITS,
  TABLE_INPUT_FRACTION,
  TABLE_OUTPUT_FRACTION,
  TABLE_SEGMENTS,
} from '../arithmetic.js';
import { mismatch } from '../mismatch.js';
import { MODEL_KEY } from './metadata.js';

const integer = z.number().int();

/** How activation tables are cut. */
export const tableScheme = z.strictObject({
  inputBits: integer,
  inputFraction: integer,
  outputFraction: integer,
  segments: integer,
});

type TableScheme = z.infer<typeof tableScheme>;

/** The scheme of the activation tables; there is no other one. */
export const TABLES: TableScheme = {
  inputBits: TABLE_INPUT_BITS,
  inputFraction: TABLE_INPUT_FRACTION,
  outputFraction: TABLE_OUTPUT_FRACTION,
  segments: TABLE_SEGMENTS,
};

/** @throws UserError MODEL_INVALID when a file has tables of another scheme. */
export function checkTableScheme(scheme: TableScheme, file: string): void {
  for (const [key, expected] of Object.entries(TABLES)) {
    const got = scheme[key as keyof TableScheme];
    if (got !== expected) throw mismatch(`${MODEL_KEY}.tables.${key}`, expected, got, file);
  }
}
