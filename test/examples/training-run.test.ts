import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readModel } from '../../generator/network/compressed-model.js';
import { readNpy } from '../../generator/network/formats/npy.js';
import type { HcgsPattern } from '../../generator/sparsity/hcgs/pattern.js';
import { keptMask } from '../../generator/sparsity/kept-mask.js';
import { runCli } from '../support/cli.js';
import { stackOf } from '../support/stack.js';
import { exampleFolder, python } from './training-python.js';

const run = python('torch, numpy');
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'hcgs-training-run-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface CompressReport {
  readonly patterns: readonly { name: string; blocks: number[]; keep: number[]; kept: number }[];
  readonly tensors: readonly { name: string; maxError: number; saturated: number }[];
}

async function compress(network: string, frames: string, output: string): Promise<CompressReport> {
  const argv = ['compress', network, '--calibrate', frames, '-o', output, '--json'];
  const outcome = await runCli(argv);
  expect(outcome.exitCode, outcome.stdout + outcome.stderr).toBe(0);
  return outcome.json() as unknown as CompressReport;
}

/** The arrays of a file of numpy.savez. */
function arrays(path: string): Map<string, Float64Array> {
  const entries = Object.entries(unzipSync(readFileSync(path)));
  return new Map(
    entries.map(([name, bytes]) => [name.replace('.npy', ''), readNpy(bytes, name).data]),
  );
}

/** Where a pattern keeps weights: 0 or 1 for every row and column. */
const keptBy = (pattern: HcgsPattern): number[] => [...keptMask(pattern).kept];

/** The quantised student of the recipe in double precision, with the formats of a compressed model. */
const SIMULATION = `
import sys
import numpy as np
import torch
from training import compressed, tensorfile
from training.finetune import QuantisedStudent
from training.network import Student
network, model, frames, output = sys.argv[1:]
tensors, _ = tensorfile.read(network)
model = compressed.read_model(model)
hidden = [layer.bias.shape[1] for layer in model.layers]
inputs = model.layers[0].x.codes.shape[2]
masks = [(np.ones((n, below)), np.ones((n, n))) for n, below in zip(hidden, [inputs, *hidden])]
student = Student(inputs, hidden, len(model.output.bias), masks).double()
student.load_state_dict({name: torch.from_numpy(values.copy()) for name, values in tensors.items()})
assert model.input_fraction == 10
fine = QuantisedStudent(student, [layer.cell_fraction for layer in model.layers])
with torch.no_grad():
    h = fine.hidden(torch.from_numpy(np.load(frames)).double()).transpose(0, 1)
np.save(output, (h * 4096).round().numpy().astype(np.int32))
`;

