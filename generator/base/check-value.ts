import type { z } from 'zod';
import { UserError } from './errors.js';

/** The code of an error about a value in a file, and what the whole value is called. */
export interface ValueError {
  readonly code: string;
  readonly whole: string;
}

/** A value out of a file, held against its schema. @throws UserError with the field, what was expected and what came */
export function checkValue<T>(
  value: unknown,
  file: string,
  schema: z.ZodType<T>,
  { code, whole }: ValueError,
): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0] as z.core.$ZodIssue;
  const field = issue.path.join('.');
  const expected = /expected (.*?)(?:, received .*)?$/.exec(issue.message)?.[1];
  const got = shown(issue.path.reduce<unknown>(member, value));
  const what = expected === undefined ? issue.message : `expected ${expected}, got ${got}`;
  throw new UserError({
    code,
    message: `${file}: ${field === '' ? whole : field}: ${what}`,
    file,
    field,
    expected,
    got,
  });
}

/** The part of a value at a key of an issue; the value itself where the schema took it for a list of one. */
function member(value: unknown, key: PropertyKey): unknown {
  if (typeof value !== 'object' || value === null) return value;
  return (value as Readonly<Record<PropertyKey, unknown>>)[key];
}

/** A value as an error shows it. */
function shown(value: unknown): string | number {
  if (typeof value === 'number') return value;
  return typeof value === 'string' ? `'${value}'` : (JSON.stringify(value) ?? String(value));
}
