import { describe, expect, test } from 'vitest';
import { planHardware } from '../../../generator/accelerator/index.js';
import type { DesignOptions } from '../../../generator/accelerator/plan/options.js';
import { IHP_SG13G2 } from '../../../generator/devices/macros/ihp-sg13g2.js';
import { type RandomOptions, randomModel } from '../../../generator/network/random.js';
import { STANDARD_WORDS } from '../../support/kws.js';
import { expectExact, simulate } from '../../support/simulate.js';

function drawn(options: Partial<RandomOptions> = {}) {
  return randomModel({
    ...{ inputs: 5, hidden: [16, 8], outputs: 3, sharing: 'shared', seed: 3 },
    words: STANDARD_WORDS,
    patterns: [{ kind: 'hcgs', blocks: [4], keep: [{ k: 1, n: 2 }] }],
    ...options,
  });
}

type Case = [string, Partial<DesignOptions>, Partial<RandomOptions>, number];

const CASES: readonly Case[] = [
  ['in ROMs, SECDED', { protect: 'secded' }, {}, 1],
  [
    'loaded over 8 bits, parity, two places, on a bus',
    { protect: 'parity', weights: 'loaded', loadBits: 8, residents: 2, bus: 'axi4lite' },
    { initialState: true },
    1,
  ],
  [
    'loaded, SECDED, words that share rows, on macros',
    {
      ...{ protect: 'secded', weights: 'loaded', tileRows: 4, tileColumns: 4, macs: 64 },
      macros: { macros: IHP_SG13G2.macros },
    },
    { hidden: [128, 128] },
    1,
  ],
  [
    'row groups with queues, specialised, SECDED',
    { protect: 'secded', array: 'queues', style: 'specialised' },
    {},
    1,
  ],
  [
    'whole utterances of a GRU, banks of several ROMs, parity',
    { protect: 'parity', order: 'sequence', maxFrames: 24, bankWords: 16 },
    { cell: 'gru' },
    1,
  ],
  ['two engines, loaded, SECDED', { protect: 'secded', weights: 'loaded' }, {}, 2],
];

describe('words with check bits', () => {
  test.each(CASES)(
    'change no value and no cycle, and show no fault: %s',
    async (_t, options, network, engines) => {
      const model = drawn(network);
      const of = (more: Partial<DesignOptions>) =>
        planHardware(model, { name: 'dut', macs: 16, ...options, ...more }, engines);
      const { hardware, prediction, cuts } = of({});
      const plain = of({ protect: 'none' });
      expect(prediction.cyclesPerFrame).toBe(plain.prediction.cyclesPerFrame);
      expect(prediction.latencyCycles).toBe(plain.prediction.latencyCycles);
      expectExact(await simulate(hardware, model, { frames: 24, protocol: true, cuts }));
    },
  );
});
