import { z } from 'zod';
import { mismatch } from '../mismatch.js';
import { schemeOf, TABLE_BITS, type TableScheme } from '../table-scheme.js';
import { MODEL_KEY } from './metadata.js';

const integer = z.number().int();

/** How activation tables are cut. */
export const tableScheme = z.strictObject({
  inputBits: integer,
  inputFraction: integer,
  outputFraction: integer,
  segments: integer,
});

/** @throws UserError MODEL_INVALID when a file has tables of a scheme that there is not. */
export function checkTableScheme(scheme: TableScheme, file?: string): void {
  const { least, most } = TABLE_BITS;
  const { outputFraction: bits } = scheme;
  if (!Number.isInteger(bits) || bits < least || bits > most) {
    throw mismatch(`${MODEL_KEY}.tables.outputFraction`, `${least} to ${most}`, bits, file);
  }
  checkSame(scheme, schemeOf(bits), file);
}

/** The scheme of format 1, which has no other one. @throws UserError MODEL_INVALID */
export function checkUsualScheme(scheme: TableScheme, file: string): void {
  checkSame(scheme, schemeOf(TABLE_BITS.usual), file);
}

function checkSame(scheme: TableScheme, known: TableScheme, file?: string): void {
  for (const [key, expected] of Object.entries(known)) {
    const got = scheme[key as keyof TableScheme];
    if (got !== expected) throw mismatch(`${MODEL_KEY}.tables.${key}`, expected, got, file);
  }
}
