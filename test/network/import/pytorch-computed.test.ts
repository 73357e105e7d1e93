import { describe, expect, it } from 'vitest';
import { Random } from '../../../generator/base/random.js';
import { FloatNetwork } from '../../../generator/network/float/run.js';
import {
  type SafetensorsFile,
  type Tensor,
  writeSafetensors,
} from '../../../generator/network/formats/safetensors.js';
import { contentsOf, importNetwork } from '../../../generator/network/import/import.js';
import { refusal } from '../../support/refusal.js';
import { randomLayer } from './support/lstm-reference.js';
import { layerTensors, stateDict, tensor, zeros } from './support/state-dict.js';

const SEED = 43;
const random = new Random(SEED);
const CELLS = 4;
const layers = [randomLayer(random, 3, CELLS), randomLayer(random, CELLS, CELLS)];
const both = layers.flatMap((layer, l) => layerTensors(layer, (kind) => `lstm.${kind}_l${l}`));
const one = layerTensors(layers[0] as (typeof layers)[0], (kind) => `lstm.${kind}_l0`);
const without = (...names: string[]) => both.filter(([name]) => !names.includes(name));
const numbers = (n: number) => Array.from({ length: n }, () => 2 * random.unit() - 1);
const HH = 'lstm.weight_hh_l1';

const read = (file: SafetensorsFile, ...map: string[]) =>
  importNetwork(writeSafetensors(file), 'net.safetensors', { map });
const refused = (file: SafetensorsFile, ...map: string[]) => refusal(() => read(file, ...map));

describe('a weight norm', () => {
  const v = numbers(64);
  const forms = [
    ['_g', '_v', ''],
    ['.original0', '.original1', 'parametrizations.'],
  ] as const;
  const file = (g: Tensor, form = 0, own = tensor([16, 4], v)) => {
    const [first, second, list] = forms[form] as (typeof forms)[0];
    const name = `lstm.${list}weight_hh_l1`;
    return stateDict(...without(HH), [name + first, g], [name + second, own]);
  };
  const norm = (own: readonly number[]) => Math.hypot(...own);
  const row = (i: number) => v.slice(i - (i % 4), i - (i % 4) + 4);
  const column = (i: number) => Array.from({ length: 16 }, (_, r) => v[4 * r + (i % 4)] as number);
  const scales = numbers(16);

  it.each<[string, number[], (i: number) => number]>([
    ['of every row', [16, 1], (i) => (scales[Math.floor(i / 4)] as number) / norm(row(i))],
    ['of every column', [1, 4], (i) => (scales[i % 4] as number) / norm(column(i))],
    ['of the whole', [], () => (scales[0] as number) / norm(v)],
  ])('%s, in both forms', (_, shape, factor) => {
    const g = tensor(
      shape,
      scales.slice(
        0,
        shape.reduce((a, b) => a * b, 1),
      ),
    );
    for (const form of [0, 1]) {
      const { model, taken, leftOut, notes } = read(file(g, form));
      model.layers[1]?.h?.values.forEach((value, i) => {
        expect(value).toBeCloseTo((v[i] as number) * factor(i), 6);
      });
      expect(taken).toHaveLength(9);
      expect(leftOut).toEqual([]);
      expect(notes[0]).toMatch(/^lstm\.weight_hh_l1 is g v \/ \|v\| of lstm\..* \(weight norm\)$/);
    }
  });

  it.each<[string, Tensor, Tensor | undefined]>([
    ['a value for every element', tensor([16, 4], numbers(64)), undefined],
    ['as many rows as v does not have', zeros(8, 1), undefined],
    ['another number of axes', zeros(16), undefined],
    ['no numbers', { dtype: 'I32', shape: [16, 1], bytes: new Uint8Array(64) }, undefined],
    ['a row of zeros to scale', tensor([16, 1], scales), zeros(16, 4)],
  ])('with %s is refused', (_, g, own) => {
    expect(refused(file(g, 0, own))).toMatchObject({ code: 'WEIGHT_NORM', field: `${HH}_g` });
  });

  it('of which one half is there, or beside the weight itself, is refused', () => {
    const half = stateDict(...both, [`${HH}_g`, zeros(16, 1)]);
    expect(refused(half)).toMatchObject({ code: 'LSTM_UNSUPPORTED', field: `${HH}_g` });
    const more = stateDict(...both, [`${HH}_g`, zeros(16, 1)], [`${HH}_v`, zeros(16, 4)]);
    expect(refused(more).code).toBe('LSTM_UNSUPPORTED');
  });
});

describe('parametrizations', () => {
  const name = 'lstm.parametrizations.weight_hh_l1';
  const original = tensor([16, 4], numbers(64));

  it('a mask is multiplied', () => {
    const mask = tensor(
      [16, 4],
      Array.from({ length: 64 }, (_, i) => i % 2),
    );
    const file = stateDict(
      ...without(HH),
      [`${name}.original`, original],
      [`${name}.0.mask`, mask],
    );
    const { model, notes } = read(file);
    expect(
      Float64Array.from(model.layers[1]?.h?.values ?? [], (value, i) => (i % 2 === 0 ? value : 0)),
    ).toEqual(new Float64Array(64));
    expect(notes[0]).toContain('the product of');
  });

  it.each<[string, string, string[]]>([
    ['a spectral norm', 'a spectral norm', ['.original', '.0._u', '.0._v']],
    ['anything else', 'another one', ['.original', '.0.base']],
    ['two steps', 'another one', ['.original0', '.original1', '.1.base']],
    ['nothing beside it', 'another one', ['.original']],
  ])('%s is refused by name', (_, got, parts) => {
    const own = parts.map((part): [string, Tensor] => [name + part, original]);
    expect(refused(stateDict(...without(HH), ...own))).toMatchObject({
      code: 'LSTM_UNSUPPORTED',
      got,
    });
  });

  it('the old form of a spectral norm is refused by name', () => {
    const own = ['_orig', '_u', '_v'].map((part): [string, Tensor] => [HH + part, zeros(16, 4)]);
    const report = refused(stateDict(...both, ...own.slice(1)));
    expect(report).toMatchObject({ code: 'LSTM_UNSUPPORTED', field: `${HH}_u` });
    expect(report.got).toContain('spectral norm');
    expect(refused(stateDict(...without(HH), ...own)).code).toMatch(/LSTM|TENSOR/);
  });
});

