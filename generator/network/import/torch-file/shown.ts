import { PyDict, PyObject, type PyValue, sequence } from '../../formats/pickle/values.js';

const MOST = 12;

/** What a value is, in a few words. */
export function describe(value: PyValue): string {
  if (value instanceof PyDict) return `a dictionary with ${names([...value.entries.keys()])}`;
  const items = sequence(value);
  if (items !== null) return `a list of ${items.length} values`;
  if (value instanceof PyObject)
    return `an object of the class ${value.typeName || 'without a name'}`;
  return value === null ? 'None' : `a ${typeof value}`;
}

/** Keys of a dictionary, some of them where there are many. */
export function names(keys: readonly PyValue[]): string {
  const texts = keys.map((key) => (typeof key === 'object' ? '?' : `${key}`));
  const rest = texts.length > MOST ? [`and ${texts.length - MOST} more`] : [];
  return [...texts.slice(0, MOST), ...rest].join(', ') || 'no entries';
}

/** What stands beside some entries of a dictionary. */
export function describeRest(holder: PyValue, own: readonly string[]): readonly string[] {
  if (!(holder instanceof PyDict)) return [];
  const rest = [...holder.entries.keys()].filter((key) => !own.includes(`${key as string}`));
  return rest.length === 0 ? [] : [`beside it in the file, not looked at: ${names(rest)}`];
}
