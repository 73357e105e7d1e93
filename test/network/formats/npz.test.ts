import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { writeNpy } from '../../../generator/network/formats/npy.js';
import { isNpz, readNpz, writeNpz } from '../../../generator/network/formats/npz.js';
import { refusal } from '../../support/refusal.js';

const array = (shape: readonly number[], from = 0) => ({
  type: 'float32' as const,
  shape,
  data: Float64Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => from + i / 2),
});

const text = (content: string) => new TextEncoder().encode(content);

/** The archive with a byte of every place where `find` stands replaced. */
function patched(bytes: Uint8Array, find: string, at: number, value: number): Uint8Array {
  const out = bytes.slice();
  for (let i = 0; i < out.length; i++) {
    if ([...find].every((char, n) => out[i + n] === char.charCodeAt(0))) out[i + at] = value;
  }
  return out;
}

const [CENTRAL, LOCAL, END] = ['PK\x01\x02', 'PK\x03\x04', 'PK\x05\x06'];

/** What numpy.savez makes of `{"a": float32 [2]}`: Python always writes a zip64 field into the local header. */
function asPythonWrites(): Uint8Array {
  const stored = zipSync({ 'a.npy': writeNpy(array([2], 3)) }, { level: 0 });
  const extra = Uint8Array.of(1, 0, 16, 0, ...new Uint8Array(16));
  const start = 30 + 'a.npy'.length;
  const out = new Uint8Array(stored.length + extra.length);
  out.set(stored.subarray(0, start));
  out.set(extra, start);
  out.set(stored.subarray(start), start + extra.length);
  const view = new DataView(out.buffer);
  view.setUint16(28, extra.length, true);
  view.setUint32(18, 0xffffffff, true);
  view.setUint32(22, 0xffffffff, true);
  const end = out.length - 22;
  view.setUint32(end + 16, view.getUint32(end + 16, true) + extra.length, true);
  return out;
}

/** The same archive with a zip64 directory, sizes and offsets all in 64 bits, as of more than 4 GB. */
function zip64(bytes: Uint8Array): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const end = bytes.length - 22;
  const from = view.getUint32(end + 16, true);
  const central = bytes.slice(from, end);
  const own = new DataView(central.buffer);
  const long = (value: number) => {
    const eight = new Uint8Array(8);
    new DataView(eight.buffer).setBigUint64(0, BigInt(value), true);
    return [...eight];
  };
  const numbers = [24, 20, 42].flatMap((at) => long(own.getUint32(at, true)));
  for (const at of [20, 24, 42]) own.setUint32(at, 0xffffffff, true);
  own.setUint16(30, 28, true);
  const directory = [...central, 1, 0, 24, 0, ...numbers];
  const at = from + directory.length;
  const record = [
    ...[0x50, 0x4b, 6, 6, ...long(44), 45, 0, 45, 0, 0, 0, 0, 0, 0, 0, 0, 0],
    ...[...long(1), ...long(1), ...long(directory.length), ...long(from)],
    ...[0x50, 0x4b, 6, 7, 0, 0, 0, 0, ...long(at), 1, 0, 0, 0],
  ];
  const last = [0x50, 0x4b, 5, 6, 0, 0, 0, 0, ...new Array(12).fill(0xff), 0, 0];
  return Uint8Array.from([...bytes.subarray(0, from), ...directory, ...record, ...last]);
}

