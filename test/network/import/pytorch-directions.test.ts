import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type FloatModel, sourcesOf } from '../../../generator/network/float/model.js';
import {
  readSafetensors,
  writeSafetensors,
} from '../../../generator/network/formats/safetensors.js';
import { contentsOf, importNetwork } from '../../../generator/network/import/import.js';
import type { Imported, ImportOptions } from '../../../generator/network/import/imported.js';
import { runBothWays } from '../../support/both-ways.js';
import { refusal } from '../../support/refusal.js';

const folder = 'test/network/import/files/torch-directions/';
type Outputs = Readonly<Record<string, readonly unknown[]>>;
const { frames, every, last } = JSON.parse(readFileSync(`${folder}expected.json`, 'utf8')) as {
  readonly frames: readonly (readonly number[])[][];
  readonly every: Outputs;
  readonly last: Outputs;
};

const bytesOf = (name: string) => readFileSync(folder + name);
const read = (name: string, options: ImportOptions = {}): Imported =>
  importNetwork(bytesOf(name), name, options);

/** The network computes what torch has computed with it, of every frame or of the last one, to 1e-6. */
function agrees({ model }: Imported, theirs: readonly unknown[] | undefined, at: 'every' | 'last') {
  const far = frames.map((utterance, u) => {
    const { outputs } = runBothWays(model, utterance);
    const own = (at === 'every' ? outputs : outputs.slice(-1)).flat();
    const known = [theirs?.[u]].flat(2) as number[];
    expect(own).toHaveLength(known.length);
    return Math.max(...own.map((one, i) => Math.abs(one - (known[i] as number))));
  });
  expect(Math.max(...far)).toBeLessThan(1e-6);
}

/** Cells of the layers, `<` where they run backward, `!` where their values stand in the order of steps, and what they read. */
const shown = (model: FloatModel) =>
  model.layers.map(({ cell, direction, aligned }, l) => {
    const marks = `${direction ? '<' : ''}${aligned === false ? '!' : ''}`;
    return `${cell}${marks} ${sourcesOf(model, l).join()}`;
  });

