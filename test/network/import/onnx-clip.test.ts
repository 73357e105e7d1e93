import { describe, expect, it } from 'vitest';
import { Random } from '../../../generator/base/random.js';
import { FloatNetwork } from '../../../generator/network/float/run.js';
import { importNetwork } from '../../../generator/network/import/import.js';
import type { Imported } from '../../../generator/network/import/imported.js';
import { onnxFile, tensor } from '../../support/onnx.js';
import { refusal } from '../../support/refusal.js';
import { disagreement } from './support/agreement.js';
import { cellNode } from './support/cell-graph.js';
import { randomCell } from './support/cell-reference.js';
import { graphOf, lstm, type Parts } from './support/lstm-graph.js';
import { randomLayer } from './support/lstm-reference.js';
import { parts } from './support/standard-network.js';

const random = new Random(61);
const numbers = (count: number) =>
  Array.from({ length: count }, () => random.between(-99, 99) / 32);
const peepholes = parts([], { P0: tensor([1, 12], numbers(12)) });
// from a state that is beyond the clip
const start = parts([], {
  h0: tensor([1, 1, 4], numbers(4)),
  c0: tensor([1, 1, 4], [3, -3, 0.25, -2]),
});
const layer = randomLayer(random, 5, 4);
const gru = randomCell(random, 'gru', 5, 4);

type Make = (attributes: object) => readonly Parts[];
const KINDS: readonly (readonly [string, Make])[] = [
  ['an LSTM', (attributes) => [lstm(layer, 0, 'x', { attributes: { ...attributes } })]],
  [
    'an LSTM with peepholes from a given state',
    (attributes) => {
      const inputs = ['', 'h0', 'c0', 'P0'];
      return [peepholes, start, lstm(layer, 0, 'x', { attributes: { ...attributes }, inputs })];
    },
  ],
  [
    'an LSTM with a coupled forget gate',
    (attributes) => [
      lstm(layer, 0, 'x', { attributes: { ...attributes, input_forget: 1 }, bias: false }),
    ],
  ],
  [
    'an LSTM with hard sigmoids',
    (attributes) => {
      const activations = ['HardSigmoid', 'Tanh', 'Tanh'];
      return [lstm(layer, 0, 'x', { attributes: { ...attributes, activations } })];
    },
  ],
  ['a GRU', (attributes) => [cellNode(gru, 0, 'x', { attributes: { ...attributes } })]],
  [
    'a GRU with the reset before the product',
    (attributes) => {
      const own = { ...gru, reset: 'before' } as const;
      return [cellNode(own, 0, 'x', { attributes: { ...attributes } })];
    },
  ],
  ...(['rnn-tanh', 'rnn-relu'] as const).map((cell): readonly [string, Make] => {
    const own = randomCell(random, cell, 5, 4);
    return [cell, (attributes) => [cellNode(own, 0, 'x', { attributes: { ...attributes } })]];
  }),
];

const graphWith = (made: readonly Parts[]) => graphOf(made, { outputs: ['Y_0'], batch: 1 });
const read = (made: readonly Parts[]): Imported =>
  importNetwork(onnxFile(graphWith(made)), 'net.onnx');

/** Outputs of the imported network on frames that reach the clip. */
function outputsOf({ model }: Imported): readonly (readonly number[])[] {
  const own = new Random(4);
  const network = new FloatNetwork(model);
  return Array.from({ length: 9 }, () => [
    ...network.step(Float64Array.from({ length: 5 }, () => 2 * own.unit() - 1)).outputs,
  ]);
}

describe.each(KINDS)('clip of %s', (_, make) => {
  it.each([0.3, 1, 2.5])('at %d is as ONNX Runtime has it', async (clip) => {
    const made = make({ clip: { float: Math.fround(clip) } });
    const imported = read(made);
    expect(imported.notes.join('\n')).toContain(`${Math.fround(clip)} (clip)`);
    const far = await disagreement(
      onnxFile(graphWith(made)),
      imported,
      { x: [9, 1, 5] },
      { limit: 1e-5 },
    );
    expect(far).toBeNull();
    if (clip < 1) expect(outputsOf(imported)).not.toEqual(outputsOf(read(make({}))));
  });

  it('far away changes nothing', () => {
    const far = read(make({ clip: { float: 1000 } }));
    expect(outputsOf(far)).toEqual(outputsOf(read(make({}))));
  });

  it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])('at %d is refused', (clip) => {
    const report = refusal(() => read(make({ clip: { float: clip } })));
    expect(report).toMatchObject({ code: 'LSTM_UNSUPPORTED', got: `${clip}` });
    expect(report.field).toMatch(/^(lstm|cell)_0\.clip$/);
  });
});
