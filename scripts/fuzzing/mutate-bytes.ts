import type { Random } from '../../generator/base/random.js';

/** A file made from another one. */
export type Mutation = (
  bytes: Uint8Array,
  random: Random,
  others: readonly Uint8Array[],
) => Uint8Array;

/** Numbers on which length checks break. */
const EDGES = [
  0,
  1,
  2,
  0x7f,
  0x80,
  0xff,
  0x7fff,
  0x8000,
  0xffff,
  2 ** 31 - 1,
  2 ** 31,
  2 ** 32 - 1,
];

const at = (bytes: Uint8Array, random: Random) => random.below(Math.max(1, bytes.length));

/** A position near the beginning more often than in the weights behind. */
const early = (bytes: Uint8Array, random: Random) =>
  random.below(3) === 0
    ? at(bytes, random)
    : random.below(Math.max(1, Math.min(bytes.length, 2048)));

const flipBits: Mutation = (bytes, random) => {
  const out = bytes.slice();
  for (let n = random.between(1, 8); n > 0; n--) {
    const i = early(out, random);
    out[i] = (out[i] ?? 0) ^ (1 << random.below(8));
  }
  return out;
};

const setBytes: Mutation = (bytes, random) => {
  const out = bytes.slice();
  const start = early(out, random);
  for (let i = start; i < start + random.between(1, 16) && i < out.length; i++)
    out[i] = random.below(256);
  return out;
};

const setNumber: Mutation = (bytes, random) => {
  const out = bytes.slice();
  const size = [1, 2, 4, 8][random.below(4)] as number;
  const start = early(out, random);
  if (start + size > out.length) return out;
  const value = BigInt(EDGES[random.below(EDGES.length)] as number);
  for (let i = 0; i < size; i++) out[start + i] = Number((value >> BigInt(8 * i)) & 255n);
  return out;
};

const truncate: Mutation = (bytes, random) => bytes.slice(0, at(bytes, random));

const insert: Mutation = (bytes, random) => {
  const start = early(bytes, random);
  const more = Uint8Array.from({ length: random.between(1, 64) }, () => random.below(256));
  return joined(bytes.subarray(0, start), more, bytes.subarray(start));
};

const remove: Mutation = (bytes, random) => {
  const start = early(bytes, random);
  return joined(bytes.subarray(0, start), bytes.subarray(start + random.between(1, 64)));
};

const repeat: Mutation = (bytes, random) => {
  const start = early(bytes, random);
  const end = Math.min(bytes.length, start + random.between(1, 512));
  return joined(bytes.subarray(0, end), bytes.subarray(start));
};

const splice: Mutation = (bytes, random, others) => {
  const other = others[random.below(others.length)] ?? bytes;
  return joined(bytes.subarray(0, early(bytes, random)), other.subarray(early(other, random)));
};

const noise: Mutation = (_, random) =>
  Uint8Array.from({ length: random.below(512) }, () => random.below(256));

export const BYTE_MUTATIONS: readonly Mutation[] = [
  flipBits,
  flipBits,
  setBytes,
  setNumber,
  setNumber,
  truncate,
  insert,
  remove,
  repeat,
  splice,
  noise,
];

export function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const part of parts) {
    out.set(part, offset);
    offset += part.length;
  }
  return out;
}
