import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { packageRoot } from '../../generator/base/package.js';
import { Random } from '../../generator/base/random.js';
import { writeNpy } from '../../generator/network/formats/npy.js';
import { writeSafetensors } from '../../generator/network/formats/safetensors.js';
import { randomCell, torchTensors } from '../network/import/support/cell-reference.js';
import { graphOf, lstm } from '../network/import/support/lstm-graph.js';
import {
  first,
  gemm,
  layers,
  linear,
  parts,
  rows,
  two,
  withHead,
} from '../network/import/support/standard-network.js';
import {
  layerTensors,
  linearTensors,
  stateDict,
  zeros,
} from '../network/import/support/state-dict.js';
import { runCli } from '../support/cli.js';
import { node, onnxFile } from '../support/onnx.js';

const folder = mkdtempSync(join(tmpdir(), 'hcgs-import-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const at = (name: string) => join(folder, name);
const compress = (name: string, ...options: string[]) =>
  runCli(['compress', at(name), '--calibrate-noise', '1', '--dense', '-o', at('out'), ...options]);

const sigmoid = parts([node('Sigmoid', ['y'], ['p'], {}, 'probability')]);
writeFileSync(at('net.onnx'), onnxFile(withHead([rows, gemm, sigmoid]).graph));
const modules = layers.flatMap((layer, l) =>
  layerTensors(layer, (kind) => `enc.rnn.${kind}_l${l}`),
);
const heads = ['a', 'b'].flatMap((name) => linearTensors(linear, name));
const dict = stateDict(...modules, ...heads, ['norm.weight', zeros(3)]);
writeFileSync(at('net.safetensors'), writeSafetensors(dict));

describe('hcgs compress', () => {
  it('takes an ONNX file and lists what becomes no hardware', async () => {
    const { exitCode, json } = await compress('net.onnx', '--json');
    expect(exitCode).toBe(0);
    expect(json()).toMatchObject({
      patterns: [{ name: 'W_0' }, { name: 'R_0' }, { name: 'W_1' }, { name: 'R_1' }],
      leftOut: [{ name: 'probability', kind: 'node', what: 'Sigmoid' }],
    });
    const { stdout } = await compress('net.onnx');
    expect(stdout).toContain('not part of the hardware: nodes: 1 Sigmoid');
  });

  it('refuses labels for h where the head is left out: no accuracy of what are no classes', async () => {
    const npy = (name: string, shape: readonly number[], value: number) => {
      const data = new Float64Array(shape.reduce((a, b) => a * b, 1)).fill(value);
      const type = name === 'labels.npy' ? 'int32' : 'float32';
      writeFileSync(at(name), writeNpy({ type, shape, data }));
      return at(name);
    };
    const [frames, labels] = [npy('frames.npy', [2, 4, 5], 0.25), npy('labels.npy', [2], 1)];
    const given = ['--calibrate', frames, '--labels', labels];
    for (const command of ['compress', 'sweep-bits']) {
      const more = command === 'compress' ? ['--dense', '-o', at('out')] : ['--dense'];
      const run = (...map: string[]) =>
        runCli([command, at('net.onnx'), ...given, ...map, ...more]);
      const { exitCode, stderr } = await run('--map', 'fc=none');
      expect(exitCode).toBe(2);
      expect(stderr).toContain('the largest h is no class');
      expect((await run()).exitCode).toBe(0);
    }
    await compress('net.onnx', '--map', 'fc=none');
    const run = await runCli(['run', at('out'), '--frames', frames, '--labels', labels, '--json']);
    expect(run.json()).toMatchObject({ error: { code: 'LABELS_WITHOUT_HEAD' } });
    expect((await runCli(['run', at('out'), '--frames', frames])).exitCode).toBe(0);
    await runCli(['generate', at('out'), '--macs', '8', '-o', at('headless')]);
    const cosim = ['cosim', at('headless'), '--frames', frames, '--labels', labels, '--json'];
    expect((await runCli(cosim)).json()).toMatchObject({ error: { code: 'LABELS_WITHOUT_HEAD' } });
  });

  it('takes frames for an ONNX file that computes before its first layer when it is said that they are from there', async () => {
    const tanh = parts([node('Tanh', ['x'], ['f'], {}, 'squash')]);
    const above = [lstm(first, 0, 'f'), ...two.slice(1), rows, gemm];
    writeFileSync(at('front.onnx'), onnxFile(graphOf([tanh, ...above], { outputs: ['y'] })));
    const data = Float32Array.from({ length: 40 }, (_, i) => Math.sin(i));
    writeFileSync(at('f.npy'), writeNpy({ type: 'float32', shape: [2, 4, 5], data }));
    for (const command of ['compress', 'sweep-bits']) {
      const more = command === 'compress' ? ['--dense', '-o', at('out')] : ['--dense'];
      const run = (...map: string[]) =>
        runCli([command, at('front.onnx'), '--calibrate', at('f.npy'), ...map, ...more, '--json']);
      expect((await run()).json()).toMatchObject({
        error: {
          ...{ code: 'FRAMES_UNSETTLED', field: '--calibrate' },
          expected: 'frames recorded behind squash (Tanh), and --map frames=f, which says so',
        },
      });
      expect((await run('--map', 'frames=f')).exitCode).toBe(0);
    }
    expect((await compress('front.onnx')).exitCode).toBe(0);
    const { json } = await runCli(['info', at('out'), '--json']);
    expect(json()).toMatchObject({ provenance: { frames: 'f, behind squash (Tanh)' } });
  });

  it('asks what an RNN does with its sums, and hands the answer on', async () => {
    const rnn = randomCell(new Random(1), 'rnn-relu', 5, 4);
    const own = stateDict(...torchTensors(rnn, (kind) => `rnn.${kind}_l0`));
    writeFileSync(at('rnn.safetensors'), writeSafetensors(own));
    const inspect = (...options: string[]) =>
      runCli(['inspect', at('rnn.safetensors'), ...options, '--json']);
    expect((await inspect()).json()).toMatchObject({ error: { code: 'NONLINEARITY' } });
    const { next } = (await inspect('--nonlinearity', 'relu')).json() as {
      next: readonly { command: string }[];
    };
    expect(next[0]?.command).toContain('--nonlinearity relu');
    expect((await inspect('--nonlinearity', 'elu')).json()).toMatchObject({
      error: { code: 'BAD_OPTION_VALUE', field: '--nonlinearity' },
    });
    const reset = await inspect('--nonlinearity', 'relu', '--reset', 'after');
    expect(reset.json()).toMatchObject({ error: { code: 'GRU_RESET', field: '--reset' } });
    const run = ['run', at('rnn.safetensors'), '--frames', at('f.npy'), '--reset', 'after'];
    expect((await runCli([...run, '--json'])).json()).toMatchObject({
      error: { code: 'BAD_USAGE', field: '--reset' },
    });
  });

  it('asks what is read of two directions, and hands the answers on', async () => {
    const file = resolve(
      packageRoot,
      'test/network/import/files/torch-directions/half.safetensors',
    );
    const said = ['--merge', 'sum', '--backward', 'final'];
    const inspect = (...options: string[]) => runCli(['inspect', file, ...options, '--json']);
    expect((await inspect()).json()).toMatchObject({ error: { code: 'DIRECTIONS' } });
    const { next } = (await inspect(...said)).json() as { next: readonly { command: string }[] };
    expect(next[0]?.command).toContain('--merge sum --backward final');
    for (const option of ['--merge', '--backward']) {
      const value = option === '--merge' ? 'sum' : 'final';
      const run = ['run', file, '--frames', at('f.npy'), option, value, '--json'];
      expect((await runCli(run)).json()).toMatchObject({
        error: { code: 'BAD_USAGE', field: option },
      });
    }
  });

  it('reads weights beside an ONNX file', async () => {
    const files = resolve(packageRoot, 'test/network/import/files');
    for (const name of ['f_ext.onnx', 'f_ext.onnx.data']) copyFileSync(join(files, name), at(name));
    expect((await compress('f_ext.onnx')).exitCode).toBe(0);
    rmSync(at('f_ext.onnx.data'));
    const { exitCode, stderr } = await compress('f_ext.onnx');
    expect(exitCode).toBe(2);
    expect(stderr).toContain('f_ext.onnx.data: expected a file, got none');
  });

  it('says what is ambiguous, and follows --map', async () => {
    const refused = await compress('net.safetensors', '--json');
    expect(refused.exitCode).toBe(2);
    expect(refused.json()).toMatchObject({
      error: { code: 'OUTPUT_AMBIGUOUS', got: expect.stringMatching(/^a \(.*, b \(.*, norm \(/) },
    });
    const half = await compress('net.safetensors', '--map', 'fc=a', '--json');
    expect(half.json()).toMatchObject({ error: { code: 'MODULE_UNKNOWN', field: 'b' } });
    const map = ['--map', 'fc=a', '--map', 'outside=b,norm'];
    const { exitCode, json } = await compress('net.safetensors', ...map, '--json');
    expect(exitCode).toBe(0);
    expect(json()).toMatchObject({
      leftOut: [{ name: 'b.bias' }, { name: 'b.weight' }, { name: 'norm.weight', what: 'F32 [3]' }],
      notes: [
        expect.stringContaining('the output layer is a.weight'),
        ...Array(2).fill(expect.anything()),
      ],
    });
    const none = await compress('net.safetensors', '--map', 'fc=none', '--json');
    expect(none.json()).toMatchObject({
      notes: [expect.stringContaining('outputs are h'), ...Array(2).fill(expect.anything())],
    });
    const wrong = await compress('net.safetensors', '--map', 'fc', '--json');
    expect(wrong.json()).toMatchObject({ error: { code: 'BAD_MAP', field: '--map' } });
  });
});
