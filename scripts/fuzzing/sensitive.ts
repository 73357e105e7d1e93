import { isDeepStrictEqual } from 'node:util';
import { zipSync } from 'fflate';
import { UserError } from '../../generator/base/errors.js';
import { readSafetensors } from '../../generator/network/formats/safetensors.js';
import { zipEntries } from '../../generator/network/formats/zip.js';
import type { Imported } from '../../generator/network/import/imported.js';
import { decodeGraph } from '../../generator/network/import/tensorflow/graph-def/messages.js';
import { readTflite } from '../../generator/network/import/tensorflow/tflite/schema.js';
import type { Json } from './mutate-json.js';

/** A file that differs in one weight of what was taken, and that weight; null where there is none. */
type Changed = { readonly bytes: Uint8Array; readonly what: string } | null;
/** `pick(n)` is a number below n. */
type Change = (bytes: Uint8Array, taken: readonly string[], pick: (n: number) => number) => Changed;

/**
 * Changes one weight that was taken: what comes of it must be a refusal or another network, as it was ignored
 * otherwise. Returns what is wrong, or null.
 */
export const sensitive =
  (read: (bytes: Uint8Array) => Imported, change: Change) =>
  (imported: Imported, bytes: Uint8Array): string | null => {
    const sum = bytes.reduce((hash, byte) => (Math.imul(hash, 31) + byte) >>> 0, 7);
    const changed = change(bytes, imported.taken, (n) => sum % Math.max(1, n));
    if (changed === null) return null;
    try {
      const other = read(changed.bytes);
      const same = isDeepStrictEqual(other.model, imported.model);
      return same ? `${changed.what} is taken and changes nothing` : null;
    } catch (error) {
      if (error instanceof UserError) return null;
      throw error;
    }
  };

/** Makes another number of the last one that ends before `end`: the sign and exponent of a float. */
function poked(bytes: Uint8Array, end: number): Uint8Array {
  const out = bytes.slice();
  out[end - 1] = (out[end - 1] as number) ^ 0x40;
  return out;
}

const REAL: Readonly<Record<string, number>> = { F16: 2, BF16: 2, F32: 4, F64: 8 };

export const safetensorsWeight: Change = (bytes, taken, pick) => {
  const { tensors } = readSafetensors(bytes, 'f');
  const names = taken.filter((name) => {
    const one = tensors.get(name);
    // what torch has pruned may be masked
    if (name.endsWith('_orig')) return false;
    return one !== undefined && one.bytes.length > 0 && REAL[one.dtype] !== undefined;
  });
  const name = names[pick(names.length)];
  if (name === undefined) return null;
  const one = tensors.get(name) as { readonly bytes: Uint8Array; readonly dtype: string };
  const size = REAL[one.dtype] as number;
  const at = one.bytes.byteOffset - bytes.byteOffset + size * (1 + pick(one.bytes.length / size));
  return { bytes: poked(bytes, at), what: name };
};

export const npzWeight: Change = (bytes, taken, pick) => {
  const entries = zipEntries(bytes, 'f').map(({ name, read }) => [name, read()] as const);
  const files: Record<string, Uint8Array> = Object.fromEntries(entries);
  const name = taken[pick(taken.length)] ?? '';
  const data = files[`${name}.npy`];
  if (data === undefined) return null;
  const [, size] =
    /'[<=]f([248])'/.exec(new TextDecoder('latin1').decode(data.subarray(0, 256))) ?? [];
  if (size === undefined) return null;
  const text = 10 + (data[8] as number) + 256 * (data[9] as number);
  const end = text + Number(size) * (1 + pick((data.length - text) / Number(size)));
  if (end > data.length) return null;
  const other = { ...files, [`${name}.npy`]: poked(data, end) };
  return { bytes: zipSync(other, { level: 0 }), what: name };
};

export const tfliteWeight: Change = (bytes, taken, pick) => {
  const tensors = readTflite(bytes, 'f')[0]?.tensors ?? [];
  const own = tensors.filter(
    ({ name, data, type }) => taken.includes(name) && data && data.length > 3 && type === 0,
  );
  const one = own[pick(own.length)];
  const data = one?.data;
  // data beside the file's own memory, or in the memory that another tensor has
  if (!one || !data || data.buffer !== bytes.buffer) return null;
  const at = data.byteOffset - bytes.byteOffset + 4 * (1 + pick(data.length / 4));
  return { bytes: poked(bytes, at), what: one.name };
};

export const tensorflowWeight: Change = (bytes, taken, pick) => {
  const consts = decodeGraph(bytes, 'f').node.filter(
    ({ name = '', op, attr }) =>
      op === 'Const' && taken.includes(name) && attr.value?.tensor?.dtype === 1,
  );
  const one = consts[pick(consts.length)];
  const content = one?.attr.value?.tensor?.tensor_content;
  if (!one || !content || content.length < 4 || content.buffer !== bytes.buffer) return null;
  // all of it: a graph may have use for a part alone
  let out = bytes;
  for (let n = 4; n <= content.length; n += 4) {
    out = poked(out, content.byteOffset - bytes.byteOffset + n);
  }
  return { bytes: out, what: one.name ?? '' };
};

const SIZES = /shape|dims/;

/** Any number in a list; `taken` is not asked, as parts of a file have no names there. */
export const jsonWeight: Change = (bytes, _, pick) => {
  const json: Json = JSON.parse(new TextDecoder().decode(bytes));
  const places: [Json[], number, string][] = [];
  const visit = (value: Json, path: string): void => {
    if (typeof value !== 'object' || value === null) return;
    for (const [key, inner] of Object.entries(value)) {
      const at = `${path}.${key}`;
      if (SIZES.test(key) || key === 'metadata') continue;
      if (Array.isArray(value) && typeof inner === 'number') places.push([value, Number(key), at]);
      else visit(inner, at);
    }
  };
  visit(json, '');
  const place = places[pick(places.length)];
  if (place === undefined) return null;
  const [list, index, what] = place;
  const old = list[index] as number;
  list[index] = old === 0 ? 1 : -old;
  return { bytes: new TextEncoder().encode(JSON.stringify(json)), what };
};
