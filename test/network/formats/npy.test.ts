import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { unzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { encodeElements } from '../../../generator/network/formats/elements.js';
import { readNpy, writeNpy } from '../../../generator/network/formats/npy.js';
import { writeNpz } from '../../../generator/network/formats/npz.js';
import { refusal } from '../../support/refusal.js';

/** A file with the given header text, as NumPy lays it out. */
function npy(dict: string, body: Uint8Array, version = 1): Uint8Array {
  const wide = version === 1 ? 2 : 4;
  const text = new TextEncoder().encode(`${dict}\n`);
  const bytes = new Uint8Array(8 + wide + text.length + body.length);
  bytes.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, version, 0, text.length]);
  bytes.set(text, 8 + wide);
  bytes.set(body, 8 + wide + text.length);
  return bytes;
}

const dict = (descr: string, shape: string, fortran = 'False') =>
  `{'descr': '${descr}', 'fortran_order': ${fortran}, 'shape': ${shape}, }`;

describe('npy', () => {
  it.each([
    ['|i1', 'int8', [-128, 127]],
    ['|u1', 'uint8', [0, 255]],
    ['<i2', 'int16', [-32768, 32767]],
    ['<u2', 'uint16', [0, 65535]],
    ['<i4', 'int32', [-(2 ** 31), 2 ** 31 - 1]],
    ['<u4', 'uint32', [0, 2 ** 32 - 1]],
    ['<i8', 'int64', [-(2 ** 53 - 1), 2 ** 53 - 1]],
    ['<u8', 'uint64', [0, 2 ** 53 - 1]],
    ['<f2', 'float16', [-0.5, 2 ** -24]],
    ['<f4', 'float32', [-0.5, 3.25]],
    ['<f8', 'float64', [0.1, -1e300]],
  ] as const)('%s is read in every header version', (descr, type, values) => {
    for (const version of [1, 2, 3]) {
      const bytes = npy(dict(descr, '(2,)'), encodeElements(type, values), version);
      const array = readNpy(bytes, 'a.npy');
      expect(array).toEqual({ type, shape: [2], data: Float64Array.from(values) });
    }
  });

  it('comes back as it was written, on a boundary of 64 bytes', () => {
    const shapes = fc.array(fc.nat(5), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(shapes, fc.constantFrom('int32' as const, 'int64' as const), (shape, type) => {
        const length = shape.reduce((a, b) => a * b, 1);
        const data = Float64Array.from({ length }, (_, i) => i - 7);
        const bytes = writeNpy({ type, shape, data });
        expect((bytes.length - length * (type === 'int32' ? 4 : 8)) % 64).toBe(0);
        expect(readNpy(bytes, 'a.npy')).toEqual({ type, shape, data });
      }),
    );
  });

  it.each(['i1', 'u2', 'i4', 'i8', 'f2', 'f4', 'f8'] as const)(
    'of big-endian %s has the same values',
    (code) => {
      const type = { i1: 'int8', u2: 'uint16', i4: 'int32', i8: 'int64' } as const;
      const float = { f2: 'float16', f4: 'float32', f8: 'float64' } as const;
      const own = { ...type, ...float }[code];
      const values = [1, 5, 100];
      const little = encodeElements(own, values);
      const size = little.length / 3;
      const big = Uint8Array.from(little, (_, i) => {
        const start = i - (i % size);
        return little[start + size - 1 - (i - start)] as number;
      });
      const read = readNpy(npy(dict(`>${code}`, '(3,)'), big), 'a.npy');
      expect(read).toEqual({ type: own, shape: [3], data: Float64Array.from(values) });
    },
  );

  it('in Fortran order has the same values at the same index', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(4), { maxLength: 4 }), (shape) => {
        const length = shape.reduce((a, b) => a * b, 1);
        // the value of an element is its index in C order
        const stored = Float64Array.from({ length }, (_, at) => {
          let rest = at;
          const index = shape.map((n) => {
            const own = rest % n;
            rest = (rest - own) / n;
            return own;
          });
          return index.reduce((sum, i, axis) => sum * (shape[axis] as number) + i, 0);
        });
        const text = `(${shape.join(', ')}${shape.length === 1 ? ',' : ''})`;
        const bytes = npy(dict('<f4', text, 'True'), encodeElements('float32', stored));
        const data = Float64Array.from({ length }, (_, i) => i);
        expect(readNpy(bytes, 'a.npy')).toEqual({ type: 'float32', shape, data });
      }),
    );
  });

  it('of half precision, and in Fortran order, as NumPy writes them', () => {
    const read = (name: string) =>
      readNpy(readFileSync(`test/network/formats/files/${name}`), name);
    const [half, fortran] = [read('a_f16.npy'), read('b_fortran.npy')];
    expect([half.type, half.shape]).toEqual(['float16', [3, 6, 4]]);
    expect([fortran.type, fortran.shape]).toEqual(['float32', [3, 6, 4]]);
    expect([half, fortran].map(({ data }) => data.length)).toEqual([72, 72]);
    const at = (u: number, f: number, n: number) => fortran.data[(u * 6 + f) * 4 + n];
    const raw = new Float32Array(
      new Uint8Array(readFileSync('test/network/formats/files/b_fortran.npy').subarray(128)).buffer,
    );
    expect([at(1, 0, 0), at(0, 1, 0), at(0, 0, 1)]).toEqual([raw[1], raw[3], raw[18]]);
  });

  it('that claims more than there is is refused before anything is allocated', () => {
    const bytes = npy(dict('<f4', '(1000000, 1000000, 1000)'), new Uint8Array(4));
    expect(refusal(() => readNpy(bytes, 'a.npy'))).toMatchObject({ code: 'NPY_TRUNCATED' });
  });

  const four = new Uint8Array(4);
  it.each<[string, Uint8Array, string, string]>([
    ['truth values', npy(dict('|b1', '(4,)'), four), 'NPY_UNSUPPORTED', 'descr'],
    ['long doubles', npy(dict('<f16', '(1,)'), new Uint8Array(16)), 'NPY_UNSUPPORTED', 'descr'],
    ['objects', npy(dict('|O', '(1,)'), four), 'NPY_UNSUPPORTED', 'descr'],
    ['text', npy(dict('<U1', '(1,)'), four), 'NPY_UNSUPPORTED', 'descr'],
    ['complex numbers', npy(dict('<c8', '(1,)'), four), 'NPY_UNSUPPORTED', 'descr'],
    [
      'structures',
      npy("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,), }", four),
      'NPY_UNSUPPORTED',
      'descr',
    ],
    ['another version', npy(dict('<f4', '(1,)'), four, 4), 'NPY_UNSUPPORTED', 'version'],
    [
      'integers beyond 53 bits',
      npy(dict('<i8', '(1,)'), new Uint8Array(8).fill(0x7f)),
      'NPY_UNSUPPORTED',
      'data',
    ],
    ['missing data', npy(dict('<f4', '(2,)'), four), 'NPY_TRUNCATED', 'data'],
    ['too much data', npy(dict('<f4', '(2,)'), new Uint8Array(9)), 'NPY_INVALID', 'data'],
    ['a header cut short', npy(dict('<f4', '(1,)'), four).slice(0, 40), 'NPY_TRUNCATED', 'header'],
    [
      'a file of eight bytes',
      npy(dict('<f4', '(1,)'), four).slice(0, 8),
      'NPY_TRUNCATED',
      'header',
    ],
    ['no shape', npy("{'descr': '<f4', 'fortran_order': False}", four), 'NPY_INVALID', 'shape'],
    ['an empty file', new Uint8Array(), 'FOREIGN_FORMAT', 'format'],
    ['another format', Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8), 'NPY_INVALID', 'magic'],
    ['a zip archive', new TextEncoder().encode('PK\x03\x04........'), 'FOREIGN_FORMAT', 'format'],
  ])('refuses %s', (_, bytes, code, field) => {
    expect(refusal(() => readNpy(bytes, 'a.npy'))).toMatchObject({ code, field, file: 'a.npy' });
  });
});

describe('npz', () => {
  it('holds one npy per name and no date', () => {
    const array = { type: 'int32', shape: [2, 1], data: [1, -2] } as const;
    const bytes = writeNpz(
      new Map([
        ['h0', array],
        ['c0', array],
      ]),
    );
    const entries = unzipSync(bytes);
    expect(Object.keys(entries)).toEqual(['h0.npy', 'c0.npy']);
    expect(readNpy(entries['c0.npy'] as Uint8Array, 'c0').data).toEqual(Float64Array.of(1, -2));
    // DOS date and time of the first entry: 1 January 1980, midnight
    expect(new DataView(bytes.buffer).getUint32(10, true)).toBe(0x00210000);
  });
});
