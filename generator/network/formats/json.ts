import { type UserError, unexpected } from '../../base/errors.js';

export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [name: string]: Json;
}

export const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const isList = (value: Json | undefined): value is readonly Json[] => Array.isArray(value);

/** The largest file, lists and objects within each other, and lists, objects and names in all. */
export const JSON_LIMITS = { bytes: 2 ** 28, depth: 64, parts: 2 ** 19 } as const;

/** Values that a text may have: each takes memory, however short it is. */
export const jsonValues = (bytes: number): number => 2 ** 21 + Math.floor(bytes / 12);

/** Whether a file looks like JSON by its first letters; never throws. */
export function looksLikeJson(bytes: Uint8Array): boolean {
  const start = new TextDecoder('latin1').decode(bytes.subarray(0, 256));
  return /^(\xef\xbb\xbf)?\s*(\{\s*(["}]|$)|\[\s*[[{"\d\]-])/.test(start) && !start.includes('\0');
}

/**
 * A JSON text (RFC 8259), numbers in double precision.
 * A number beyond the largest double is infinite. @throws UserError JSON_INVALID (also a name twice in one object),
 * JSON_NOT_FINITE (NaN and Infinity, as Python writes them) or JSON_LIMIT (JSON_LIMITS, jsonValues).
 */
export function parseJson(bytes: Uint8Array, file: string): Json {
  const { bytes: most } = JSON_LIMITS;
  if (bytes.length > most) throw limit(file, 'text', `at most ${most} bytes`, `${bytes.length}`);
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw invalid(file, 'text', 'UTF-8', 'other bytes', cause);
  }
  scan(text, file, jsonValues(bytes.length));
  try {
    return JSON.parse(text) as Json;
  } catch (cause) {
    throw invalid(file, 'text', 'JSON', (cause as SyntaxError).message, cause);
  }
}

/** What JSON.parse does not look at; whether the rest is JSON is for it to say. */
function scan(text: string, file: string, most: number): void {
  const open: (Set<string> | null)[] = [];
  let parts = 0;
  let values = 1;
  const count = () => {
    if (++parts <= JSON_LIMITS.parts) return;
    throw limit(file, 'text', `at most ${JSON_LIMITS.parts} lists, objects and names`, 'more');
  };
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (char === '"') {
      const end = endOfString(text, at);
      if (end < 0) return;
      if (names(text, end)) {
        count();
        own(open.at(-1), text.slice(at + 1, end), file);
      }
      at = end;
    } else if (char === '{' || char === '[') {
      count();
      open.push(char === '{' ? new Set() : null);
      if (open.length > JSON_LIMITS.depth) {
        throw limit(file, 'text', `at most ${JSON_LIMITS.depth} levels`, 'more');
      }
    } else if (char === ',') {
      if (++values > most) throw limit(file, 'text', `at most ${most} values`, 'more');
    } else if (char === '}' || char === ']') open.pop();
    else if (char === 'N' || char === 'I') {
      const got = /^(NaN|Infinity)/.exec(text.slice(at, at + 8))?.[0];
      if (got === undefined) return;
      const field = `character ${at}`;
      throw unexpected({ code: 'JSON_NOT_FINITE', file, field, expected: 'a finite number', got });
    }
  }
}

/** Where the quote is that ends a string, or -1. */
function endOfString(text: string, start: number): number {
  let end = start;
  for (;;) {
    end = text.indexOf('"', end + 1);
    let slashes = 0;
    while (text[end - 1 - slashes] === '\\') slashes++;
    if (end < 0 || slashes % 2 === 0) return end;
  }
}

/** Whether the string that ends at `end` is the name of what follows. */
function names(text: string, end: number): boolean {
  let at = end + 1;
  while (text[at] === ' ' || text[at] === '\n' || text[at] === '\r' || text[at] === '\t') at++;
  return text[at] === ':';
}

function own(names: Set<string> | null | undefined, raw: string, file: string): void {
  if (names === null || names === undefined) return;
  let name = raw;
  if (raw.includes('\\')) {
    try {
      name = JSON.parse(`"${raw}"`);
    } catch {
      return;
    }
  }
  if (names.has(name)) throw invalid(file, name, 'a name once in an object', 'it twice');
  names.add(name);
}

function limit(file: string, field: string, expected: string, got: string): UserError {
  return unexpected({ code: 'JSON_LIMIT', file, field, expected, got });
}

function invalid(
  file: string,
  field: string,
  expected: string,
  got: string,
  cause?: unknown,
): UserError {
  const at = `${file} is no valid JSON: ${field}`;
  return unexpected({ code: 'JSON_INVALID', file, field, expected, got }, at, { cause });
}
