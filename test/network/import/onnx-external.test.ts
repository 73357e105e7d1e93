import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readerBeside } from '../../../generator/base/beside.js';
import { packageRoot } from '../../../generator/base/package.js';
import { importNetwork } from '../../../generator/network/import/import.js';
import { onnxFile, tensor } from '../../support/onnx.js';
import { refusal } from '../../support/refusal.js';
import { graphOf, lstm, lstmTensors } from './support/lstm-graph.js';
import { first } from './support/standard-network.js';

const files = resolve(packageRoot, 'test/network/import/files');

/** The first layer, W in the file `location`, with further entries. */
function withW(location: string, more: Record<string, string> = {}): Uint8Array {
  const { W, R, B } = lstmTensors(first);
  const entries = Object.entries({ location, ...more }).map(([key, value]) => ({ key, value }));
  const outside = {
    dims: W.dims,
    data_type: W.data_type,
    data_location: 1,
    external_data: entries,
  };
  const layer = lstm(first, 0, 'x', { tensors: { W: outside, R, B } });
  return onnxFile(graphOf([layer], { outputs: ['Y_0'] }));
}

const weights = () => lstmTensors(first).W.raw_data as Uint8Array;

const folders: string[] = [];
afterAll(() => {
  for (const own of folders) rmSync(own, { recursive: true, force: true });
});

function folder(): string {
  const own = mkdtempSync(join(tmpdir(), 'hcgs-external-'));
  folders.push(own);
  mkdirSync(join(own, 'model/data'), { recursive: true });
  return own;
}

const read = (own: string, bytes: Uint8Array) => {
  const file = join(own, 'model/net.onnx');
  return importNetwork(bytes, file, { beside: readerBeside(file) });
};

describe('weights in a file beside an ONNX file are read', () => {
  it('as PyTorch writes them', () => {
    const file = join(files, 'f_ext.onnx');
    const own = folder();
    for (const name of ['f_ext.onnx', 'f_ext.onnx.data']) {
      copyFileSync(join(files, name), join(own, name));
    }
    const bytes = (path: string) =>
      importNetwork(readFileSync(path), path, { beside: readerBeside(path) });
    const { model } = bytes(join(own, 'f_ext.onnx'));
    const raw = readFileSync(`${file}.data`);
    const all = new Float32Array(raw.buffer.slice(raw.byteOffset, raw.byteOffset + raw.length));
    expect(model.layers[0]?.x.values[0]).toBe(all[0]);
    expect(model.layers.map(({ inputs, cells }) => [inputs, cells])).toEqual([[4, 6]]);
  });

  it('from an offset, and from a folder below', () => {
    const own = folder();
    writeFileSync(join(own, 'model/data/w'), Buffer.concat([Buffer.alloc(12, 7), weights()]));
    const { model } = read(own, withW('data/w', { offset: '12', length: '320' }));
    const inside = importNetwork(
      onnxFile(graphOf([lstm(first, 0, 'x')], { outputs: ['Y_0'] })),
      'n',
    );
    expect(model.layers[0]?.x.values).toEqual(inside.model.layers[0]?.x.values);
  });
});

describe('weights in another file are refused', () => {
  it('without a way to read it, with the line that puts them in', () => {
    const { code, expected } = refusal(() => importNetwork(withW('w'), 'net.onnx'));
    expect(code).toBe('ONNX_EXTERNAL_DATA');
    expect(expected).toContain('onnx.save(onnx.load(');
  });

  it.each([
    ['../secret', 'FILE_OUTSIDE'],
    ['data/../../secret', 'FILE_OUTSIDE'],
    ['..\\secret', 'FILE_OUTSIDE'],
    ['/etc/hostname', 'FILE_OUTSIDE'],
    ['C:\\w', 'FILE_OUTSIDE'],
    ['link', 'FILE_OUTSIDE'],
    ['linked/secret', 'FILE_OUTSIDE'],
    ['nothing', 'FILE_MISSING'],
    ['data', 'FILE_MISSING'],
    ['', 'ONNX_EXTERNAL_DATA'],
  ])('at %j', (location, code) => {
    const own = folder();
    writeFileSync(join(own, 'secret'), weights());
    symlinkSync('../secret', join(own, 'model/link'));
    symlinkSync('..', join(own, 'model/linked'));
    expect(refusal(() => read(own, withW(location))).code).toBe(code);
  });

  it.each([
    [{ offset: '1' }, 'FILE_SHORT'],
    [{ offset: '999999999999999' }, 'FILE_SHORT'],
    [{ offset: '-4' }, 'ONNX_INVALID'],
    [{ offset: '0x10' }, 'ONNX_INVALID'],
    [{ length: '316' }, 'ONNX_INVALID'],
    [{ own: '1' }, 'ONNX_EXTERNAL_DATA'],
  ])('with %j', (more, code) => {
    const own = folder();
    writeFileSync(join(own, 'model/w'), weights());
    expect(refusal(() => read(own, withW('w', more))).code).toBe(code);
  });

  it('where they are larger than the file, before anything is allocated', () => {
    const own = folder();
    writeFileSync(join(own, 'model/w'), weights());
    truncateSync(join(own, 'model/w'), 1000);
    const huge = { ...tensor([1, 16, 5], []), dims: [1, 2 ** 20, 2 ** 20], raw_data: undefined };
    const entries = [{ key: 'location', value: 'w' }];
    const { R, B } = lstmTensors(first);
    const W = { ...huge, data_location: 1, external_data: entries };
    const layer = lstm(first, 0, 'x', { tensors: { W, R, B } });
    const bytes = onnxFile(graphOf([layer], { outputs: ['Y_0'] }));
    expect(refusal(() => read(own, bytes)).code).toBe('FILE_SHORT');
  });
});
