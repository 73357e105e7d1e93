import { readFileSync } from 'node:fs';
import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { parseModel } from '../../../generator/network/compressed-model.js';
import { readNpy } from '../../../generator/network/formats/npy.js';
import { writeSafetensors } from '../../../generator/network/formats/safetensors.js';
import { importNetwork, READ_FORMATS } from '../../../generator/network/import/import.js';
import { onnxFile } from '../../support/onnx.js';
import { refusal } from '../../support/refusal.js';
import { good } from '../import/support/refuses.js';
import { stateDict, zeros } from '../import/support/state-dict.js';

const bytes = (text: string): Uint8Array => Uint8Array.from(text, (char) => char.charCodeAt(0));
const archive = (...names: string[]): Uint8Array =>
  zipSync(Object.fromEntries(names.map((name) => [name, bytes('data')])));

const tar = (name: string): Uint8Array => bytes(`${name.padEnd(257, '\0')}ustar  `);

const FILES: readonly [what: RegExp, how: RegExp, content: Uint8Array][] = [
  [/a Python pickle/, /any code/, bytes('\x80\x04\x95\x10\0\0\0\0\0\0\0}')],
  [/a zip archive/, /unpack/, archive('a.txt')],
  [/a zip archive/, /unpack/, bytes('PK\x03\x04 and no more')],
  [/before PyTorch 0\.1\.10/, /torch\.save it again/, tar('sys_info')],
  [/a tar archive/, /unpack/, tar('net.onnx')],
  [/gzip/, /gunzip/, bytes('\x1f\x8b\x08\0\0\0\0\0')],
  [/zstd/, /unpack/, bytes('\x28\xb5\x2f\xfd........')],
  [/Git LFS/, /git lfs pull/, bytes('version https://git-lfs.github.com/spec/v1\noid')],
  [/web page/, /download/, bytes('<!DOCTYPE html><html>')],
];

/** Read as networks, and refused where something else is expected. */
const READ_ELSEWHERE: typeof FILES = [
  [/TensorFlow graph/, /tf2onnx/, bytes('\x0a\x18\x0a\x08wav_data\x12\x0bPlaceholder')],
  [/TensorFlow Lite/, /--tflite/, bytes('\x1c\0\0\0TFL3\x14\0 \0')],
  [
    /a PyTorch file \(torch\.save\)/,
    /save_file\(\{k: .* torch\.load\("in\.bin", map_location="cpu"\)\.items\(\)\}, "in\.safetensors"\)/,
    readFileSync('test/network/formats/files/lstm.pt'),
  ],
  [
    /a TorchScript file/,
    /torch\.jit\.load\("in\.bin"\)\.state_dict\(\)/,
    archive('net/data.pkl', 'net/constants.pkl', 'net/code/__torch__.py'),
  ],
  [
    /before PyTorch 1\.6/,
    /torch\.load/,
    bytes('\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19\x2e\x80'),
  ],
];

describe('files of other programs are refused with what they are and what to do', () => {
  it.each(FILES)('%s', (what, how, content) => {
    const readers: [(content: Uint8Array) => unknown, string][] = [
      [(content) => importNetwork(content, 'in.bin'), READ_FORMATS],
      [(content) => importNetwork(content, 'in.onnx'), READ_FORMATS],
      [(content) => parseModel(content, 'in.bin'), 'safetensors'],
      [(content) => readNpy(content, 'in.bin'), 'a NumPy array (.npy)'],
    ];
    for (const [read, expected] of readers) {
      const report = refusal(() => read(content));
      expect(report).toMatchObject({ code: 'FOREIGN_FORMAT', field: 'format', expected });
      expect(report.got).toMatch(what);
      expect(report.message).toMatch(what);
    }
    expect(refusal(() => importNetwork(content, 'in.bin')).message).toMatch(how);
  });

  it('and JSON where no network is read', () => {
    const content = bytes('{"version": "0.5.0", "architecture": "LSTM"}');
    for (const read of [parseModel, readNpy]) {
      const report = refusal(() => read(content, 'in.json'));
      expect(report).toMatchObject({ code: 'FOREIGN_FORMAT', got: 'a JSON text' });
    }
  });

  it.each(READ_ELSEWHERE)('%s where no network is expected', (what, how, content) => {
    for (const read of [parseModel, readNpy]) {
      const report = refusal(() => read(content, 'in.bin'));
      expect(report).toMatchObject({ code: 'FOREIGN_FORMAT', field: 'format' });
      expect(report.got).toMatch(what);
      expect(report.message).toMatch(how);
    }
  });

  it('and frames given as a network too', () => {
    const npy = readFileSync('test/network/formats/files/a_f16.npy');
    expect(refusal(() => importNetwork(npy, 'f.npy'))).toMatchObject({ code: 'FOREIGN_FORMAT' });
  });

  it('and networks of Keras given as something else', () => {
    const files: readonly [RegExp, Uint8Array][] = [
      [/Keras archive/, archive('metadata.json', 'config.json', 'model.weights.h5')],
      [/HDF5/, bytes('\x89HDF\r\n\x1a\n\0\0\0\0')],
    ];
    for (const [what, content] of files) {
      const read = [() => parseModel(content, 'in.bin'), () => readNpy(content, 'in.bin')];
      for (const { code, message } of read.map(refusal)) {
        expect(code).toBe('FOREIGN_FORMAT');
        expect(message).toMatch(what);
        expect(message).toContain('hcgs compress');
      }
    }
  });

  it('and an archive that says of its sizes that they are elsewhere, where they are not', () => {
    const content = archive('a.txt');
    const view = new DataView(content.buffer, content.byteOffset);
    const directory = view.getUint32(content.length - 6, true);
    view.setUint32(directory + 20, 0xffffffff, true);
    view.setUint32(directory + 24, 0xffffffff, true);
    expect(refusal(() => parseModel(content, 'in.bin'))).toMatchObject({
      ...{ code: 'FOREIGN_FORMAT', got: 'a zip archive' },
    });
  });

  it('but none of ours', () => {
    // a header of 0x4b50 bytes begins like a zip archive, one of 0x7b bytes like JSON
    for (const length of [0x7b, 0x4b50]) {
      const empty = JSON.stringify({ __metadata__: { pad: '' } }).length;
      const metadata = { pad: 'x'.repeat(Math.ceil(length / 8) * 8 - empty) };
      const file = writeSafetensors({ ...stateDict(['a', zeros(1)]), metadata });
      expect(refusal(() => importNetwork(file, 'net')).code).toBe('NOT_AN_LSTM');
    }
    expect(importNetwork(onnxFile(good), 'net').format).toBe('onnx');
  });
});
