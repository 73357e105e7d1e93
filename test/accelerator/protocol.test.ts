import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe } from 'vitest';
import { buildImages, planDesign } from '../../generator/accelerator/index.js';
import { GoldenNetwork } from '../../generator/golden/network.js';
import type { Model } from '../../generator/network/model.js';
import { randomModel } from '../../generator/network/random.js';
import { type CoreBench, coreBench } from '../support/core-bench.js';
import { protocolChecks } from '../support/protocol-checks.js';
import { designOf } from '../support/simulate.js';

const words = { weight: 6, activation: 13, cell: 16, bias: 16 };
const halves = [{ kind: 'hcgs' as const, blocks: [4], keep: [{ k: 1, n: 2 }] }];
const shapes: readonly (readonly [string, Model, number, number])[] = [
  [
    'two layers and an output layer, one value per beat',
    randomModel({
      ...{ inputs: 3, hidden: [5, 4], patterns: halves, sharing: 'shared' },
      ...{ outputs: 3, words, seed: 1 },
    }),
    16,
    1,
  ],
  [
    'one layer, four values per beat, frames of one beat and a half',
    randomModel({
      ...{ inputs: 6, hidden: [6], patterns: halves, sharing: 'per-gate' },
      ...{ outputs: 0, words, seed: 2 },
    }),
    64,
    4,
  ],
];

describe.each(shapes)('stream protocol: %s', (_, model, macs, streamLanes) => {
  const directory = mkdtempSync(path.join(tmpdir(), 'hcgs-protocol-'));
  let bench: CoreBench;
  beforeAll(async () => {
    const { configuration } = planDesign(model, { name: 'core_under_test', macs, streamLanes });
    for (const [name, text] of buildImages(configuration, model)) {
      mkdirSync(path.dirname(path.join(directory, name)), { recursive: true });
      writeFileSync(path.join(directory, name), text);
    }
    bench = await coreBench(designOf(configuration, model, directory));
  });
  afterAll(() => rmSync(directory, { recursive: true }));
  protocolChecks(() => ({
    bench,
    reference: new GoldenNetwork(model),
    activationBits: words.activation,
  }));
});
