import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { unzipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Random } from '../../generator/base/random.js';
import { modelBytes } from '../../generator/network/compressed-model.js';
import { readNpy, writeNpy } from '../../generator/network/formats/npy.js';
import type { ActivationTable, Model } from '../../generator/network/model.js';
import { runCli } from '../support/cli.js';
import { usualModels } from '../support/networks.js';
import { stackOf, withStack } from '../support/stack.js';
import { exampleFolder, python } from './training-python.js';

const run = python('numpy');

const RUN = `
import sys
from training.integer import main
for case in sys.argv[1:]:
    main([f"{case}/model.safetensors", f"{case}/frames.npy", "--states", f"{case}/python.npz", "-o", f"{case}/python.npy"])
`;

/** Changes of the integer forward pass, one per rounding rule: what is replaced by what. */
const MUTATIONS: readonly (readonly [string, string])[] = [
  // rounding itself: down, away from zero, to even
  ['(values + (1 << shift - 1)) >> shift', 'values >> shift'],
  [
    '(values + (1 << shift - 1)) >> shift',
    'np.sign(values) * ((np.abs(values) + (1 << shift - 1)) >> shift)',
  ],
  ['(values + (1 << shift - 1)) >> shift', 'np.rint(values / 2.0**shift).astype(np.int64)'],
  // saturation: symmetric, or none
  ['np.clip(values, -(1 << bits - 1),', 'np.clip(values, 1 - (1 << bits - 1),'],
  ['c = sat(rnd(cell, point - fc), model.words["cell"])', 'c = rnd(cell, point - fc)'],
  [
    'h = sat(rnd(o * squashed, 2 * ONE_BITS - (bits - 1)), bits)',
    'h = rnd(o * squashed, 2 * ONE_BITS - (bits - 1))',
  ],
  // table input of sums and of c: rounded down, or a narrower word
  [
    'return sat(rnd(values, fraction - TABLE_FRACTION), TABLE_BITS)',
    'return sat(np.floor(values * 2.0 ** (TABLE_FRACTION - fraction)).astype(np.int64), TABLE_BITS)',
  ],
  [
    'return sat(rnd(values, fraction - TABLE_FRACTION), TABLE_BITS)',
    'return sat(rnd(values, fraction - TABLE_FRACTION), TABLE_BITS - 1)',
  ],
  [
    'to_table(c, fc)',
    'sat(np.floor(c * 2.0 ** (TABLE_FRACTION - fc)).astype(np.int64), TABLE_BITS)',
  ],
  [
    'squashed = tanh(model.tanh, to_table(c, fc))',
    'c = c & -2; squashed = tanh(model.tanh, to_table(c, fc))',
  ],
  // inside a table: interpolation rounded down, |u| not clamped as it should be, other symmetries
  ['rnd(slope[segment] * rest, SEGMENT_BITS)', '(slope[segment] * rest >> SEGMENT_BITS)'],
  ['(1 << TABLE_BITS - 1) - 1)\n', '(1 << TABLE_BITS - 1) - 2)\n'],
  ['np.where(u < 0, (1 << ONE_BITS) - y, y)', 'np.where(u < 0, (1 << ONE_BITS) - 1 - y, y)'],
  ['np.where(u < 0, -y, y)', 'np.where(u < 0, ~y, y)'],
  // new cell state: two roundings instead of one, or rounded down
  [
    'c = sat(rnd(cell, point - fc),',
    'c = sat(rnd(f * c, ONE_BITS) + rnd(i * g, 2 * ONE_BITS - fc),',
  ],
  ['c = sat(rnd(cell, point - fc),', 'c = sat(cell >> (point - fc),'],
  // new h rounded down
  ['rnd(o * squashed, 2 * ONE_BITS - (bits - 1))', '(o * squashed >> 2 * ONE_BITS - (bits - 1))'],
  // frames: to even, down, without saturation
  [
    'np.floor(frames.astype(np.float64) * 2.0**model.input_fraction + 0.5)',
    'np.rint(frames.astype(np.float64) * 2.0**model.input_fraction)',
  ],
  ['2.0**model.input_fraction + 0.5', '2.0**model.input_fraction'],
  ['return sat(scaled, bits).astype(np.int64)', 'return scaled.astype(np.int64)'],
];

/** Runs every mutant on every case; prints the numbers of those that give what the golden model gives. */
const MUTANTS = `
import json, sys, types
import numpy as np
import training.integer
source = open(training.integer.__file__).read()
cases = sys.argv[2:]
for number, (old, new) in enumerate(json.loads(sys.argv[1])):
    assert old in source, old
    mutant = types.ModuleType("training.mutant")
    mutant.__package__ = "training"
    exec(compile(source.replace(old, new), "mutant", "exec"), mutant.__dict__)
    def differs(case):
        try:
            outputs, states = mutant.run(mutant.read_model(f"{case}/model.safetensors"), np.load(f"{case}/frames.npy"))
        except IndexError:
            return True
        golden = np.load(f"{case}/golden.npz")
        same = np.array_equal(outputs.ravel(), np.load(f"{case}/golden.npy").ravel())
        return not same or any((golden[name] != states[name]).any() for name in golden.files)
    if not any(differs(case) for case in cases):
        print(number)
`;

