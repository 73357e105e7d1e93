import { expect, it } from 'vitest';
import { atOnce } from '../../../generator/base/steps.js';
import { floatOutputSteps } from '../../../generator/network/float/outputs.js';
import { floatSteps } from '../../../generator/network/float/run.js';
import { randomFloat, realFrames } from '../../support/float-models.js';
import { refusal } from '../../support/refusal.js';

it('frames with which a network would clip its cell state are refused, others run as they do without a clip', () => {
  const model = randomFloat({ inputs: 3, cells: [5], outputs: 2 }, 41);
  const frames = realFrames({ utterances: 2, frames: 20, inputs: 3 }, 42);
  let largest = 0;
  const watch: Parameters<typeof floatSteps>[2] = ({ layers }) => {
    for (const { c } of layers) largest = Math.max(largest, ...c.map(Math.abs));
  };
  atOnce(floatSteps(model, frames, watch));
  const run = (cellClip?: number) => atOnce(floatOutputSteps({ ...model, cellClip }, frames));
  expect(run(largest * 1.001)).toEqual(run());
  expect(refusal(() => run(largest))).toMatchObject({ code: 'CELL_CLIP', field: 'c of layer 0' });
});