describe('npz', () => {
  const arrays = new Map([
    ['layers/0/W', array([2, 3])],
    ['b', array([4], -1)],
    ['scalar', array([])],
  ]);

  it('is read as it was written, in its order', () => {
    const read = readNpz(writeNpz(arrays), 'a.npz');
    expect([...read]).toEqual([...arrays]);
    expect(isNpz(writeNpz(arrays))).toBe(true);
  });

  it.each([
    ['deflated', zipSync({ 'a.npy': writeNpy(array([2], 3)) }, { level: 9 })],
    ['with a comment', zipSync({ 'a.npy': writeNpy(array([2], 3)) }, { level: 0, comment: 'c' })],
    ['as numpy.savez writes it', asPythonWrites()],
    ['in zip64', zip64(zipSync({ 'a.npy': writeNpy(array([2], 3)) }))],
  ])('%s is the same', (_, bytes) => {
    expect([...readNpz(bytes, 'a.npz')]).toEqual([['a', array([2], 3)]]);
  });

  const good = zipSync({ 'a.npy': writeNpy(array([40])) }, { level: 0 });
  const deflated = zipSync({ 'a.npy': writeNpy(array([40])) }, { level: 9 });
  const wrongOffset = good.slice();
  new DataView(wrongOffset.buffer).setUint32(good.length - 22 + 16, 3, true);
  it.each([
    ['another file in it', zipSync({ 'a.txt': text('x') }), 'NPZ_INVALID', 'a.txt'],
    ['an empty archive', zipSync({}), 'NPZ_INVALID', 'arrays'],
    ['a file cut short', good.subarray(0, good.length - 1), 'ZIP_INVALID', 'directory'],
    ['a wrong check sum', patched(good, CENTRAL, 16, 77), 'ZIP_INVALID', 'a.npy'],
    ['encryption', patched(good, CENTRAL, 8, 1), 'ZIP_UNSUPPORTED', 'a.npy'],
    ['another packing', patched(good, CENTRAL, 10, 93), 'ZIP_UNSUPPORTED', 'a.npy'],
    ['a size that lies', patched(deflated, CENTRAL, 24, 3), 'ZIP_INVALID', 'a.npy'],
    ['a large size that lies', patched(deflated, CENTRAL, 26, 3), 'ZIP_INVALID', 'a.npy'],
    ['a size without end', patched(deflated, CENTRAL, 27, 0x7f), 'ZIP_LIMIT', 'entries'],
    ['data elsewhere', patched(good, CENTRAL, 45, 9), 'ZIP_INVALID', 'a.npy'],
    ['no local header', patched(good, LOCAL, 0, 0), 'ZIP_INVALID', 'a.npy'],
    ['a count that lies', patched(good, END, 10, 2), 'ZIP_INVALID', 'directory'],
    ['a directory elsewhere', wrongOffset, 'ZIP_INVALID', 'directory'],
    ['a damaged array', zipSync({ 'a.npy': Uint8Array.of(0x99) }), 'NPY_INVALID', 'magic'],
  ])('refuses %s', (_, bytes, code, field) => {
    expect(refusal(() => readNpz(bytes, 'a.npz'))).toMatchObject({ code, field });
  });

  it('refuses what unpacks to much more than it is', () => {
    const bomb = zipSync({ 'a.npy': new Uint8Array(2 ** 26 + 2 ** 22) }, { level: 9 });
    expect(refusal(() => readNpz(bomb, 'a.npz'))).toMatchObject({ code: 'ZIP_LIMIT' });
    const head = text(`{'descr': '|i1', 'fortran_order': False, 'shape': (${2 ** 25},), }\n`);
    const ones = new Uint8Array(10 + head.length + 2 ** 25);
    ones.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, head.length, 0]);
    ones.set(head, 10);
    const bytes = zipSync({ 'a.npy': ones }, { level: 9 });
    expect(refusal(() => readNpz(bytes, 'a.npz'))).toMatchObject({ code: 'NPZ_LIMIT', field: 'a' });
  });

  it('refuses two files of one name, and files that overlap', () => {
    const two = zipSync({ 'a.npy': text('x'), 'b.npy': text('y') }, { level: 0 });
    const same = patched(two, 'b.npy', 0, 0x61);
    expect(refusal(() => readNpz(same, 'a.npz'))).toMatchObject({
      code: 'ZIP_INVALID',
      field: 'a.npy',
      got: 'several',
    });
    const wide = patched(two, CENTRAL, 21, 1);
    expect(refusal(() => readNpz(wide, 'a.npz')).got).toBe('files that overlap');
  });
});
