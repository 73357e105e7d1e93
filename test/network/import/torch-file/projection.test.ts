import { describe, expect, it } from 'vitest';
import { importNetwork } from '../../../../generator/network/import/import.js';
import { refusal } from '../../../support/refusal.js';
import { agrees, bytesOf, read } from '../support/torch-layers.js';

describe('LSTM with projection computes what torch computes', () => {
  it.each([
    ['projection.safetensors'],
    ['projection.pt'],
    ['projection-module.pt'],
    ['projection-script.pt'],
    ['projection-trace.pt'],
    ['projection-bare.safetensors'],
    ['projection-initial.safetensors', 'initial=h0,c0'],
  ])('%s', (name, ...map) => {
    agrees(name, ...map);
  });

  it('as an LSTM that reads what the layer behind it has written', () => {
    const { model, notes, leftOut } = read('projection.pt');
    expect(
      model.layers.map(({ cell, inputs, cells, loop }) => [cell, inputs, cells, loop]),
    ).toEqual([
      ['lstm', 3, 5, 1],
      ['dense-linear', 5, 2, undefined],
      ['lstm', 2, 5, 1],
      ['dense-linear', 5, 2, undefined],
    ]);
    expect(model.output).toMatchObject({ inputs: 2, outputs: 4 });
    expect(leftOut).toEqual([]);
    expect(notes).toContain(
      'layer 1 is projected to 2 values by lstm.weight_hr_l1, a layer of its own in hardware',
    );
  });

  it('with tensors that the user names', () => {
    const parts = ['weight_ih', 'weight_hh', 'weight_hr', 'bias_ih', 'bias_hh'];
    agrees(
      'projection.safetensors',
      ...parts.map((part) => `lstm.${part}_l0=lstm.${part}_l0`),
      'fc=fc',
    );
  });

  it('but for states of other lengths', () => {
    const name = 'projection-initial.safetensors';
    const report = refusal(() => importNetwork(bytesOf(name), name, { map: ['initial=c0,h0'] }));
    expect(report).toMatchObject({ code: 'TENSOR_SHAPE', field: 'c0', got: '[2, 1, 5]' });
  });
});
