import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readNpy } from '../../generator/network/formats/npy.js';
import { keptMask } from '../../generator/sparsity/kept-mask.js';
import { chooseKernels } from '../../generator/sparsity/kernels/choose.js';
import { chooseStrips } from '../../generator/sparsity/strips/choose.js';
import { python } from './training-python.js';

const run = python('numpy');

/** Rates of strips are of columns and rows, the one of kernels of weights. Sides of last blocks are powers of two, for means. */
const CASES = [
  { kind: 'strips', size: [16, 24], sides: [4, 8], rates: [3, 1], balance: 'equal' },
  { kind: 'strips', size: [20, 33], sides: [16, 16], rates: [2.5, 2], balance: 'equal' },
  { kind: 'strips', size: [32, 48], sides: [8, 16], rates: [10, 1], balance: 'binomial' },
  { kind: 'strips', size: [20, 18], sides: [8, 64], rates: [4, 1.5], balance: 'binomial' },
  { kind: 'kernels', size: [32, 64], sides: [16, 16], rates: [10], balance: 'equal' },
  { kind: 'kernels', size: [20, 33], sides: [8, 16], rates: [3], balance: 'equal' },
  { kind: 'kernels', size: [32, 64], sides: [16, 16], rates: [10], balance: 'binomial' },
  { kind: 'kernels', size: [20, 34], sides: [16, 32], rates: [1.4], balance: 'binomial' },
  { kind: 'kernels', size: [16, 16], sides: [4, 64], rates: [20], balance: 'binomial' },
  // two counts of lines are as far from the rate
  { kind: 'kernels', size: [8, 8], sides: [2, 2], rates: [64 / 32.5], balance: 'binomial' },
] as const;
type Case = (typeof CASES)[number];

/** Weights at random, in steps of which sums are exact, so that some are equal in size; and what is kept of them. */
const SCRIPT = `
import json, sys
import numpy as np
from training.lists import choose_kernels, choose_strips
cases, folder = json.loads(sys.argv[1]), sys.argv[2]
generator = np.random.default_rng(int(sys.argv[3]))
for number, case in enumerate(cases):
    step = (1, 4, 64)[number % 3]
    weights = np.round(step * generator.standard_normal((1 + 3 * (number % 2), *case["size"]))) / step
    choose = choose_strips if case["kind"] == "strips" else choose_kernels
    mask = choose(weights, case["sides"], *case["rates"], balance=case["balance"])
    np.savez(f"{folder}/{number}.npz", weights=weights, mask=mask.astype(np.uint8))
`;

/** What `compress --select magnitude` keeps of the same weights. */
function selected({ kind, size, sides, rates, balance }: Case, weights: Float64Array): Uint8Array {
  const [rows, columns] = size;
  const count = rows * columns;
  const gates = Array.from({ length: weights.length / count }, (_, gate) =>
    weights.slice(gate * count, (gate + 1) * count),
  );
  const [height, width] = sides;
  const [rate, rowRate = 1] = rates;
  const values = { rows, columns, gates };
  const pattern =
    kind === 'strips'
      ? chooseStrips(values, { kind, height, width, columnRate: rate, rowRate, balance })
      : chooseKernels(values, { kind, height, width, rate, balance });
  return Uint8Array.from(keptMask(pattern).kept);
}

describe.skipIf(run === null)('strips and kernels that the training recipe chooses', () => {
  const seed = 12;
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'hcgs-training-patterns-'));
    run?.(['-c', SCRIPT, JSON.stringify(CASES), folder, `${seed}`]);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each(CASES.map((own, number) => ({ ...own, number })))(
    `are those of compress --select magnitude: $kind $size in $sides, $rates, $balance (seed ${seed})`,
    (own) => {
      const files = unzipSync(readFileSync(join(folder, `${own.number}.npz`)));
      const data = (name: string) => readNpy(files[`${name}.npy`] as Uint8Array, name).data;
      const wanted = selected(own as Case, data('weights'));
      expect([...data('mask')]).toEqual([...wanted]);
      expect(wanted.includes(0) && wanted.includes(1)).toBe(true);
    },
  );
});
