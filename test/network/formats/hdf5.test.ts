import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Random } from '../../../generator/base/random.js';
import { readHdf5 } from '../../../generator/network/formats/hdf5/hdf5.js';
import { contentsOf, importNetwork } from '../../../generator/network/import/import.js';
import { refusal } from '../../support/refusal.js';
import { walked } from '../../support/walked-hdf5.js';
import { hdf5Bytes } from '../import/support/hdf5-files.js';

describe('an HDF5 file', () => {
  it('is read in a process of its own', () => {
    const bytes = hdf5Bytes((file) => {
      file.create_attribute('title', 'ä text');
      file.create_attribute('names', ['one', 'two'], [2], 'S5');
      const group = file.create_group('inner');
      group.create_attribute('n', 7);
      file.create_dataset({ name: 'inner/x', data: [1, 2.5, -3, 4], shape: [2, 2], dtype: '<f4' });
      file.create_dataset({ name: 'inner/n', data: [-1, 2], dtype: '<h' });
      file.create_dataset({ name: 'text', data: ['a', 'b'], dtype: 'S3' });
      file.create_group('skipped');
      file.create_dataset({ name: 'skipped/much', data: [1, 2, 3], dtype: '<d' });
    });
    const { groups, datasets } = readHdf5(bytes, 'f.h5', ['/skipped']);
    expect([...groups]).toEqual([
      ['', { title: 'ä text', names: ['one', 'two'] }],
      ['inner', { n: 7 }],
      ['skipped', {}],
    ]);
    expect([...datasets.values()].map(({ path, what, read }) => [path, what, read?.()])).toEqual([
      ['inner/n', 'int16 [2]', Float64Array.of(-1, 2)],
      ['inner/x', 'float32 [2, 2]', Float64Array.of(1, 2.5, -3, 4)],
      ['skipped/much', 'float64 [3]', undefined],
      ['text', 'text [2]', undefined],
    ]);
  });

  it('may be compressed, and not unpack to very much more', () => {
    const packed = (n: number) =>
      hdf5Bytes((file) => {
        const data = new Float32Array(n).fill(0.5);
        const chunks = [n];
        file.create_dataset({ name: 'x', data, shape: [n], chunks, compression: 9 });
      });
    const small = packed(2 ** 20);
    expect(small.length).toBeLessThan(20_000);
    expect(walked(small).datasets.get('x')?.read?.()[99]).toBe(0.5);
    const bomb = packed(2 ** 23 + 2 ** 20);
    expect(refusal(() => readHdf5(bomb, 'f.h5'))).toMatchObject({
      code: 'HDF5_LIMIT',
      field: 'HDF5',
    });
    // sixty at once, none of which is too large by itself
    const many = hdf5Bytes((file) => {
      const data = new Float32Array(2 ** 18);
      for (let i = 0; i < 60; i++) {
        file.create_dataset({
          name: `x${i}`,
          data,
          shape: [2 ** 18],
          chunks: [2 ** 18],
          compression: 9,
        });
      }
    });
    expect(refusal(() => walked(many)).code).toBe('HDF5_LIMIT');
  });

  it('of groups within themselves, or of very many, has an end', () => {
    const loop = hdf5Bytes((file) => {
      file.create_group('a');
      file.create_hard_link('/', 'a/again');
    });
    expect(refusal(() => walked(loop))).toMatchObject({ code: 'HDF5_LIMIT' });
    const wide = hdf5Bytes((file) => {
      for (const name of ['a', 'b']) file.create_group(name);
      for (const from of ['a', 'b']) {
        for (const to of ['a', 'b']) file.create_hard_link(`/${to}`, `${from}/${to}`);
      }
    });
    expect(refusal(() => walked(wide))).toMatchObject({ code: 'HDF5_LIMIT' });
  });

  it('leads to no other file, and not to another name', () => {
    const bytes = hdf5Bytes((file) => {
      file.create_dataset({ name: 'x', data: [1], dtype: '<f4' });
      file.create_soft_link('/x', 'soft');
      file.create_soft_link('/nothing', 'broken');
      file.create_external_link('/etc/passwd', '/', 'outside');
    });
    expect([...walked(bytes).datasets.keys()]).toEqual(['x']);
  });

  // odd.h5 and elsewhere.h5 are made by h5py 3.14: numpy arrays, a virtual dataset, one in an external file, a link
  it('of another program: big-endian, half, data elsewhere', () => {
    const { datasets } = walked(readFileSync('test/network/formats/files/odd.h5'));
    const read = (name: string) => datasets.get(name)?.read?.();
    expect(read('big')).toEqual(Float64Array.of(1, -2.5, 3));
    expect(read('half')).toEqual(Float64Array.of(0.5, -2));
    expect(read('wide')).toEqual(Float64Array.of(1e300, -7));
    expect(read('small')).toEqual(Float64Array.of(-1, 258));
    expect(datasets.get('virtual')).toMatchObject({ what: 'data of other files [2]', read: null });
    expect(datasets.get('record')).toMatchObject({ what: 'records [2]', read: null });
    expect([...datasets.keys()]).not.toContain('link');
  });

  it('whose data lie in another file is not guessed at', () => {
    const bytes = readFileSync('test/network/formats/files/elsewhere.h5');
    expect(refusal(() => walked(bytes))).toMatchObject({
      code: 'HDF5_INVALID',
      got: 'data of /out that cannot be read',
    });
  });

  it('that is cut short or damaged is a UserError', () => {
    const bytes = hdf5Bytes((file) => {
      file.create_attribute('model_config', '{"class_name": "Sequential"}');
      file.create_dataset({
        name: 'a/b',
        data: new Float32Array(500),
        shape: [500],
        chunks: [100],
      });
    });
    expect(refusal(() => readHdf5(bytes.subarray(0, 600), 'f.h5')).code).toBe('HDF5_INVALID');
    const seed = 47;
    const random = new Random(seed);
    let refused = 0;
    for (let i = 0; i < 400; i++) {
      const damaged = Uint8Array.from(bytes);
      for (let n = random.between(1, 4); n > 0; n--)
        damaged[random.below(bytes.length)] = random.below(256);
      const cut = random.below(3) === 0 ? damaged.subarray(0, random.below(bytes.length)) : damaged;
      try {
        walked(cut);
      } catch (error) {
        expect(error, `seed ${seed}, ${i}`).toMatchObject({ report: { field: 'HDF5' } });
        refused++;
      }
    }
    expect(refused).toBeGreaterThan(100);
  });

  it('that holds no network is named, and so is an archive', () => {
    const bytes = hdf5Bytes((file) => {
      file.create_dataset({ name: 'images', data: [1], dtype: '<f4' });
    });
    expect(refusal(() => importNetwork(bytes, 'f.h5'))).toMatchObject({
      code: 'KERAS_FILE',
      got: 'images',
    });
    expect(refusal(() => contentsOf(bytes, 'f.h5')).code).toBe('KERAS_FILE');
  });
});