/** Real values over the whole range of the input format and beyond it, many of them half-way between two codes. */
function realFrames(model: Model, shape: readonly number[], seed: number): Uint8Array {
  const random = new Random(seed);
  const largest = 2 ** (model.words.activation - 1);
  const count = shape.reduce((product, n) => product * n, 1);
  const data = Float64Array.from({ length: count }, () => {
    const code = 2.2 * largest * (random.unit() - 0.5);
    return (Math.round(2 * code) / 2) * 2 ** -model.input.fraction;
  });
  return writeNpy({ type: 'float32', shape, data });
}

/** A table of another rising function: the tables of every model lie in its file. */
function anyTable(random: Random): ActivationTable {
  const [y0, slope] = [new Int32Array(128), new Int32Array(128)];
  let y = random.below(100);
  for (let k = 0; k < 128; k++) {
    y0[k] = y;
    slope[k] = Math.min(random.below(60), 4096 - y);
    y += slope[k] as number;
  }
  return { y0, slope };
}

/**
 * The model with other binary points, so that sums are larger and c and biases have points beyond those of
 * the tables, and with other tables.
 */
function moved(model: Model, k: number): Model {
  const random = new Random(k);
  const tables = { scheme: model.tables.scheme, sigmoid: anyTable(random), tanh: anyTable(random) };
  const input = { ...model.input, fraction: model.input.fraction - (k % 3) };
  return withStack(
    { ...model, input, tables },
    {
      layers: stackOf(model).layers.map((layer, l) => ({
        ...layer,
        x: { ...layer.x, exponent: layer.x.exponent - (k % 4) },
        h: { ...layer.h, exponent: layer.h.exponent - ((k + l) % 5) },
        biasFraction: layer.biasFraction - (k % 7),
        cellFraction: layer.cellFraction - ((k + l) % 4),
      })),
    },
  );
}

/** Two `.npy` files hold the same array. */
function expectEqual(got: Uint8Array, wanted: Uint8Array, where: string): void {
  const [a, b] = [readNpy(got, where), readNpy(wanted, where)];
  expect([a.type, a.shape], where).toEqual([b.type, b.shape]);
  expect(a.data.filter((value, i) => value !== b.data[i]).length, where).toBe(0);
}

describe.skipIf(run === null)('the integer forward pass in Python', () => {
  let folder: string;
  const cases: string[] = [];
  const saturations: Record<string, number> = {};

  /** Adds a case and what the golden model gives for it. */
  async function add(model: Uint8Array, frames: Uint8Array): Promise<void> {
    const at = join(folder, `${cases.length}`);
    mkdirSync(at);
    const path = (name: string) => join(at, name);
    writeFileSync(path('model.safetensors'), model);
    writeFileSync(path('frames.npy'), frames);
    const files = ['-o', path('golden.npy'), '--states', path('golden.npz'), '--json'];
    const argv = ['run', path('model.safetensors'), '--frames', path('frames.npy'), ...files];
    const outcome = await runCli(argv);
    expect(outcome.exitCode, outcome.stderr).toBe(0);
    const counts = outcome.json().saturations as Record<string, number>;
    for (const [kind, n] of Object.entries(counts))
      saturations[kind] = (saturations[kind] ?? 0) + n;
    cases.push(at);
  }

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'hcgs-training-'));
    const frames = join(exampleFolder, 'synth_frames.npy');
    const network = join(exampleFolder, 'V16_q6.safetensors');
    const compressed = join(folder, 'example.safetensors');
    const outcome = await runCli(['compress', network, '--calibrate', frames, '-o', compressed]);
    expect(outcome.exitCode, outcome.stderr).toBe(0);
    await add(readFileSync(compressed), readFileSync(frames));
    for (const [k, model] of fc.sample(usualModels, { numRuns: 30, seed: 7 }).entries()) {
      const inputs = stackOf(model).layers[0]?.inputs as number;
      const shape = k % 5 === 0 ? [7, inputs] : [3, 6, inputs];
      const changed = k % 2 === 0 ? model : moved(model, k);
      await add(modelBytes(changed), realFrames(changed, shape, k));
    }
    run?.(['-c', RUN, ...cases]);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('gives the outputs, h and c of the golden model, bit for bit', () => {
    for (const at of cases) {
      const bytes = (name: string) => readFileSync(join(at, name));
      expectEqual(bytes('python.npy'), bytes('golden.npy'), at);
      const [got, wanted] = [unzipSync(bytes('python.npz')), unzipSync(bytes('golden.npz'))];
      expect(Object.keys(got).sort(), at).toEqual(Object.keys(wanted).sort());
      for (const [name, array] of Object.entries(wanted)) {
        expectEqual(got[name] as Uint8Array, array, `${at} ${name}`);
      }
    }
  });

  it('was tried on models in which everything saturates that can', () => {
    for (const kind of ['input', 'gateInput', 'cellInput', 'cell', 'hidden']) {
      expect(saturations[kind], kind).toBeGreaterThan(0);
    }
  });

  it('differs as soon as one rounding rule is another one', () => {
    const missed = run?.(['-c', MUTANTS, JSON.stringify(MUTATIONS), ...cases.slice(1)]) ?? '';
    const numbers = missed.split('\n').filter((line) => line !== '');
    expect(numbers.map((n) => MUTATIONS[Number(n)])).toEqual([]);
  });
});
