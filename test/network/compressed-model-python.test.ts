import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { packageRoot } from '../../generator/base/package.js';
import { modelBytes } from '../../generator/network/compressed-model.js';
import type { ModelPass } from '../../generator/network/model.js';
import { randomModel } from '../../generator/network/random.js';

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
      const { dense, first, state, ways } = JSON.parse(stdout) as Record<string, unknown>;
      const both = sharing === 'shared' ? [false, false] : [false, true, false, true];
      expect(ways).toEqual([[...both, false], [...both, false].map(() => true)]);
      const { bias, rows, initial } = model.passes[0] as ModelPass;
      expect((first as number[][]).flat()).toEqual([...(initial?.bias ?? bias)]);
      expect(state).toEqual([...(initial?.state ?? new Int32Array(rows))]);
      const names = model.passes.flatMap(({ operands }, n) =>
        operands.map(({ matrix }, o) => [`pass.${n}.${o === 0 ? 'x' : 'h'}`, [...matrix.codes]]),
      );
      expect(dense).toEqual(Object.fromEntries(names));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
);
