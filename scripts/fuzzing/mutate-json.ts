import type { Random } from '../../generator/base/random.js';
import { joined, type Mutation } from './mutate-bytes.js';

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

const NUMBERS = [0, 1, -1, 2, 3, 4, 5, 8, 0.5, 1e9, 2 ** 31, 2 ** 53, -(2 ** 53), 1e300];
const WORDS = [
  'F32',
  'F64',
  'F16',
  'BF16',
  'I8',
  'U64',
  '',
  '__metadata__',
  '__proto__',
  'lstm.weight_ih_l0',
  '_reverse',
];

/** Changes of the JSON header of a safetensors file, and of JSON inside its metadata. */
export const headerJson: Mutation = (bytes, random) => {
  const { header, data } = parts(bytes);
  if (header === null) return bytes;
  for (let n = random.between(1, 3); n > 0; n--) changeJson(header, random);
  return together(JSON.stringify(header), data);
};

/** Tensors that share, exchange or lose names, shapes and bytes. */
export const headerEntries: Mutation = (bytes, random) => {
  const { header, data } = parts(bytes);
  if (header === null) return bytes;
  const names = Object.keys(header);
  const pick = () => names[random.below(names.length)] as string;
  const [a, b] = [pick(), pick()];
  const entry = header[a] as Json;
  switch (random.below(4)) {
    case 0:
      header[a] = header[b] as Json;
      header[b] = entry;
      break;
    case 1:
      delete header[a];
      header[`${b}_reverse`] = entry;
      break;
    case 2:
      if (
        typeof entry === 'object' &&
        entry !== null &&
        'shape' in entry &&
        Array.isArray(entry.shape)
      ) {
        // another shape with as many elements
        entry.shape = random.below(2) === 0 ? [...entry.shape].reverse() : [...entry.shape, 1];
      }
      break;
    default:
      delete header[a];
      header[a.replace(/\d/, (digit) => `${(Number(digit) + 1) % 3}`)] = entry;
  }
  return together(JSON.stringify(header), data);
};

/** Headers that no writer makes: deep nesting, and lengths that lie. */
export const hostileHeader: Mutation = (bytes, random) => {
  const { data } = parts(bytes);
  const depth = 10 ** random.between(2, 5);
  switch (random.below(4)) {
    case 0:
      return together('['.repeat(depth) + ']'.repeat(depth), data);
    case 1:
      return together(`${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`, data);
    case 2: {
      const out = bytes.slice();
      const view = new DataView(out.buffer, out.byteOffset, out.byteLength);
      if (out.length >= 8)
        view.setBigUint64(0, BigInt(random.uint32()) << BigInt(random.below(33)), true);
      return out;
    }
    default: {
      // very many empty tensors
      const entry = '{"dtype":"F32","shape":[0],"data_offsets":[0,0]}';
      const count = 10 ** random.between(1, 4);
      const tensors = Array.from({ length: count }, (_, i) => `"t${i}.weight_ih_l0":${entry}`);
      return together(`{${tensors.join()}}`, new Uint8Array());
    }
  }
};

function parts(bytes: Uint8Array): { header: Record<string, Json> | null; data: Uint8Array } {
  try {
    const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
    const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)));
    return { header, data: bytes.subarray(8 + length) };
  } catch {
    return { header: null, data: bytes.subarray(8) };
  }
}

function together(text: string, data: Uint8Array): Uint8Array {
  const header = new TextEncoder().encode(text);
  const length = new Uint8Array(8);
  new DataView(length.buffer).setBigUint64(0, BigInt(header.length), true);
  return joined(length, header, data);
}

/** Changes one place of a JSON value; text that is JSON is changed inside. */
export function changeJson(json: Json, random: Random): void {
  if (typeof json !== 'object' || json === null) return;
  const keys = Object.keys(json);
  const key = keys[random.below(keys.length)];
  if (key === undefined) return;
  const box = json as Record<string, Json>;
  const value = box[key] as Json;
  if (typeof value === 'object' && value !== null && random.below(5) > 0) {
    changeJson(value, random);
    return;
  }
  if (typeof value === 'string' && value.startsWith('{') && random.below(8) > 0) {
    const inner = JSON.parse(value);
    changeJson(inner, random);
    box[key] = JSON.stringify(inner);
    return;
  }
  box[key] = other(value, random);
}

function other(value: Json, random: Random): Json {
  const number = NUMBERS[random.below(NUMBERS.length)] as number;
  const word = WORDS[random.below(WORDS.length)] as string;
  switch (random.below(6)) {
    case 0:
      return typeof value === 'number' ? value + random.between(-2, 2) : word;
    case 1:
      return word;
    case 2:
      return [number, number];
    case 3:
      return null;
    case 4:
      return { [word]: number };
    default:
      return number;
  }
}
