import { describe, expect, test } from 'vitest';
import { planDesign } from '../../generator/accelerator/index.js';
import type { Model } from '../../generator/network/model.js';
import { type RandomOptions, randomModel } from '../../generator/network/random.js';
import { simulate } from '../support/simulate.js';
import { utterancesUpTo } from './support/whole-utterances.js';

const drawn = (options: Partial<RandomOptions>) =>
  randomModel({
    ...{ inputs: 5, hidden: [8], outputs: 3, sharing: 'shared', seed: 1, patterns: [null] },
    words: { weight: 6, activation: 13, cell: 16, bias: 16 },
    ...options,
  });
const both = drawn({ bidirectional: 'concat' });
const projected = drawn({ projection: [4] });
/** An LSTM with a projection that runs backward, its values in the order of the steps. */
const turned: Model = {
  ...projected,
  passes: projected.passes.map((pass, n) =>
    n < 2 ? { ...pass, direction: 'backward', aligned: false } : pass,
  ),
};

const WAIT = /\{\{2\{1'b0\}\}, layer\[\d+:\d+\]\} < in_flight/;

describe('a design of whole utterances that is broken by hand is caught:', () => {
  test.each([
    ['one visit more may be under way', both, 'sequencer', WAIT, "6'd1 + $&"],
    ['one visit fewer may be', both, 'sequencer', WAIT, "6'd0 < in_flight"],
    [
      'a segment does not wait',
      both,
      'sequencer',
      /wire segment_wait = .*;/,
      "wire segment_wait = 1'b0;",
    ],
    ['it waits in every step', both, 'sequencer', 'layer[8] && restart', 'layer[8]'],
    [
      'a backward step reads the step before at the frame before',
      both,
      'sequencer',
      "goes_down ? next_frame + 1'b1 :",
      "1'b0 ? next_frame :",
    ],
    [
      'values of a backward layer stand in the order of its steps',
      both,
      'sequencer',
      /next_layer\[\d+\] \? next_step/,
      "1'b1 ? next_step",
    ],
    [
      'values in the order of the steps stand at their frames',
      turned,
      'sequencer',
      /next_layer\[\d+\] \? next_step/,
      "1'b0 ? next_step",
    ],
    [
      'what its own step wrote is read at its frame',
      turned,
      'sequencer',
      /wire of_step = .*;/,
      "wire of_step = 1'b0;",
    ],
    [
      'the input is released in the first step',
      both,
      'sequencer',
      'input_done && last_step',
      'input_done',
    ],
    [
      'both utterances are read from one buffer',
      both,
      'sequencer',
      'x_buffer <= !x_buffer',
      "x_buffer <= 1'b0",
    ],
    [
      'a step begins with the layer behind',
      both,
      'sequencer',
      /step_ended \?\s+segment/,
      'step_ended ? fetch',
    ],
    [
      'the first step reads what the utterance before left',
      both,
      'sequencer',
      'assign zero = restart &&',
      "assign zero = 1'b0 &&",
    ],
    [
      'an utterance ends with its first step',
      both,
      'sequencer',
      'final_visit <= segment_ended &&',
      'final_visit <=',
    ],
    [
      'every frame is the last one',
      both,
      'sequencer',
      'emits <= next_frame == visit_last',
      "emits <= 1'b1",
    ],
    [
      'values are written where the visit behind writes',
      both,
      'core',
      /step_place <= .*;/,
      'step_place <= write_place;',
    ],
    [
      'a frame has the mark of another one',
      both,
      'core',
      'write_last    (output_marks[1])',
      'write_last    (output_marks[0])',
    ],
    [
      'an utterance is over with its first output frame',
      both,
      'core',
      /(\) u_busy \(|dut_busy_counter u_busy \()([\s\S]*?\.sent *\()[^)]*\)/,
      '$1$2output_taken)',
    ],
  ] as const)('%s', async (_, model, block, from, to) => {
    const { configuration } = planDesign(model, {
      ...{ name: 'dut', macs: 32, order: 'sequence', maxFrames: 5 },
    });
    let changed = false;
    const result = await simulate(configuration, model, {
      ...{ sequence: utterancesUpTo(5, model, 2), protocol: true },
      mutate: (file, text) => {
        if (file !== `dut_${block}.v`) return text;
        const edited = text.replace(from, to);
        changed ||= edited !== text;
        return edited;
      },
    });
    expect(changed).toBe(true);
    const { measured, predicted } = result.frameCycles ?? { measured: [], predicted: [] };
    const late = measured.find((cycle, n) => cycle !== predicted[n]);
    const found = result.firstMismatch ?? result.complaints[0] ?? late;
    expect(found ?? result.protocol?.complaints[0]).toBeDefined();
  });
});
