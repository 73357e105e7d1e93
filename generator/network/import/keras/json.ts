import { isObject, type Json, parseJson } from '../../formats/json.js';

export { isList, isObject, type Json, type JsonObject } from '../../formats/json.js';

/** Reads a JSON text of a Keras file, where Python may have written NaN for a number. @throws UserError as `parseJson` */
export function parseConfig(text: string, file: string): Json {
  const known = text.replace(/(?<=[[:,]\s*)(NaN|-?Infinity)(?=\s*[,\]}])/g, 'null');
  return parseJson(new TextEncoder().encode(known), file);
}

/** A field of an object; undefined for all else, and for what an object has by itself. */
export function fieldOf(value: Json | undefined, name: string): Json | undefined {
  return isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

/** A value in an error: short. */
export function jsonText(value: Json | undefined): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'string') return value;
  const text = JSON.stringify(value);
  return text.length <= 60 ? text : `${text.slice(0, 57)}...`;
}
