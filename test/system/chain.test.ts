import { describe, test } from 'vitest';
import { planChain } from '../../generator/accelerator/index.js';
import type { DesignOptions } from '../../generator/accelerator/plan/options.js';
import { type RandomOptions, randomModel } from '../../generator/network/random.js';
import { expectExact, simulate } from '../support/simulate.js';

const k = (kept: number, n: number) => ({ k: kept, n });
const base = {
  sharing: 'shared',
  words: { weight: 6, activation: 13, cell: 16, bias: 16 },
  seed: 1,
} as const;
const sparse = { kind: 'hcgs', blocks: [4], keep: [k(1, 2)] } as const;

type Network = Omit<RandomOptions, keyof typeof base> & Partial<RandomOptions>;
type Case = readonly [
  what: string,
  engines: number,
  network: Network,
  options: Omit<DesignOptions, 'name'>,
];

const CASES: readonly Case[] = [
  [
    'LSTM layers, an output layer',
    2,
    { inputs: 6, hidden: [8, 8], patterns: [sparse], outputs: 5 },
    { macs: 16 },
  ],
];

describe.each(CASES)('a chain: %s', (_, engines, network, options) => {
  const model = randomModel({ ...base, ...network });
  const { chain, cuts } = planChain(model, { ...options, name: 'dut' }, engines);

  test('computes what the golden model computes, in the cycles predicted', async () => {
    expectExact(await simulate(chain, model, { cuts, frames: 14, protocol: true }));
  });
});
