import type { Mutation } from './mutate-bytes.js';

/** Records of a zip archive by their signatures, with the places and sizes of their fields. */
const RECORDS: readonly (readonly [
  signature: number,
  fields: readonly (readonly [number, number])[],
])[] = [
  [
    0x04034b50,
    [
      [6, 2],
      [8, 2],
      [14, 4],
      [18, 4],
      [22, 4],
      [26, 2],
      [28, 2],
    ],
  ],
  [
    0x02014b50,
    [
      [8, 2],
      [10, 2],
      [16, 4],
      [20, 4],
      [24, 4],
      [28, 2],
      [30, 2],
      [32, 2],
      [42, 4],
    ],
  ],
  [
    0x06054b50,
    [
      [4, 2],
      [8, 2],
      [10, 2],
      [12, 4],
      [16, 4],
      [20, 2],
    ],
  ],
  [
    0x06064b50,
    [
      [32, 4],
      [40, 4],
      [48, 4],
    ],
  ],
];

/** Sizes, check sums, offsets, flags and methods of the entries of an archive, and names that are there twice. */
export const zipFields: Mutation = (bytes, random) => {
  const out = bytes.slice();
  const view = new DataView(out.buffer, out.byteOffset, out.byteLength);
  const found: (readonly [number, number])[] = [];
  for (let at = 0; at + 4 <= out.length; at++) {
    const record = RECORDS.find(([signature]) => view.getUint32(at, true) === signature);
    for (const [place, size] of record?.[1] ?? []) found.push([at + place, size]);
  }
  for (let n = random.between(1, 2); n > 0; n--) {
    const [at, size] = found[random.below(Math.max(1, found.length))] ?? [0, 2];
    const [other] = found[random.below(Math.max(1, found.length))] ?? [0, 2];
    const old = size === 2 ? view.getUint16(at, true) : view.getUint32(at, true);
    const values = [
      0,
      1,
      8,
      old + 1,
      old - 1,
      old * 2,
      2 ** 31,
      2 ** 32 - 1,
      view.getUint32(other, true),
    ];
    const value = values[random.below(values.length)] as number;
    if (size === 2) view.setUint16(at, value, true);
    else view.setUint32(at, value, true);
  }
  return out;
};
