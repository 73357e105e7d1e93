import { describe, expect, it } from 'vitest';
import { valuePoints } from '../../../generator/network/compress/value-points.js';
import type { FloatLayer, FloatModel } from '../../../generator/network/float/model.js';
import { refusal } from '../../support/refusal.js';

const words = { weight: 6, activation: 13, cell: 16, bias: 16 };

/** Layers of those cells, each reading what `from` says; only names and cells matter here. */
function modelOf(
  ...layers: readonly [cell: FloatLayer['cell'], from?: readonly number[]][]
): FloatModel {
  const tensor = (name: string) => ({ name, values: new Float64Array(1) });
  return {
    layers: layers.map(([cell, from], l) => ({
      ...{ cell, inputs: 1, cells: 1, x: tensor(`w${l}`), h: null, bias: tensor(`b${l}`) },
      ...(from && { from }),
    })),
    output: null,
  };
}

/** Points of the values of layers that say their own, in order; 12 is h of an LSTM in words of 13 bits. */
const pointsOf = (model: FloatModel, ...own: readonly number[]) =>
  valuePoints(model, words, { value: (l) => own[l] as number, state: () => 14 }, 'net');

describe('binary points of values', () => {
  it('are those of each layer where nothing stands side by side', () => {
    const model = modelOf(['lstm'], ['dense-linear'], ['rnn-relu']);
    expect(pointsOf(model, 0, 10, 9)).toEqual([12, 10, 9]);
  });

  it('side by side are the coarsest of all', () => {
    const model = modelOf(['dense-linear'], ['rnn-relu'], ['lstm', [0, 1]]);
    expect(pointsOf(model, 11, 8, 0)).toEqual([8, 8, 12]);
  });

  it('beside h of an LSTM are those of h, where the values are below one', () => {
    const model = modelOf(['lstm'], ['dense-linear'], ['dense-tanh', [0, 1]]);
    expect(pointsOf(model, 0, 14, 0)).toEqual([12, 12, 12]);
  });

  it('follow from one join to the next', () => {
    const model = modelOf(
      ['dense-linear'],
      ['dense-linear'],
      ['dense-linear'],
      ['dense-tanh', [0, 1]],
      ['dense-tanh', [1, 2]],
    );
    expect(pointsOf(model, 11, 10, 7, 0, 0).slice(0, 3)).toEqual([7, 7, 7]);
  });

  it('are refused beside h where the values are larger', () => {
    const model = modelOf(['lstm'], ['dense-linear'], ['dense-tanh', [0, 1]]);
    const report = refusal(() => pointsOf(model, 0, 10, 0));
    expect(report).toMatchObject({
      code: 'SIDE_BY_SIDE',
      file: 'net',
      field: 'layer 0 (w0) and layer 1 (w1)',
    });
    expect(report.expected).toContain('values within [-1, 1), as those of layer 0 (w0)');
  });

  it('are refused of the input frame beside a layer', () => {
    const model = modelOf(['lstm'], ['dense-tanh', [-1, 0]]);
    expect(refusal(() => pointsOf(model, 0, 0))).toMatchObject({
      code: 'SIDE_BY_SIDE',
      got: 'the input frame beside a layer',
    });
  });
});
