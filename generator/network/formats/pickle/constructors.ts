import {
  PyBytes,
  PyDict,
  PyList,
  PyObject,
  PySet,
  PyTuple,
  type PyValue,
  sequence,
} from './values.js';

/**
 * Makes a value of the arguments of a known class or function; undefined where the arguments are not the usual ones,
 * so that the value stays unknown. `charge` is told how many values it copies, before it does.
 */
export type Constructor = (
  args: readonly PyValue[],
  charge: (values: number) => void,
) => PyValue | undefined;
export type Constructors = ReadonlyMap<string, Constructor>;

const dictOf: Constructor = ([from], charge) => {
  const dict = new PyDict();
  if (from === undefined) return dict;
  charge(from instanceof PyDict ? from.entries.size : (sequence(from)?.length ?? 0));
  if (from instanceof PyDict) {
    for (const [key, value] of from.entries) dict.set(key, value);
    return dict;
  }
  for (const pair of sequence(from) ?? [null]) {
    const [key, value, ...rest] = sequence(pair) ?? [];
    if (key === undefined || value === undefined || rest.length > 0) return undefined;
    dict.set(key, value);
  }
  return dict;
};

const setOf: Constructor = ([from], charge) => {
  const set = new PySet();
  if (from === undefined) return set;
  const items = from instanceof PySet ? from.items : sequence(from);
  if (items === null) return undefined;
  charge(items.length);
  for (const item of items) set.items.push(item);
  return set;
};

/** Protocols below 3 have bytes as text: a letter for each byte. */
const encode: Constructor = ([text, encoding]) =>
  typeof text === 'string' && (encoding === 'latin1' || encoding === 'latin-1')
    ? new PyBytes(text)
    : undefined;

const bytesOf: Constructor = (args, charge) => {
  const [from] = args;
  if (from === undefined) return new PyBytes(new Uint8Array());
  return from instanceof PyBytes ? from : encode(args, charge);
};

const listOf: Constructor = ([from], charge) => {
  const list = new PyList();
  const items = from === undefined ? [] : sequence(from);
  if (items === null) return undefined;
  charge(items.length);
  for (const item of items) list.items.push(item);
  return list;
};

/** Protocols 0 and 1 make an object of a class so, and set its attributes afterwards. */
const reconstructor: Constructor = ([type]) =>
  type === undefined ? undefined : new PyObject(type, new PyTuple([]));

/** Python's own, under the names of Python 2 and 3. */
export const BUILTIN: Constructors = new Map<string, Constructor>([
  ['collections.OrderedDict', dictOf],
  ['collections.defaultdict', ([, ...rest], charge) => dictOf(rest, charge)],
  ['_codecs.encode', encode],
  ['copy_reg._reconstructor', reconstructor],
  ['copyreg._reconstructor', reconstructor],
  ...['builtins', '__builtin__'].flatMap((module): [string, Constructor][] => [
    [`${module}.dict`, dictOf],
    [`${module}.set`, setOf],
    [`${module}.frozenset`, setOf],
    [`${module}.list`, listOf],
    [`${module}.bytes`, bytesOf],
    [`${module}.bytearray`, bytesOf],
  ]),
]);
