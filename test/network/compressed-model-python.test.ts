import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { packageRoot } from '../../generator/base/package.js';
import { modelBytes } from '../../generator/network/compressed-model.js';
import type { Model, ModelPass } from '../../generator/network/model.js';
import { randomModel } from '../../generator/network/random.js';
import { withOrders } from '../../generator/network/unit-order.js';
import { patternKinds } from '../../generator/sparsity/kind-of.js';
import type { PatternSpec } from '../../generator/sparsity/registry.js';

const probe = spawnSync('python3', ['-c', 'import numpy, safetensors']);
const hasPython = probe.status === 0;
if (!hasPython) console.warn('skipped: python3 with numpy and safetensors is not installed');

/** The lines of Python on the documentation page. */
function documentedLines(): string {
  const page = readFileSync(join(packageRoot, 'docs/compressed-model.md'), 'utf8');
  const blocks = [...page.matchAll(/```python\n([\s\S]*?)```/g)].map((match) => match[1] as string);
  expect(blocks).toHaveLength(1);
  return blocks[0] as string;
}

/** Runs the documented lines on a model; what they make of it, and what has to come. */
function readInPython(model: Model) {
  const folder = mkdtempSync(join(tmpdir(), 'hcgs-python-'));
  try {
    const path = join(folder, 'model.safetensors');
    writeFileSync(path, modelBytes(model));
    const script = [
      `path = ${JSON.stringify(path)}`,
      documentedLines(),
      'own = {name: codes.flatten().tolist() for name, codes in dense.items()}',
      'print(json.dumps({"dense": own, "first": first.tolist(), "state": state.tolist(), "ways": [backward, aligned]}))',
    ].join('\n');
    const { stdout, stderr, status } = spawnSync('python3', ['-c', script], { encoding: 'utf8' });
    expect(stderr).toBe('');
    expect(status).toBe(0);
    return JSON.parse(stdout) as Record<string, unknown>;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Codes of every matrix by its name in the file. */
function codesOf({ passes }: Model): object {
  return Object.fromEntries(
    passes.flatMap(({ operands }, n) =>
      operands.map(({ matrix }, o) => [`pass.${n}.${o === 0 ? 'x' : 'h'}`, [...matrix.codes]]),
    ),
  );
}

it.skipIf(!hasPython).each(['shared', 'per-gate'] as const)(
  'the documented lines of Python read a model with %s patterns',
  (sharing) => {
    const words = { weight: 9, activation: 13, cell: 16, bias: 16 };
    const patterns = [
      {
        kind: 'hcgs' as const,
        blocks: [16, 8, 4],
        keep: [2, 1, 1].map((k, l) => ({ k, n: [3, 2, 2][l] as number })),
      },
      { kind: 'hcgs' as const, blocks: [], keep: [] },
    ];
    const shape = { inputs: 45, hidden: [30, 7], outputs: 3, seed: 5 };
    const initialState = sharing === 'shared';
    const bidirectional = sharing === 'shared' ? undefined : 'concat';
    const model = randomModel({ ...shape, patterns, sharing, words, initialState, bidirectional });
    const { dense, first, state, ways } = readInPython(model);
    const both = sharing === 'shared' ? [false, false] : [false, true, false, true];
    expect(ways).toEqual([[...both, false], [...both, false].map(() => true)]);
    const { bias, rows, initial } = model.passes[0] as ModelPass;
    expect((first as number[][]).flat()).toEqual([...(initial?.bias ?? bias)]);
    expect(state).toEqual([...(initial?.state ?? new Int32Array(rows))]);
    expect(dense).toEqual(codesOf(model));
  },
);

it.skipIf(!hasPython).each(['shared', 'per-gate'] as const)(
  'they read patterns of every kind, in any order of units: %s',
  (sharing) => {
    const patterns: readonly PatternSpec[] = [
      { kind: 'strips', height: 8, width: 16, columnRate: 3, rowRate: 1.5 },
      { kind: 'rows', rate: 3 },
      { kind: 'kernels', height: 8, width: 5, rate: 3 },
      { kind: 'mask', rate: 4, balance: 'binomial' },
      { kind: 'banks', bank: 8, rate: 4 },
      { kind: 'hcgs', blocks: [4], keep: [{ k: 1, n: 2 }] },
    ];
    expect(patterns.map(({ kind }) => kind).sort()).toEqual(
      patternKinds()
        .map(({ kind }) => kind)
        .sort(),
    );
    const words = { weight: 6, activation: 13, cell: 16, bias: 16 };
    const cell = sharing === 'shared' ? 'lstm' : 'gru';
    const hidden = [20, 17, 21, 24, 30, 12];
    const drawn = randomModel({
      ...{ inputs: 19, hidden, patterns, sharing, cell, words, outputs: 3, seed: 5 },
    });
    // units of the layers of strips and of kernels, which no bank and no block reads
    const reversed = (count: number) =>
      Array.from({ length: count }, (_, unit) => count - 1 - unit);
    const orders = [reversed(20), null, reversed(21), null, null, null, null];
    for (const model of [drawn, withOrders(drawn, orders)]) {
      expect(readInPython(model).dense).toEqual(codesOf(model));
    }
  },
);
