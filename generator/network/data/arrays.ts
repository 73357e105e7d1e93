import { type UserError, unexpected } from '../../base/errors.js';
import { readFileBytes } from '../../base/files.js';
import { type NpyArray, readNpy } from '../formats/npy.js';
import { isNpz, npzEntries, readNpz } from '../formats/npz.js';
import { type ArrayPlace, arrayPlace } from './place.js';

/** What a file of data is. */
export type DataFile =
  | { readonly kind: 'array'; readonly array: NpyArray; readonly name: string | null }
  | { readonly kind: 'arrays'; readonly arrays: ReadonlyMap<string, NpyArray> }
  | { readonly kind: 'other'; readonly bytes: Uint8Array };

const beginsWith = (bytes: Uint8Array, text: string): boolean =>
  [...text].every((char, i) => bytes[i] === char.charCodeAt(0));
const isNumpy = (bytes: Uint8Array) => beginsWith(bytes, '\x93NUMPY');
/** Also where it is damaged, so that its errors say how. */
const isZip = (bytes: Uint8Array) => beginsWith(bytes, 'PK\x03\x04');

/** Reads a file of data. @throws UserError as `dataOf` */
export async function readData(
  given: string,
  others?: (path: string) => boolean,
): Promise<DataFile> {
  return dataOf(await readFileBytes(arrayPlace(given).path), given, others);
}

/**
 * NumPy's arrays, by their content: `.npy`, the one array of an `.npz` or the one that the user names, or all
 * arrays of an `.npz`. Bytes of anything else come back where `others` says that the caller may know them.
 * @throws UserError NPZ_CHOICE when the named array is not there; as `readNpy` and `readNpz`.
 */
export function dataOf(
  bytes: Uint8Array,
  given: string,
  others: (path: string) => boolean = () => false,
): DataFile {
  const place = arrayPlace(given);
  if (place.name !== null)
    return { kind: 'array', array: namedArray(bytes, place), name: place.name };
  if (isNpz(bytes) || (/\.npz$/i.test(place.path) && isZip(bytes))) {
    const arrays = readNpz(bytes, given);
    const [first] = arrays;
    if (arrays.size > 1 || first === undefined) return { kind: 'arrays', arrays };
    return { kind: 'array', array: first[1], name: first[0] };
  }
  if (!isNumpy(bytes) && others(place.path)) return { kind: 'other', bytes };
  return { kind: 'array', array: readNpy(bytes, given), name: null };
}

function namedArray(bytes: Uint8Array, { path, name }: ArrayPlace): NpyArray {
  const entries = npzEntries(bytes, path);
  const entry = entries.find((one) => one.name === name);
  if (entry !== undefined) return readNpy(entry.read(), `${path}, ${name}`);
  const there = entries.map((one) => one.name);
  const got = some(there);
  throw unexpected({ code: 'NPZ_CHOICE', file: path, field: 'arrays', expected: `${name}`, got });
}

/** The error where a user has to say which array of an `.npz` is meant. */
export function severalArrays(
  file: string,
  what: string,
  arrays: ReadonlyMap<string, NpyArray>,
): UserError {
  const expected = `one array, or ${file}#NAME, which says which one ${what}`;
  const got = some([...arrays].map(([name, { shape }]) => `${name} [${shape.join(', ')}]`));
  return unexpected({ code: 'NPZ_CHOICE', file, field: 'arrays', expected, got });
}

/** The first few of a list, in a line. */
function some(words: readonly string[]): string {
  const more = words.length > 5 ? `, and ${words.length - 5} more` : '';
  return `${words.slice(0, 5).join(', ')}${more}`;
}