describe.skipIf(run === null)('the training recipe', () => {
  it('trains a network that compresses without error, to what its masks say', async () => {
    expect(run?.(['-m', 'training.demo', folder])).toMatch(/^float 1.00, quantised 1.00\n$/);
    const path = (name: string) => join(folder, name);
    const report = await compress(
      path('q6.safetensors'),
      path('frames.npy'),
      path('model.safetensors'),
    );
    const weights = report.tensors.filter(({ name }) => /weight|bias/.test(name));
    expect(weights.map(({ name, maxError }) => [name, maxError])).toEqual(
      weights.map(({ name }) => [name, 0]),
    );
    const model = await readModel(path('model.safetensors'));
    const masks = arrays(path('masks.npz'));
    expect(report.patterns.length).toBe(4);
    for (const [l, layer] of stackOf(model).layers.entries()) {
      for (const side of ['x', 'h'] as const) {
        const pattern = layer[side].patterns[0] as HcgsPattern;
        expect([layer[side].sharing, pattern.blocks]).toEqual(['shared', [16, 4]]);
        const drawn = [...(masks.get(`${side}${l}`) as Float64Array)];
        expect(keptBy(pattern)).toEqual(drawn);
      }
    }

    const golden = ['-o', path('golden.npy'), '--states', path('golden.npz'), '--json'];
    const frames = ['--frames', path('frames.npy'), '--labels', path('labels.npy')];
    const outcome = await runCli(['run', path('model.safetensors'), ...frames, ...golden]);
    expect(outcome.json().accuracy).toBe(1);
    const files = ['--states', path('python.npz'), '-o', path('python.npy')];
    run?.(['-m', 'training.integer', path('model.safetensors'), path('frames.npy'), ...files]);
    const outputs = (name: string) => readNpy(readFileSync(path(name)), name);
    expect(outputs('python.npy')).toEqual(outputs('golden.npy'));
    expect(arrays(path('python.npz'))).toEqual(arrays(path('golden.npz')));

    // what fine-tuning computes in real numbers is what the hardware computes
    const simulation = [path('q6.safetensors'), path('model.safetensors'), path('frames.npy')];
    run?.(['-c', SIMULATION, ...simulation, path('simulated.npy')]);
    expect(outputs('simulated.npy').data).toEqual(arrays(path('golden.npz')).get('h1'));
  });

  it('draws balanced masks that the pattern search finds', async () => {
    const networks = [
      { name: 'V4', inputs: 64, hidden: 128, pattern: '[(32, (1, 2)), (4, (1, 2))]' },
      { name: 'V16', inputs: 64, hidden: 128, pattern: '[(16, (1, 4)), (4, (1, 4))]' },
      { name: 'one', inputs: 45, hidden: 30, pattern: '[(4, (3, 8))]' },
      {
        name: 'three',
        inputs: 96,
        hidden: 96,
        pattern: '[(32, (2, 3)), (8, (1, 2)), (2, (1, 2))]',
      },
    ];
    const script = `
import numpy as np, torch
from training.masks import network_masks
from training.network import Student
from training.train import float_tensors, save
from pathlib import Path
folder = Path(${JSON.stringify(folder)})
torch.manual_seed(1)
for name, inputs, hidden, pattern in [${networks.map((n) => `(${JSON.stringify(n.name)}, ${n.inputs}, ${n.hidden}, ${n.pattern})`)}]:
    masks = network_masks(inputs, (hidden,) * 2, pattern, seed=5)
    save(folder / f"{name}.safetensors", float_tensors(Student(inputs, (hidden,) * 2, 3, masks)), {})
    np.savez(folder / f"{name}.npz", **{f"{s}{l}": m.astype(np.uint8) for l, pair in enumerate(masks) for s, m in zip("xh", pair)})
    np.save(folder / f"{name}.npy", np.random.default_rng(1).standard_normal((4, inputs)).astype(np.float32))
`;
    run?.(['-c', script]);
    for (const { name, pattern } of networks) {
      const path = (end: string) => join(folder, `${name}${end}`);
      await compress(path('.safetensors'), path('.npy'), path('-model.safetensors'));
      const model = await readModel(path('-model.safetensors'));
      const masks = arrays(path('.npz'));
      const blocks = [...pattern.matchAll(/\((\d+), \(/g)].map((match) => Number(match[1]));
      for (const [l, layer] of stackOf(model).layers.entries()) {
        for (const side of ['x', 'h'] as const) {
          const found = layer[side].patterns[0] as HcgsPattern;
          const drawn = [...(masks.get(`${side}${l}`) as Float64Array)];
          expect(found.blocks, `${name} ${side}${l}`).toEqual(blocks);
          expect(keptBy(found), name).toEqual(drawn);
        }
      }
    }
  });

  it('makes the frames that the bundled networks were tested with', () => {
    const script = `
import numpy as np
from training.frontend import frames_of, stack
made = stack(frames_of(np.load("synth_wav.npy"))).numpy()
print(abs(made - np.load("synth_frames.npy")).max())
`;
    writeFileSync(
      join(folder, 'frames.py'),
      script.replaceAll('("synth', `("${exampleFolder}/synth`),
    );
    expect(Number(run?.([join(folder, 'frames.py')]))).toBeLessThan(1e-5);
  });
});
