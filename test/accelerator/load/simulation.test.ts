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

describe('a model that is loaded', () => {
  test.each<[string, Partial<DesignOptions>, Partial<RandomOptions>]>([
    ['over 32 bits', {}, {}],
    ['over 8 bits, a GRU', { loadBits: 8 }, { cell: 'gru' }],
    ['over 16 bits, two places', { loadBits: 16, residents: 2 }, { initialState: true }],
    [
      'specialised, whole utterances',
      { style: 'specialised', order: 'sequence', maxFrames: 24 },
      {},
    ],
    ['time-multiplexed lanes, banks of several memories', { cellCycles: 18, bankWords: 16 }, {}],
    ['time-multiplexed lanes whose cells overlap', { cellCycles: 4 }, {}],
    ['row groups with queues', { array: 'queues' }, {}],
    [
      'block numbers that share rows, two places',
      { residents: 2, tileRows: 4, tileColumns: 4, macs: 64 },
      { hidden: [128, 128] },
    ],
    [
      'on macros of a chip, every memory for which there is one',
      { macros: { macros: IHP_SG13G2.macros }, residents: 2 },
      {},
    ],
  ])('is computed with as one in ROMs: %s', async (_title, options, network) => {
    const model = drawn(network);
    const of = (more: Partial<DesignOptions>) =>
      planHardware(model, { name: 'dut', macs: 16, ...options, ...more });
    const { hardware, prediction } = of({ weights: 'loaded' });
    const { loadBits: _, residents: _places, ...rest } = options;
    const rom = planHardware(model, { name: 'dut', macs: 16, ...rest });
    expect(prediction.cyclesPerFrame).toBe(rom.prediction.cyclesPerFrame);
    expectExact(await simulate(hardware, model, { frames: 24, protocol: true }));
  });
});
