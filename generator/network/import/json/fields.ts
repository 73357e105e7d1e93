import { type UserError, unexpected } from '../../../base/errors.js';
import { isObject, type Json, type JsonObject } from '../../formats/json.js';
import { MAX_SIZE } from '../../limits.js';

/** Short text of a value in an error. */
export function shown(value: Json | undefined): string {
  if (value === undefined) return 'nothing';
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (isObject(value)) return 'an object';
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

/** Reads the fields of one object, and says what is wrong with one. */
export class Fields {
  constructor(
    private readonly object: JsonObject,
    readonly file: string,
    readonly path = '',
  ) {}

  get(name: string): Json | undefined {
    return Object.hasOwn(this.object, name) ? this.object[name] : undefined;
  }

  /** A number of inputs, cells or layers. @throws UserError JSON_FIELD */
  size(name: string): number {
    const value = this.get(name);
    if (typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= MAX_SIZE) {
      return value;
    }
    throw this.fail('JSON_FIELD', name, `an integer from 1 to ${MAX_SIZE}`, shown(value));
  }

  /** Refuses fields of other names. @throws UserError JSON_FIELD */
  only(names: readonly string[], what: string): void {
    const odd = Object.keys(this.object).find((name) => !names.includes(name));
    if (odd === undefined) return;
    throw this.fail('JSON_FIELD', odd, `${what}: ${names.join(', ')}`, 'a field of that name');
  }

  fail(code: string, name: string, expected: string, got: string): UserError {
    return unexpected({ code, file: this.file, field: `${this.path}${name}`, expected, got });
  }
}
