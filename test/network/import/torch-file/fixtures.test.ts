import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { FloatNetwork } from '../../../../generator/network/float/run.js';
import { contentsOf, importNetwork } from '../../../../generator/network/import/import.js';
import { refusal } from '../../../support/refusal.js';

const folder = 'test/network/import/files/torch/';
const bytesOf = (name: string) => readFileSync(folder + name);
const read = (name: string, ...map: string[]) => importNetwork(bytesOf(name), name, { map });
const refused = (name: string, ...map: string[]) => refusal(() => read(name, ...map));
const { frames, outputs } = JSON.parse(readFileSync(`${folder}expected.json`, 'utf8')) as {
  readonly frames: readonly (readonly number[][])[];
  readonly outputs: Readonly<Record<string, readonly (readonly number[][])[]>>;
};

/** What the network as read computes for the frames that torch has had. */
function computed(name: string, ...map: string[]): number[][][] {
  const network = new FloatNetwork(read(name, ...map).model);
  return frames.map((utterance) => {
    network.reset();
    return utterance.map((frame) => [...network.step(Float64Array.from(frame)).outputs]);
  });
}

/** Sums less the logarithm of the sum of their exponentials. */
const logSoftmax = (sums: readonly number[]): number[] => {
  const all = Math.log(sums.reduce((sum, one) => sum + Math.exp(one), 0));
  return sums.map((one) => one - all);
};

function agree(own: readonly number[][][], theirs: readonly (readonly number[][])[] | undefined) {
  const [a, b] = [own, theirs ?? []].map((one) => one.flat(2));
  expect(a).toHaveLength(frames.length * 6 * 2);
  expect(b).toHaveLength(a?.length ?? 0);
  a?.forEach((value, i) => {
    expect(Math.abs(value - (b?.[i] as number))).toBeLessThan(1e-6);
  });
}

describe('files of torch compute what torch computes', () => {
  it.each([
    'zip.pt',
    'legacy.pt',
    'protocol4.pt',
    'module.pt',
    'script.pt',
    'trace.pt',
    'checkpoint.pt',
    'parts.pt',
    'views.pt',
    'half.pt',
    'bfloat16.pt',
    'double.pt',
    'numpy.pt',
    'weight-norm.pt',
    'weight-norm-module.pt',
  ])('%s, without --map', (name) => {
    agree(computed(name), outputs[name]);
    expect(read(name).format).toBe('pytorch');
  });

  it.each(['model', 'ema'])('two.pt, the network that --map state=%s names', (state) => {
    agree(computed('two.pt', `state=${state}`), outputs[`two.pt ${state}`]);
  });

  it('a whole module tells eps of a norm, and what stands behind its head in a sequence', () => {
    agree(
      computed('module-norm.pt', 'norm=bn').map((one) => one.map(logSoftmax)),
      outputs['module-norm.pt'],
    );
    const { notes, leftOut } = read('module-norm.pt', 'norm=bn');
    expect(notes.join()).toContain('folded into layer 0, before which it stands with eps 0.01');
    expect(notes.join()).not.toContain('norm.eps');
    expect(notes).toContain('head.2 behind it is left out: the largest output stays the largest');
    expect(leftOut).toEqual([
      { kind: 'node', name: 'head.2', what: 'LogSoftmax' },
      { kind: 'node', name: 'head.0', what: 'Dropout' },
    ]);
  });
});

describe('what is said of a file of torch', () => {
  it('a checkpoint: which entry is taken, and what stands beside it', () => {
    const { notes, taken, leftOut } = read('checkpoint.pt');
    expect(notes[0]).toBe('the network is model_state_dict of the file');
    expect(notes[1]).toBe(
      'beside it in the file, not looked at: epoch, args, best, rng, optimizer_state_dict',
    );
    expect(taken).toHaveLength(6);
    expect(leftOut).toEqual([]);
  });

  it('a state_dict: modules without weights, by the names that torch keeps', () => {
    expect(read('zip.pt').leftOut).toEqual([
      { kind: 'node', name: 'drop', what: 'module without weights' },
    ]);
  });

  it('a module: its class', () => {
    expect(read('module.pt').notes[0]).toBe(
      'a whole module of the class __main__.Tagger, whose code is not executed',
    );
    expect(read('trace.pt').notes[0]).toContain('of the class Scripted,');
  });

  it('the contents of what is refused', () => {
    expect(contentsOf(bytesOf('two.pt'), 'two.pt').map(({ name }) => name)).toEqual([
      'model.lstm',
      'model.fc.bias',
      'model.fc.weight',
      'model.drop',
      'ema.lstm',
      'ema.fc.bias',
      'ema.fc.weight',
      'ema.drop',
    ]);
    expect(contentsOf(bytesOf('sparse.pt'), 'f')).toContainEqual({
      name: 'mask',
      what: 'a sparse tensor',
    });
    expect(contentsOf(bytesOf('weight-norm.pt'), 'f')[0]).toEqual({
      name: 'lstm',
      what: 'LSTM, 3 inputs, 4 cells',
    });
  });
});

describe('refused, by name', () => {
  it.each<[name: string, code: string, field: string, got: string]>([
    ['two.pt', 'TORCH_SEVERAL', 'state_dict', 'several with other values: model (6 tensors), ema'],
    ['module-relu.pt', 'MODULE_UNKNOWN', 'act', 'act (ReLU)'],
    ['module-hook.pt', 'MODULE_UNKNOWN', 'lstm._forward_hooks', 'hook of a function'],
    ['trace-tanh.pt', 'MODULE_UNKNOWN', 'torch.tanh', 'torch.tanh (in the code)'],
    ['sparse.pt', 'TENSOR_UNSUPPORTED', 'mask', 'a sparse tensor'],
    ['quantised.pt', 'TENSOR_UNSUPPORTED', 'scale', 'a quantised tensor'],
    ['complex.pt', 'TENSOR_UNSUPPORTED', 'c', 'complex128 [2]'],
    [
      'spectral.pt',
      'LSTM_UNSUPPORTED',
      'lstm.parametrizations.weight_hh_l0.original',
      'a spectral norm',
    ],
  ])('%s', (name, code, field, got) => {
    const report = refused(name);
    expect(report).toMatchObject({ code, field, file: name });
    expect(report.got).toContain(got);
  });

  it('and settled by --map', () => {
    for (const map of ['outside=act', 'fc=fc']) {
      const { model, notes } = read('module-relu.pt', map);
      expect(model.output).not.toBeNull();
      expect(notes).toContain('outside of the hardware, as --map says: act (ReLU)');
    }
    const none = read('module-relu.pt', 'fc=none');
    expect([none.model.output, none.headLeftOut]).toEqual([null, true]);
    const sparse = read('sparse.pt', 'outside=mask');
    expect(sparse.leftOut).toEqual([{ kind: 'tensor', name: 'mask', what: 'a sparse tensor' }]);
  });

  it('a map that does not fit', () => {
    const report = refused('two.pt', 'state=teacher');
    expect(report).toMatchObject({ code: 'BAD_MAP', got: 'teacher' });
    expect(report.expected).toContain('model (6 tensors), ema (6 tensors)');
    expect(refused('zip.pt', 'frames=x').code).toBe('BAD_MAP');
  });
});
