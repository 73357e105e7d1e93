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
import { modelsOfCells, usualModels } from '../support/networks.js';
import { exampleFolder, python } from './training-python.js';

const run = python('numpy');

const CELLS = [
  ...(['lstm', 'gru', 'rnn-relu', 'rnn-tanh'] as const),
  ...(['dense-relu', 'dense-linear', 'dense-sigmoid', 'dense-tanh'] as const),
];

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
  [
    'return sat(rnd(blend, finer - point), model.words["cell"])',
    'return rnd(blend, finer - point)',
  ],
  [
    'return sat(rnd(o * squashed, 2 * ONE_BITS - (bits - 1)), bits), c',
    'return rnd(o * squashed, 2 * ONE_BITS - (bits - 1)), c',
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
    'to_table(c, one.state_fraction)',
    'sat(np.floor(c * 2.0 ** (TABLE_FRACTION - one.state_fraction)).astype(np.int64), TABLE_BITS)',
  ],
  ['to_table(c, one.state_fraction)', 'to_table(c & -2, one.state_fraction)'],
  // inside a table: interpolation rounded down, |u| not clamped as it should be, other symmetries
  ['rnd(slope[segment] * rest, SEGMENT_BITS)', '(slope[segment] * rest >> SEGMENT_BITS)'],
  ['(1 << TABLE_BITS - 1) - 1)\n', '(1 << TABLE_BITS - 1) - 2)\n'],
  ['np.where(u < 0, (1 << ONE_BITS) - y, y)', 'np.where(u < 0, (1 << ONE_BITS) - 1 - y, y)'],
  ['np.where(u < 0, -y, y)', 'np.where(u < 0, ~y, y)'],
  // new state: two roundings instead of one, or rounded down
  [
    'rnd(blend, finer - point)',
    'rnd(kept * state, ONE_BITS) + rnd(added * value, 2 * ONE_BITS - point)',
  ],
  ['rnd(blend, finer - point)', '(blend >> (finer - point))'],
  // new h of an LSTM and of a GRU rounded down, or not saturated
  ['rnd(o * squashed, 2 * ONE_BITS - (bits - 1))', '(o * squashed >> 2 * ONE_BITS - (bits - 1))'],
  [
    'rnd(s, one.state_fraction - one.fraction)',
    'np.floor(s * 2.0 ** (one.fraction - one.state_fraction)).astype(np.int64)',
  ],
  [
    'sat(rnd(s, one.state_fraction - one.fraction), model.words["activation"]), s',
    'rnd(s, one.state_fraction - one.fraction), s',
  ],
  // the sum under the reset gate: of another word, not saturated, without its bias; the product rounded by itself
  [
    'd = sat(rnd(under, fraction - RESET_FRACTION), RESET_BITS)',
    'd = rnd(under, fraction - RESET_FRACTION)',
  ],
  ['RESET_BITS, RESET_FRACTION = 18, 12', 'RESET_BITS, RESET_FRACTION = 16, 12'],
  ['RESET_BITS, RESET_FRACTION = 18, 12', 'RESET_BITS, RESET_FRACTION = 18, 11'],
  ['aligned([hs[2], bias[3]])', 'aligned([hs[2], (0 * bias[3][0], bias[3][1])])'],
  [
    '(r * d, ONE_BITS + RESET_FRACTION)',
    '(rnd(r * d, ONE_BITS + RESET_FRACTION - TABLE_FRACTION), TABLE_FRACTION)',
  ],
  // the share of the new gate is 1 - z, not its complement in the bits of a table output
  ['(1 << ONE_BITS) - z, n)', '(1 << ONE_BITS) - 1 - z, n)'],
  // values of linear layers: rounded down, no saturation, no ReLU, no ceiling
  [
    'rnd(total, fraction - one.fraction)',
    'np.floor(total * 2.0 ** (one.fraction - fraction)).astype(np.int64)',
  ],
  [
    'np.clip(sat(rnd(total, fraction - one.fraction), model.words["activation"]), one.low, one.high)',
    'np.maximum(rnd(total, fraction - one.fraction), one.low)',
  ],
  ['one.low, one.high)', '-(1 << 40), one.high)'],
  // values from a table: rounded down, or as long as the table's
  ['rnd(y, ONE_BITS - one.fraction)', '(y << 20 >> 20 + ONE_BITS - one.fraction)'],
  ['return sat(rnd(y, ONE_BITS - one.fraction), model.words["activation"])', 'return y'],
  // frames: to even, down, without saturation
  [
    'np.floor(frames.astype(np.float64) * 2.0 ** model.fractions[0] + 0.5)',
    'np.rint(frames.astype(np.float64) * 2.0 ** model.fractions[0])',
  ],
  ['2.0 ** model.fractions[0] + 0.5', '2.0 ** model.fractions[0]'],
  ['return sat(scaled, bits).astype(np.int64)', 'return scaled.astype(np.int64)'],
];

/** Runs every mutant on every case; prints the numbers of those that give what the golden model gives. */
const MUTANTS = `
import json, sys, types
import numpy as np
import training.integer, training.integer_cells
read = lambda module: open(module.__file__).read()
cells = "from .integer_cells import CELLS, aligned, sat\\n"
assert cells in read(training.integer)
source = read(training.integer).replace(cells, read(training.integer_cells))
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
  const passes = model.passes.map((pass, n) => ({
    ...pass,
    operands: pass.operands.map((operand, side) => ({
      ...operand,
      matrix: {
        ...operand.matrix,
        exponent: operand.matrix.exponent - (side === 0 ? k % 4 : (k + n) % 5),
      },
    })) as unknown as typeof pass.operands,
    biasFraction: pass.biasFraction - (k % 7),
    stateFraction: pass.stateFraction === null ? null : pass.stateFraction - ((k + n) % 4),
    ...(pass.valueFraction !== undefined && {
      valueFraction: pass.valueFraction - ((k + n) % 3),
    }),
  }));
  return { ...model, input, tables, passes };
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
    const models = [
      ...fc.sample(usualModels, { numRuns: 20, seed: 7 }),
      ...fc.sample(modelsOfCells(['gru']), { numRuns: 14, seed: 8 }),
      ...fc.sample(modelsOfCells(CELLS), { numRuns: 26, seed: 9 }),
    ];
    for (const [k, model] of models.entries()) {
      const inputs = model.input.length;
      const shape = k % 5 === 0 ? [7, inputs] : [3, 6, inputs];
      const changed = k % 2 === 0 ? model : moved(model, k);
      await add(modelBytes(changed), realFrames(changed, shape, k));
    }
    run?.(['-c', RUN, ...cases]);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('gives the outputs, values and states of the golden model, bit for bit', () => {
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

  it('refuses by name what it does not compute', async () => {
    const refusal = async (name: string, options: readonly string[]) => {
      const model = join(folder, `${name}.safetensors`);
      const shape = ['--inputs', '8', '--hidden', '8', '-o', model];
      expect((await runCli(['random', ...shape, ...options])).exitCode).toBe(0);
      const read = `from training.compressed import read_model; read_model(${JSON.stringify(model)})`;
      return () => run?.(['-c', read]);
    };
    const initial = ['--initial-state'];
    expect(await refusal('reset', ['--cell', 'gru-before'])).toThrow(/pass\.0.*got gru-reset/);
    expect(await refusal('initial', initial)).toThrow(/got a learned initial state/);
    expect(await refusal('tables', ['--table-bits', '14'])).toThrow(/expected tables .*got/);
  });
});