describe('learned states at the start', () => {
  const [h, c] = [numbers(2 * CELLS), numbers(2 * CELLS)];
  const states = (shape: number[], prefix = ''): [string, Tensor][] => {
    const n = shape.reduce((a, b) => a * b, 1);
    return [
      [`${prefix}h0`, tensor(shape, h.slice(0, n), 'F64')],
      [`${prefix}c0`, tensor(shape, c.slice(0, n), 'F64')],
    ];
  };

  it.each([[[CELLS]], [[1, 1, CELLS]], [[1, CELLS]]])('of one layer, %j', (shape) => {
    const file = stateDict(...one, ...states(shape));
    const { model, taken, notes } = read(file, 'initial=h0,c0');
    expect(model.layers[0]?.initial).toEqual({
      h: { name: 'h0', values: Float64Array.from(h.slice(0, CELLS)) },
      c: { name: 'c0', values: Float64Array.from(c.slice(0, CELLS)) },
    });
    expect(taken).toHaveLength(6);
    expect(notes).toContain('an utterance starts from h = h0 and c = c0, as --map says');
    const network = new FloatNetwork(model);
    const again = new FloatNetwork({
      ...model,
      layers: model.layers.map((layer) => ({ ...layer, initial: undefined })),
    });
    const frame = Float64Array.from([0.1, 0.2, 0.3]);
    expect(network.step(frame)).not.toEqual(again.step(frame));
  });

  it.each([[[2, CELLS]], [[2, 1, CELLS]]])('of two layers, %j', (shape) => {
    const file = stateDict(...both, ...states(shape, 'start.'));
    const { model } = read(file, 'initial.h=start.h0', 'initial.c=start.c0');
    model.layers.forEach(({ initial }, l) => {
      expect([...(initial?.h.values ?? [])]).toEqual(h.slice(l * CELLS, (l + 1) * CELLS));
      expect([...(initial?.c?.values ?? [])]).toEqual(c.slice(l * CELLS, (l + 1) * CELLS));
    });
  });

  it("within the LSTM's own module too", () => {
    const file = stateDict(...one, ...states([CELLS], 'lstm.'));
    expect(refused(file)).toMatchObject({ code: 'LSTM_UNSUPPORTED', field: 'lstm.c0' });
    expect(refused(file).got).toContain('--map initial=H,C');
    expect(read(file, 'initial=lstm.h0,lstm.c0').taken).toHaveLength(6);
  });

  it('are asked about, and fit', () => {
    const file = stateDict(...one, ...states([1, 1, CELLS]));
    expect(refused(file).expected).toContain('--map initial=h0,c0 for h and c');
    expect(refused(file, 'fc=none').expected).toContain('--map initial=h0,c0 for h and c');
    expect(refused(file, 'initial=h0').code).toBe('BAD_MAP');
    expect(refused(file, 'initial.h=h0').code).toBe('BAD_MAP');
    expect(refused(file, 'initial=h0,c0', 'initial.h=h0').code).toBe('BAD_MAP');
    expect(refused(file, 'initial=h0,nothing').code).toBe('TENSOR_MISSING');
    const two = stateDict(...both, ...states([CELLS]));
    expect(refused(two, 'initial=h0,c0')).toMatchObject({ code: 'TENSOR_SHAPE', field: 'h0' });
    expect(refused(stateDict(...one), 'state=x').code).toBe('BAD_MAP');
  });
});

describe("recurrent modules are listed by the field's own words", () => {
  const dict = (rows: number, suffix = '', cells = 4): [string, Tensor][] => [
    [`rnn.weight_ih_l0${suffix}`, zeros(rows, 3)],
    [`rnn.weight_hh_l0${suffix}`, zeros(rows, cells)],
  ];
  it.each<[string, [string, Tensor][], string]>([
    [
      'bidirectional LSTM',
      [...dict(16), ...dict(16, '_reverse')],
      'bidirectional LSTM, 3 inputs, 4 cells',
    ],
    [
      'bidirectional GRU',
      [...dict(12), ...dict(12, '_reverse')],
      'bidirectional GRU, 3 inputs, 4 cells',
    ],
  ])('%s', (_word, tensors, what) => {
    const file = stateDict(...tensors);
    expect(contentsOf(writeSafetensors(file), 'f')).toEqual([{ name: 'rnn', what }]);
  });

  it('a projection is listed', () => {
    const file = stateDict(...dict(16, '', 2), ['rnn.weight_hr_l0', zeros(2, 4)]);
    const what = 'LSTM, 3 inputs, 4 cells, projection to 2';
    expect(contentsOf(writeSafetensors(file), 'f')).toEqual([{ name: 'rnn', what }]);
  });

  it.each([
    ['GRU', 12],
    ['RNN', 4],
  ])('%s is listed by its word, too', (word, rows) => {
    const parts = contentsOf(writeSafetensors(stateDict(...dict(rows))), 'f');
    expect(parts).toEqual([{ name: 'rnn', what: `${word}, 3 inputs, 4 cells` }]);
  });
});