describe('a state_dict of two directions', () => {
  it.each<[string, ImportOptions]>([
    ['lstm.safetensors', {}],
    ['lstm-module.pt', {}],
    ['bare.safetensors', {}],
    ['relu.safetensors', { nonlinearity: 'relu' }],
    ['projection.safetensors', {}],
    ['initial.safetensors', { map: ['initial=h0,c0'] }],
    ['half.safetensors', { merge: 'sum' }],
  ])('%s computes what torch does', (name, options) => {
    agrees(read(name, options), every[name], 'every');
  });

  it('becomes layers side by side, of which the next layer reads both', () => {
    const { model, notes, lastFrame } = read('lstm.safetensors');
    expect(shown(model)).toEqual(['lstm -1', 'lstm< -1', 'lstm 0,1', 'lstm< 0,1']);
    expect(model.output).toMatchObject({ from: [2, 3], inputs: 8 });
    expect(lastFrame).toBeUndefined();
    expect(notes.join('\n')).toContain('--backward final has what it makes of the first one');
  });

  it('with a projection has its own loop in each direction', () => {
    const { model } = read('projection.safetensors');
    expect(shown(model).slice(0, 4)).toEqual([
      'lstm -1',
      'dense-linear 0',
      'lstm< -1',
      'dense-linear< 2',
    ]);
    expect(model.layers.map(({ loop = 0 }) => loop)).toEqual([1, 0, 1, 0, 1, 0, 1, 0]);
  });

  it('has the final state of the backward direction with --backward final', () => {
    const imported = read('lstm.safetensors', { backward: 'final' });
    expect(shown(imported.model).at(-1)).toBe('lstm<! 0,1');
    expect(imported.lastFrame).toBe(true);
    const note = 'outputs of other frames than the last one of an utterance mean nothing';
    expect(imported.notes.join('\n')).toContain(note);
    expect(read('last-trace.pt').notes.join('\n')).not.toContain(note);
    agrees(imported, last['lstm.safetensors'], 'last');
    const aligned = read('lstm.safetensors', { backward: 'aligned' });
    expect(aligned.model).toEqual(read('lstm.safetensors').model);
    expect(aligned.notes.join('\n')).toContain('as --backward aligned says');
  });

  it('that ends without a layer is copied by the identity, in blocks', () => {
    const { model, notes } = read('bare.safetensors');
    const copy = model.layers.at(-1);
    expect(shown(model)).toEqual(['gru -1', 'gru< -1', 'dense-linear 0,1']);
    expect(copy).toMatchObject({ inputs: 8, cells: 8, h: null });
    expect(copy?.x.kept?.filter((one) => one === 1)).toHaveLength(2 * 4 * 4);
    expect(notes.join('\n')).toContain('identity matrix, which keeps 32 weights for 8 values');
    const sum = read('bare.safetensors', { merge: 'sum' }).model;
    agrees(
      { model: sum } as Imported,
      every['bare.safetensors']?.map((utterance) =>
        (utterance as number[][]).map((frame) =>
          frame.slice(0, 4).map((one, i) => one + (frame[i + 4] as number)),
        ),
      ),
      'every',
    );
  });

  it('whose head has the inputs of one direction is asked about', () => {
    const report = refusal(() => read('half.safetensors'));
    expect(report).toMatchObject({ code: 'DIRECTIONS', field: 'fc.weight' });
    expect(report.expected).toContain('--merge sum or --merge ave');
    expect(refusal(() => read('half.safetensors', { merge: 'concat' })).code).toBe('DIRECTIONS');
    const values = ({ model }: Imported) => runBothWays(model, frames[0] ?? []).outputs.flat();
    const of = (merge: ImportOptions['merge']) => values(read('half.safetensors', { merge }));
    const [sum, ave, forward, backward] = [of('sum'), of('ave'), of('forward'), of('backward')];
    const bias = read('half.safetensors', { merge: 'sum' }).model.output?.bias.values ?? [];
    const without = (all: number[]) => all.map((one, i) => one - (bias[i % bias.length] as number));
    const [s, a, f, b] = [sum, ave, forward, backward].map(without) as number[][];
    s?.forEach((one, i) => {
      expect(one).toBeCloseTo((f?.[i] as number) + (b?.[i] as number), 12);
      expect(one).toBeCloseTo(2 * (a?.[i] as number), 12);
    });
  });

  it('of which one direction is read has no hardware for the other', () => {
    const { model, leftOut, taken, notes } = read('half.safetensors', { merge: 'backward' });
    expect(shown(model)).toEqual(['gru< -1']);
    expect(leftOut.map(({ name }) => name).sort()).toEqual([
      'rnn.bias_hh_l0',
      'rnn.bias_ih_l0',
      'rnn.weight_hh_l0',
      'rnn.weight_ih_l0',
    ]);
    expect(taken).toHaveLength(6);
    expect(notes.join('\n')).toContain('the backward one is read alone, as --merge backward says');
  });

  it.each([
    'rnn.weight_hh_l1_reverse',
    'rnn.weight_ih_l0',
    'rnn.bias_hh_l0_reverse',
    'rnn.bias_ih_l1',
  ])('without %s is refused', (name) => {
    const file = readSafetensors(bytesOf('lstm.safetensors'), 'f');
    const tensors = new Map([...file.tensors].filter(([one]) => one !== name));
    const report = refusal(() => importNetwork(writeSafetensors({ ...file, tensors }), 'f'));
    expect(report).toMatchObject({ code: 'TENSOR_MISSING', field: name });
  });

  it('with biases in one direction alone is refused', () => {
    const file = readSafetensors(bytesOf('lstm.safetensors'), 'f');
    for (const [end, missing] of [
      ['l0', 'rnn.bias_ih_l0'],
      ['l0_reverse', 'rnn.bias_ih_l0_reverse'],
    ]) {
      const biases = ['ih', 'hh'].map((kind) => `rnn.bias_${kind}_${end}`);
      const tensors = new Map([...file.tensors].filter(([name]) => !biases.includes(name)));
      const report = refusal(() => importNetwork(writeSafetensors({ ...file, tensors }), 'f'));
      expect(report).toMatchObject({ code: 'TENSOR_MISSING', field: missing });
    }
  });

  it("is read with tensors of the user's own names", () => {
    const file = readSafetensors(bytesOf('lstm.safetensors'), 'f');
    const renamed = [...file.tensors].map(
      ([name, tensor]) => [name.replace('rnn.weight_hh_l1_reverse', 'odd'), tensor] as const,
    );
    const bytes = writeSafetensors({ ...file, tensors: new Map(renamed) });
    const map = ['lstm.weight_hh_l1_reverse=odd'];
    const own = importNetwork(bytes, 'f', { map }).model;
    const inputs = frames[0] ?? [];
    const expected = runBothWays(read('lstm.safetensors').model, inputs);
    expect(runBothWays(own, inputs)).toEqual(expected);
  });

  it('is listed by its word', () => {
    expect(contentsOf(bytesOf('lstm.safetensors'), 'f')[0]?.what).toBe(
      'bidirectional LSTM, 3 inputs, 2 layers of 4 cells',
    );
  });

  it.each<[string, ImportOptions, string]>([
    ['lstm.safetensors', { merge: 'sum' }, '--merge'],
    ['lstm-script.pt', { backward: 'final' }, '--backward'],
    ['sum-trace.pt', { merge: 'sum' }, '--merge'],
  ])('%s asks no question that %o answers', (name, options, field) => {
    expect(refusal(() => read(name, options))).toMatchObject({ code: 'DIRECTIONS', field });
  });
});

const followed = ['lstm', 'sum', 'mean', 'one'].flatMap((name) => [
  `${name}-script.pt`,
  `${name}-trace.pt`,
]);
const ofLast = ['last', 'final', 'edges', 'final-sum', 'final-backward', 'below', 'projection'];

describe('TorchScript of two directions', () => {
  // a division by a constant of the file is not followed
  it.each(followed.filter((name) => name !== 'mean-trace.pt'))('%s is followed', (name) => {
    agrees(read(name), every[name], 'every');
  });

  it.each(ofLast.flatMap((name) => [`${name}-script.pt`, `${name}-trace.pt`]))(
    '%s: what it reads of the last frame, or of both final states',
    (name) => {
      const imported = read(name);
      expect(imported.lastFrame).toBe(true);
      agrees(imported, last[name], 'last');
    },
  );

  it('with final states of a projection has them, and what it projects, in the order of steps', () => {
    const { model } = read('projection-script.pt');
    expect(shown(model).slice(-2)).toEqual(['lstm<! 1,3', 'dense-linear<! 6']);
  });

  it('with states in another order is refused', () => {
    expect(refusal(() => read('swapped-trace.pt')).code).toBe('MODULE_UNKNOWN');
  });

  it('whose way is not followed is asked about', () => {
    const report = refusal(() => read('permuted-script.pt'));
    expect(report).toMatchObject({ code: 'DIRECTIONS', field: 'rnn' });
    const name = 'permuted-script.pt';
    agrees(read(name, { backward: 'final' }), last[name], 'last');
  });
});
