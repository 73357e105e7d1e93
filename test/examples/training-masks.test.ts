import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readNpy } from '../../generator/network/formats/npy.js';
import { choosePattern } from '../../generator/sparsity/hcgs/choose.js';
import { keptMask } from '../../generator/sparsity/kept-mask.js';
import { meanMagnitudes } from '../../generator/sparsity/magnitude.js';
import { python } from './training-python.js';

const run = python('numpy');

/** Shapes of matrices; some blocks lie in the padding in part, some wholly. */
const CASES = [
  { gates: 1, rows: 16, columns: 24, blocks: [4], keep: [2] },
  { gates: 3, rows: 18, columns: 30, blocks: [3], keep: [4] },
  { gates: 4, rows: 8, columns: 12, blocks: [1], keep: [5] },
  { gates: 4, rows: 30, columns: 45, blocks: [8], keep: [3] },
  { gates: 3, rows: 10, columns: 9, blocks: [4], keep: [3] },
  { gates: 4, rows: 32, columns: 64, blocks: [16, 4], keep: [1, 1] },
  { gates: 3, rows: 20, columns: 50, blocks: [8, 4], keep: [4, 1] },
  { gates: 1, rows: 33, columns: 70, blocks: [16, 8, 2], keep: [2, 1, 3] },
] as const;

/** Weights at random, some of them equal in size, and the masks that are chosen for them. */
const SCRIPT = `
import json, sys
import numpy as np
from training.masks import choose_mask
cases, folder = json.loads(sys.argv[1]), sys.argv[2]
generator = np.random.default_rng(int(sys.argv[3]))
for number, case in enumerate(cases):
    weights = np.round(generator.standard_normal((case["gates"], case["rows"], case["columns"])), number % 3)
    mask = choose_mask(weights, [(size, (1, 1)) for size in case["blocks"]], case["keep"])
    np.savez(f"{folder}/{number}.npz", weights=weights, mask=mask.astype(np.uint8))
`;

describe.skipIf(run === null)('masks that the training recipe chooses by magnitude', () => {
  const seed = 11;
  let folder: string;
  let chosen: { weights: Float64Array; mask: Float64Array }[] = [];

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'hcgs-training-masks-'));
    run?.(['-c', SCRIPT, JSON.stringify(CASES), folder, `${seed}`]);
    chosen = CASES.map((_, number) => {
      const files = unzipSync(readFileSync(join(folder, `${number}.npz`)));
      const data = (name: string) => readNpy(files[`${name}.npy`] as Uint8Array, name).data;
      return { weights: data('weights'), mask: data('mask') };
    });
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** What `compress --select magnitude` keeps of the same weights. */
  function selected(number: number): Uint8Array {
    const { gates, rows, columns, blocks, keep } = CASES[number] as (typeof CASES)[number];
    const { weights } = chosen[number] as (typeof chosen)[number];
    const values = Array.from({ length: gates }, (_, gate) =>
      weights.slice(gate * rows * columns, (gate + 1) * rows * columns),
    );
    const scores = (size: number) => meanMagnitudes({ rows, columns, gates: values }, size);
    return Uint8Array.from(keptMask(choosePattern({ rows, columns }, blocks, keep, scores)).kept);
  }

  it(`keep the same number of blocks in every block row of every level (seed ${seed})`, () => {
    for (const [number, { rows, columns, blocks, keep }] of CASES.entries()) {
      const { mask } = chosen[number] as (typeof chosen)[number];
      const any = (top: number, left: number, size: number): boolean => {
        for (let row = top; row < Math.min(top + size, rows); row++) {
          for (let column = left; column < Math.min(left + size, columns); column++) {
            if (mask[row * columns + column] !== 0) return true;
          }
        }
        return false;
      };
      const check = (level: number, top: number, left: number, height: number, width: number) => {
        const size = blocks[level];
        if (size === undefined) return;
        for (let row = top; row < Math.min(top + height, rows); row += size) {
          const kept = [];
          let existing = 0;
          for (let column = left; column < left + width; column += size) {
            if (column < columns) existing++;
            if (any(row, column, size)) kept.push(column);
          }
          const wanted = Math.min(keep[level] as number, existing);
          expect(kept.length, `case ${number}, level ${level}, ${row}, ${left}`).toBe(wanted);
          for (const column of kept) check(level + 1, row, column, size, size);
        }
      };
      check(0, 0, 0, rows, columns);
    }
  });

  it('are those of compress --select magnitude where there is one level', () => {
    for (const [number, { rows, columns, blocks }] of CASES.entries()) {
      // a block in part beyond the matrix counts by its sum here and by its mean there
      if (blocks.length > 1 || rows % blocks[0] !== 0 || columns % blocks[0] !== 0) continue;
      expect([...(chosen[number]?.mask ?? [])], `case ${number}`).toEqual([...selected(number)]);
    }
  });

  it('keep at least as much as a choice by whole blocks where there are several levels', () => {
    for (const [number, { gates, rows, columns, blocks }] of CASES.entries()) {
      if (blocks.length === 1) continue;
      const { weights, mask } = chosen[number] as (typeof chosen)[number];
      const sum = (kept: ArrayLike<number>) =>
        weights.reduce(
          (total, w, at) => total + Math.abs(w) * (kept[at % (rows * columns)] ?? 0),
          0,
        );
      expect(sum(mask), `case ${number}`).toBeGreaterThanOrEqual(sum(selected(number)));
      expect(weights.length).toBe(gates * rows * columns);
    }
  });
});
