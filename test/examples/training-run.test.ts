import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readModel } from '../../generator/network/compressed-model.js';
import { readNpy, writeNpy } from '../../generator/network/formats/npy.js';
import type { HcgsPattern } from '../../generator/sparsity/hcgs/pattern.js';
import { keptMask } from '../../generator/sparsity/kept-mask.js';
import { patternKind } from '../../generator/sparsity/kind-of.js';
import type { Pattern } from '../../generator/sparsity/registry.js';
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

async function compress(
  network: string,
  frames: string,
  output: string,
  flags: readonly string[] = [],
): Promise<CompressReport> {
  const argv = ['compress', network, '--calibrate', frames, '-o', output, '--json', ...flags];
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
const keptBy = (pattern: Pattern): number[] => [...keptMask(pattern).kept];

/** The integer forward pass, and the quantised student in double precision with the formats of a compressed model. */
const SIMULATION = `
import sys
from pathlib import Path
import numpy as np
import torch
from training import compressed, integer
from training.finetune import QuantisedStudent
from training.kinds import load, student_of
kind, network, model, frames, prefix = sys.argv[1:]
model = compressed.read_model(model)
layers = model.passes[:-1]
student = student_of(kind, [], 1, model.passes[-1].rows, model.inputs, tuple(one.rows for one in layers))
load(Path(network), student)
assert model.fractions[0] == 10
fractions = [one.fraction if one.state_fraction is None else one.state_fraction for one in layers]
fine = QuantisedStudent(student.double(), fractions=fractions)
integer.main([sys.argv[3], frames, "--states", f"{prefix}python.npz", "-o", f"{prefix}python.npy"])
with torch.no_grad():
    values = fine.hidden(torch.from_numpy(np.load(frames)).double())
codes = {f"{layer}": v.transpose(0, 1) * 2.0 ** one.fraction for layer, (v, one) in enumerate(zip(values, layers))}
np.savez(f"{prefix}simulated.npz", **{name: v.numpy().astype(np.int32) for name, v in codes.items()})
`;

/**
 * Students: the kind of their layers, what these are in hardware, the names of value and state, where frames are, and what
 * pattern they are pruned to, in words.
 */
const FRAMES = { frames: 'frames.npy', end: '.safetensors', pattern: null };
const STUDENTS = [
  { ...FRAMES, name: 'lstm', kind: 'lstm', cell: 'lstm', shown: ['h', 'c'] },
  { ...FRAMES, name: 'gru', kind: 'gru', cell: 'gru', shown: ['h', 's'] },
  { ...FRAMES, name: 'rnn', kind: 'rnn', cell: 'rnn-relu', shown: ['h'] },
  {
    ...{ name: 'dense', kind: 'dense', cell: 'dense-linear', shown: ['y'] },
    ...{ frames: 'frames-dense.npy', end: '.pt', pattern: null },
  },
  {
    ...{ ...FRAMES, name: 'gru-strips', kind: 'gru', cell: 'gru', shown: ['h', 's'] },
    pattern: /^strips 16x16$/,
  },
  {
    ...{ ...FRAMES, name: 'lstm-kernels', kind: 'lstm', cell: 'lstm', shown: ['h', 'c'] },
    pattern: /^kernels 16x16(, \d+ of \d+ blocks empty)?$/,
  },
] as const;

/** Whether HCGS keeps half of the blocks of every block row on both levels. */
function expectHalves(pattern: HcgsPattern, name: string): void {
  expect(pattern.blocks, name).toEqual([16, 4]);
  const half = (count: number) => Math.floor(count / 2 + 1 / 2);
  expect(pattern.keep, name).toEqual([half(Math.ceil(pattern.columns / 16)), half(4)]);
}

/** Whether a pattern keeps a quarter, to half a row of a block of 16; `text`: what it is in words. */
function expectQuarter(pattern: Pattern, text: RegExp, name: string): void {
  expect(patternKind(pattern).report.text(pattern), name).toMatch(text);
  const kept = keptBy(pattern);
  const ones = kept.filter((one) => one === 1).length;
  expect(Math.abs(ones - kept.length / 4), name).toBeLessThanOrEqual(8);
}

describe.skipIf(run === null)('the training recipe', () => {
  const path = (name: string) => join(folder, name);
  let printed = '';

  beforeAll(() => {
    printed = run?.(['-m', 'training.demo', folder]) ?? '';
  });

  it('learns the words with every kind of layers', () => {
    const lines = printed.trim().split('\n');
    expect(lines.map((line) => line.split(':')[0])).toEqual(STUDENTS.map(({ name }) => name));
    for (const line of lines) {
      const [float, quantised] = [...line.matchAll(/[01]\.\d\d/g)].map(Number) as [number, number];
      expect(Math.min(float, quantised), line).toBeGreaterThan(0.9);
    }
  });

  it.each(STUDENTS)(
    'trains a $name network that compresses without error, to what its masks say',
    async (one) => {
      const { kind, cell, shown, frames, end } = one;
      const at = (name: string) => path(`${one.name}${name}`);
      const flags = kind === 'rnn' ? ['--nonlinearity', 'relu'] : [];
      const report = await compress(at(`_q6${end}`), path(frames), at('-model.safetensors'), flags);
      const weights = report.tensors.filter(({ name }) => /weight|bias/.test(name));
      expect(weights.map(({ name, maxError }) => [name, maxError])).toEqual(
        weights.map(({ name }) => [name, 0]),
      );
      const model = await readModel(at('-model.safetensors'));
      const layers = model.passes.slice(0, -1);
      expect(layers.map((pass) => pass.cell)).toEqual([cell, cell]);
      const masks = arrays(at('-masks.npz'));
      const matrices = layers.flatMap(({ operands }) => operands.map(({ matrix }) => matrix));
      expect(masks.size).toBe(matrices.length);
      for (const [n, [name, drawn]] of [...masks].entries()) {
        const { sharing, patterns } = matrices[n] as (typeof matrices)[number];
        const pattern = patterns[0] as Pattern;
        expect(sharing, name).toBe('shared');
        if (one.pattern === null) expectHalves(pattern as HcgsPattern, name);
        else expectQuarter(pattern, one.pattern, name);
        expect(keptBy(pattern), name).toEqual([...drawn]);
      }

      const compressed = at('-model.safetensors');
      const labels = ['--labels', path('labels.npy'), '--json'];
      const judged = await runCli(['run', compressed, '--frames', path(frames), ...labels]);
      expect(judged.json().accuracy).toBeGreaterThan(0.9);

      // louder frames, so that values saturate whose formats were chosen on the others
      const { data, shape } = readNpy(readFileSync(path(frames)), frames);
      writeFileSync(
        at('loud.npy'),
        writeNpy({ type: 'float32', shape, data: data.map((value) => 4 * value) }),
      );
      const golden = ['-o', at('golden.npy'), '--states', at('golden.npz'), '--json'];
      const outcome = await runCli(['run', compressed, '--frames', at('loud.npy'), ...golden]);
      const { input, hidden } = outcome.json().saturations as Record<string, number>;
      expect(input).toBeGreaterThan(0);
      if (end === '.pt' || kind === 'rnn') expect(hidden).toBeGreaterThan(0);
      run?.(['-c', SIMULATION, kind, at(`_q6${end}`), compressed, at('loud.npy'), at('')]);
      const outputs = (name: string) => readNpy(readFileSync(at(name)), name);
      expect(outputs('python.npy')).toEqual(outputs('golden.npy'));
      const states = arrays(at('golden.npz'));
      expect([...states.keys()]).toEqual([0, 1].flatMap((l) => shown.map((name) => `${name}${l}`)));
      expect(arrays(at('python.npz'))).toEqual(states);

      // what fine-tuning computes in real numbers is what the hardware computes
      const simulated = arrays(at('simulated.npz'));
      for (const layer of [0, 1])
        expect(simulated.get(`${layer}`)).toEqual(states.get(`${shown[0]}${layer}`));
    },
  );

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
from training.kinds import save
from training.masks import network_masks
from training.network import RecurrentStudent
from pathlib import Path
folder = Path(${JSON.stringify(folder)})
torch.manual_seed(1)
for name, inputs, hidden, pattern in [${networks.map((n) => `(${JSON.stringify(n.name)}, ${n.inputs}, ${n.hidden}, ${n.pattern})`)}]:
    masks = network_masks(inputs, (hidden,) * 2, pattern, seed=5)
    student = RecurrentStudent("lstm", inputs, (hidden,) * 2, 3, masks)
    save(folder / f"{name}.safetensors", student, dict(student.named_parameters()), {})
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
from training.frontend import frames_of, stack, whole
frames = frames_of(np.load(${JSON.stringify(`${exampleFolder}/synth_wav.npy`)}))
made = [(stack, "synth_frames.npy"), (whole, "synth_whole.npy")]
folder = ${JSON.stringify(exampleFolder)}
print(max(abs(arrange(frames).numpy() - np.load(f"{folder}/{name}")).max() for arrange, name in made))
`;
    expect(Number(run?.(['-c', script]))).toBeLessThan(1e-5);
  });
});
