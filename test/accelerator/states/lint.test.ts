import { describe, expect, test } from 'vitest';
import { emitVerilog, hardwareImages, planHardware } from '../../../generator/accelerator/index.js';
import type { DesignOptions } from '../../../generator/accelerator/plan/options.js';
import { atOnce } from '../../../generator/base/steps.js';
import { type RandomOptions, randomModel } from '../../../generator/network/random.js';
import { STANDARD_WORDS } from '../../support/kws.js';
import { CLEAN, lint } from '../../support/lint.js';
import { newerLinters } from '../../support/newer-linters.js';

const drawn = (more: Partial<RandomOptions> = {}) =>
  randomModel({
    ...{ inputs: 5, hidden: [16, 8], outputs: 3, sharing: 'shared', seed: 3 },
    words: STANDARD_WORDS,
    patterns: [{ kind: 'hcgs', blocks: [4], keep: [{ k: 1, n: 2 }] }],
    ...more,
  });

describe('the Verilog of designs whose states a bus reaches', () => {
  test.each<[string, Partial<DesignOptions>, Partial<RandomOptions>]>([
    ['models in ROMs', {}, {}],
    [
      'one cell at a time, numbers in place of parameters',
      { cellLanes: 1, style: 'specialised' },
      {},
    ],
    ['three streams, loaded', { streams: 3, weights: 'loaded' }, {}],
    ['short', { pipeline: 'short', streamLanes: 4 }, {}],
    ['values alone', {}, { cell: 'rnn-relu' }],
  ])('%s lints without a warning', async (_title, options, more) => {
    const model = drawn(more);
    const { hardware, cuts } = planHardware(model, {
      ...{ name: 'dut', macs: 16, bus: 'axi4lite', busStates: true, ...options },
    });
    const images = atOnce(hardwareImages(hardware, model, cuts));
    const files = new Map([...emitVerilog(hardware), ...images]);
    expect(await lint(files, 'dut', {}, newerLinters())).toEqual(CLEAN);
  });
});
