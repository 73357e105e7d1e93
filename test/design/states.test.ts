import { describe, expect, test } from 'vitest';
import type { DesignOptions } from '../../generator/accelerator/index.js';
import { type RandomOptions, randomModel } from '../../generator/network/random.js';
import { STANDARD_WORDS } from '../support/kws.js';
import { plusargMutants } from './support/plusarg-mutants.js';
import { races, refusals } from './support/races.js';
import { sleeps, slept } from './support/sleeping.js';

const SEED = Number(process.env.HCGS_SEED ?? 1);

const SKEWED = [{ kind: 'mask', rate: 4, balance: 'skewed' }] as const;

const drawn = (more: Partial<RandomOptions> = {}) =>
  randomModel({
    ...{ inputs: 5, hidden: [16, 8], outputs: 3, sharing: 'shared', seed: SEED },
    words: STANDARD_WORDS,
    patterns: [{ kind: 'hcgs', blocks: [4], keep: [{ k: 1, n: 2 }] }],
    ...more,
  });

describe('an utterance that sleeps goes on as if it had not', () => {
  test.each<[string, Partial<DesignOptions>, Partial<RandomOptions>]>([
    ['LSTM', { cellLanes: 4 }, {}],
    ['one cell at a time, short', { cellLanes: 1, pipeline: 'short', tileColumns: 4 }, {}],
    ['time-multiplexed, loaded', { cellCycles: 18, weights: 'loaded' }, {}],
    ['GRU, three streams', { streams: 3, cellLanes: 2 }, { cell: 'gru' }],
    ['GRU in two passes', {}, { cell: 'gru-before' }],
    ['projection, four streams', { streams: 4 }, { projection: [8, 4] }],
    [
      'RNN, values alone, in another order',
      { array: 'sets', cellLanes: 2 },
      { cell: 'rnn-tanh', patterns: SKEWED },
    ],
    ['queues', { array: 'queues' }, { patterns: SKEWED }],
  ])('%s', async (title, options, more) => {
    const model = drawn(more);
    const made = await slept(model, options);
    expect(made.orders !== null).toBe(title.endsWith('another order'));
    expect(sleeps(made, model)).toEqual([]);
    made.board.remove();
  });
});

/** What a fault in the hardware of states could be; the first of a file stands as `mutant == 1` in it. */
const FAULTS = [
  ['the other buffer of h', 'state_access', 'own_odd = odd', 'own_odd = odd ^ MUTANT'],
  [
    'an index that stays',
    'registers',
    /state_index \+ (\d+'d1);/,
    'state_index + (MUTANT ? 0 : $1);',
  ],
  ['zeros behind a restore', 'frame_input', 'if (restored)', 'if (restored && !MUTANT)'],
  [
    'zeros in the cycle of a restore',
    'frame_input',
    'pending && !restored',
    'pending && !(restored && !MUTANT)',
  ],
  ['a frame that does not go first', 'state_access', 'rst || busy', 'rst || (busy && !MUTANT)'],
  ['reads of zeros', 'core', /(memories_zero = .*)!states_active/, '$1(!states_active || MUTANT)'],
  [
    'reads of the input',
    'core',
    /(memories_from_input = .*)!states_active/,
    '$1(!states_active || MUTANT)',
  ],
  ['reads that are masked', 'core', /\{(\d+)\{states_active\}\}/, '{$1{states_active && !MUTANT}}'],
  ['c that is not written', 'cell_update', '|| state_write', '|| (state_write && !MUTANT)'],
  [
    'c of the step',
    'cell_update',
    'state_active ? state_data',
    '(state_active && !MUTANT) ? state_data',
  ],
  ['words that begin anywhere', 'state_access', '!in_order', '!(in_order || MUTANT)'],
  ['numbers that are cut off', 'state_access', 'beyond ?', '(beyond && !MUTANT) ?'],
  ['states behind the last', 'state_access', '!known ?', '(!known && !MUTANT) ?'],
  [
    'a read that ends too soon',
    'state_access',
    /left <= (\d'd)(\d);/,
    "left <= $1$2 - (MUTANT ? 3'd1 : 3'd0);",
  ],
  [
    'a copy of h that is not written',
    'activation_memory',
    /(u_h .*\n(?:.*\n){1,20}?.*\.write_enable +\()h_write\)/,
    '$1h_write && !(MUTANT && stream == 1 && dut.u_core.states_active))',
  ],
  ['a part of a word', 'registers', /part_of_state \|\|/, '(part_of_state && !MUTANT) ||'],
  [
    'a cause that stays',
    'registers',
    /(moved\) begin(?:.*\n){1,6}?.*state_refusal <= )3'd0/,
    "$1MUTANT ? state_refusal : 3'd0",
  ],
] as const;

describe('what comes at a bad moment, and what is no state', () => {
  test('is refused, and disturbs no frame; a fault anywhere is seen', async () => {
    // no layer behind the recurrent one, and a last tile in the word of values that is not full
    const model = drawn({
      ...{ hidden: [10], outputs: 0, sharing: 'per-gate' },
      patterns: [{ kind: 'hcgs', blocks: [4], keep: [{ k: 1, n: 4 }] }],
    });
    const mutants = plusargMutants(FAULTS);
    const made = await slept(
      model,
      { macs: 32, cellLanes: 2, streamLanes: 8, tileColumns: 4 },
      mutants.edit,
    );
    mutants.check();
    const errors = (args: readonly string[]) => [
      ...sleeps(made, model, args),
      ...refusals(made, model, args),
      ...races(made, model, args),
    ];
    expect(errors([])).toEqual([]);
    const unseen = FAULTS.filter((_, n) => errors([`+mutant=${n + 1}`]).length === 0);
    expect(unseen.map(([what]) => what)).toEqual([]);
    made.board.remove();
  });
});
