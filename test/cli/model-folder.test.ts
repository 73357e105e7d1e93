import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { jsonBytes, namedTensors } from '../network/import/support/json-networks.js';
import { dict, lstmEntries, pickle, torchFile } from '../network/import/support/pickle.js';
import { layers, linear } from '../network/import/support/standard-network.js';
import { runCli } from '../support/cli.js';

const root = mkdtempSync(join(tmpdir(), 'hcgs-folder-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let count = 0;

function folder(names: readonly string[], name = `f${count++}`): string {
  mkdirSync(join(root, name));
  for (const one of names) {
    mkdirSync(dirname(join(root, name, one)), { recursive: true });
    writeFileSync(join(root, name, one), 'x');
  }
  return join(root, name);
}

describe('a directory instead of a file', () => {
  it.each([
    ['SavedModel', ['saved_model.pb', 'variables/a'], 'TensorFlow SavedModel', '--saved-model'],
    ['of Keras', ['saved_model.pb', 'keras_metadata.pb'], 'SavedModel', 'load_model'],
    ['Core ML', ['Manifest.json', 'Data/a'], 'Core ML package', 'ONNX'],
    ['.keras', ['config.json', 'metadata.json', 'model.weights.h5'], 'Keras archive', 'zip -r'],
    ['torch.save', ['data.pkl', 'data/0', 'version'], 'PyTorch file', 'zip -0 -r'],
    ['Hugging Face', ['config.json', 'model.safetensors'], 'model.safetensors', 'e.g. '],
    ['shards', ['pytorch_model-1.bin', 'pytorch_model.bin'], 'pytorch_model.bin', 'e.g. '],
    ['checkpoint', ['checkpoint', 'm.index', 'm.data-00000-of-00001'], 'checkpoint', 'model.save'],
    ['TensorFlow.js', ['model.json', 'group1-shard1of1.bin'], 'TensorFlow.js', 'converter'],
    ['a design', ['design.json', 'model.safetensors'], 'a design of hcgs', 'model.safetensors'],
  ])('%s is named, and what to do is said', async (_, names, what, how) => {
    const path = folder(names);
    const outcomes = [
      await runCli(['inspect', path]),
      await runCli(['compress', path, '--calibrate-noise', '1', '-o', join(root, 'out')]),
      await runCli(['generate', path, '-o', join(root, 'chip')]),
      // a design has a model, which is run
      ...(names.includes('design.json') ? [] : [await runCli(['run', path, '--frames', 'x.npy'])]),
    ];
    for (const { exitCode, stderr } of outcomes) {
      expect(exitCode).toBe(2);
      expect(stderr).toContain(what);
      expect(stderr).toContain(how);
    }
  });

  it('is a directory where it looks like nothing', async () => {
    const { stderr } = await runCli(['inspect', folder(['readme'])]);
    expect(stderr).toContain('it is a directory, not a file');
    const { stderr: package_ } = await runCli(['inspect', folder(['a'], 'net.mlpackage')]);
    expect(package_).toContain('Core ML package');
  });
});

describe('a float network instead of a compressed model', () => {
  const files = {
    'net.pt': torchFile(pickle(dict(lstmEntries('lstm.')))),
    'net.json': jsonBytes(namedTensors(layers, linear)),
  };
  it.each(Object.entries(files))('%s: what makes a model of it is said', async (name, bytes) => {
    const path = join(root, name);
    writeFileSync(path, bytes);
    const commands = [
      ['run', path, '--frames', 'x.npy'],
      ['generate', path, '-o', join(root, 'chip')],
      ['info', path],
      ['estimate', path, '--device', 'up5k'],
    ];
    for (const words of commands) {
      const { exitCode, stderr } = await runCli(words);
      expect(exitCode).toBe(2);
      expect(stderr).toMatch(/hcgs compress \S+ -o .*hcgs run \S+ --float/);
    }
  });
});
