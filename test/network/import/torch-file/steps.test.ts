import { describe, expect, it } from 'vitest';
import { emitsLast } from '../../../../generator/network/import/imported.js';
import { refusal } from '../../../support/refusal.js';
import { agrees, read } from '../support/torch-layers.js';

const shapes = (name: string) => {
  const { layers, output } = read(name).model;
  const own = layers.map(({ cell, inputs, cells }) => `${cell} ${inputs} ${cells}`);
  return output === null ? own : [...own, `output ${output.inputs} ${output.outputs}`];
};

describe('files of torch that show the way through the network compute what torch computes', () => {
  it.each([
    'mixed-script.pt',
    'mixed-trace.pt',
    'last-script.pt',
    'last-trace.pt',
    'sequence.pt',
    'sequence-script.pt',
    'sequence-trace.pt',
  ])('%s', (name) => {
    agrees(name);
    expect(read(name).leftOut.filter(({ kind }) => kind === 'tensor')).toEqual([]);
  });

  it.each(['mixed-script.pt', 'mixed-trace.pt'])('%s: the layers', (name) => {
    expect(shapes(name)).toEqual([
      'dense-linear 3 4',
      'lstm 4 5',
      'dense-linear 5 3',
      'lstm 3 5',
      'dense-linear 5 3',
      'dense-tanh 3 6',
      'gru 6 4',
      'dense-linear 4 4',
      'dense-linear 4 3',
      'dense-linear 3 2',
    ]);
    const ranges = read(name).model.layers.flatMap(({ range }) => range ?? []);
    expect(ranges).toEqual([
      { low: 0, high: Number.POSITIVE_INFINITY },
      { low: -2, high: 0.5 },
      { low: 0, high: 1 },
      { low: 0, high: 6 },
    ]);
  });

  it('norms go into the layers, and a function at the end is left out', () => {
    for (const name of ['sequence.pt', 'sequence-script.pt', 'sequence-trace.pt']) {
      expect(shapes(name)).toEqual(['dense-tanh 3 5', 'dense-sigmoid 5 4', 'output 4 2']);
      const notes = read(name).notes.join('\n');
      expect(notes).toContain('batch norm 0 is folded into 1.0 with eps 0.01\n');
      expect(notes).toContain('batch norm 1.1 is folded into 1.0 with eps 0.02\n');
      expect(notes).toContain('at the end is left out: the largest output stays the largest');
    }
  });

  it('and says which way it is', () => {
    expect(read('last-trace.pt').notes).toEqual([
      'a whole module of the class Last, whose code is not executed',
      'the network takes x, h: in hardware h and c stay inside, and are zero at the start of an utterance',
      'the file shows the way from the frames to the outputs: rnn, fc1, clamp, fc2, softmax',
      'layer 0, rnn, is an RNN with relu, as the file says',
      'softmax at the end is left out: the largest output stays the largest',
      'the file computes the last frame only, the hardware every frame',
    ]);
    expect(emitsLast(read('last-trace.pt'))).toBe(true);
    expect(emitsLast(read('sequence.pt'))).toBe(false);
  });
});

describe('what is no way of known steps is not taken', () => {
  it.each(['spent.pt', 'residual.pt', 'branched.pt', 'leaky.pt', 'hooked.pt'])('%s', (name) => {
    expect(refusal(() => read(name)).code).toBe('NOT_AN_LSTM');
  });
});
