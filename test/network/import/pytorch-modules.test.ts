import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Random } from '../../../generator/base/random.js';
import type { FloatLayer, FloatTensor } from '../../../generator/network/float/model.js';
import { FloatNetwork } from '../../../generator/network/float/run.js';
import {
  readSafetensors,
  type SafetensorsFile,
  type Tensor,
  writeSafetensors,
} from '../../../generator/network/formats/safetensors.js';
import { importNetwork } from '../../../generator/network/import/import.js';
import { refusal } from '../../support/refusal.js';
import { randomLayer, randomLinear, runReference } from './support/lstm-reference.js';
import { layerTensors, linearTensors, stateDict, tensor, zeros } from './support/state-dict.js';

const SEED = 41;
const random = new Random(SEED);
const lower = randomLayer(random, 5, 4);
const upper = randomLayer(random, 4, 3);
const linear = randomLinear(random, 3, 2);
const frames = Array.from({ length: 20 }, () =>
  Array.from({ length: 5 }, () => 4 * random.unit() - 2),
);
const numbers = (n: number, from = -1) => Array.from({ length: n }, () => from + 2 * random.unit());

type Named = [string, Tensor];
const lstm = ['lstm.l0', 'lstm.l1'] as const;
const both: Named[] = [lower, upper].flatMap((layer, l) =>
  layerTensors(layer, (kind) => `${lstm[0].slice(0, 4)}.${kind}_l${l}`),
);
const list = (...names: string[]): Named[] =>
  [lower, upper].flatMap((layer, l) => layerTensors(layer, (kind) => `${names[l]}.${kind}_l0`));
const fc = linearTensors(linear, 'fc');

const read = (file: SafetensorsFile, ...map: string[]) =>
  importNetwork(writeSafetensors(file), 'net.safetensors', { map });
const refused = (file: SafetensorsFile, ...map: string[]) => refusal(() => read(file, ...map));
const shared = (name: string) =>
  readSafetensors(readFileSync(`test/network/import/files/${name}.safetensors`), name);

/** Outputs of an imported network on the frames. */
function outputs(file: SafetensorsFile, map: readonly string[], input = frames): number[][] {
  const network = new FloatNetwork(read(file, ...map).model);
  return input.map((frame) => [...network.step(Float64Array.from(frame)).outputs]);
}
function close(got: readonly number[][], expected: readonly (readonly number[])[]): void {
  expect(got.length).toBe(expected.length);
  got.forEach((row, t) => {
    expect(row.length).toBe(expected[t]?.length);
    row.forEach((value, k) => {
      expect(value).toBeCloseTo(expected[t]?.[k] as number, 9);
    });
  });
}

describe('the output layer of a state_dict', () => {
  it('is the only other module when its name says so, and the notes say what was taken', () => {
    const { model, notes } = read(stateDict(...both, ...fc));
    expect(model.output).toMatchObject({ inputs: 3, outputs: 2 });
    expect(notes).toEqual([
      expect.stringMatching(/^the output layer is fc\.weight F32 \[2, 3\] and fc\.bias: the only/),
    ]);
  });

  it.each<[string, Named[], RegExp]>([
    [
      'an embedding with as many columns as cells',
      [['embed.weight', zeros(50, 3)]],
      /without a bias it may be an embedding/,
    ],
    [
      'an embedding of another name with a bias',
      linearTensors(randomLinear(random, 3, 50), 'embed_out'),
      /its name says that it stands elsewhere/,
    ],
    [
      'a layer before the LSTM',
      linearTensors(randomLinear(random, 3, 5), 'fc'),
      /its 5 values may as well be the inputs/,
    ],
    [
      'the scores of an attention',
      linearTensors(randomLinear(random, 3, 1), 'attention.out'),
      /its name says that it stands elsewhere/,
    ],
    ['a name that says nothing', linearTensors(linear, 'foo'), /its name does not say/],
    ['no bias', fc.slice(0, 1), /without a bias/],
    ['a second layer of a list', linearTensors(linear, 'fc.3'), /stands before it in its list/],
    ['a parameter more', [...fc, ['fc.scale', zeros(2)]], /other parameters/],
  ])('is not guessed: %s', (_, others, why) => {
    const report = refused(stateDict(...both, ...others));
    expect(report).toMatchObject({ code: 'OUTPUT_AMBIGUOUS', file: 'net.safetensors' });
    expect(report.message).toMatch(why);
    expect(report.message).toMatch(/--map fc=\S+ for the output layer.* or fc=none; .*outside=/);
    expect(report.message).toContain(others[0]?.[0].replace(/\.[a-z]+$/, ''));
  });

  it('without a bias has zeros, and says so, when the user names it', () => {
    const file = stateDict(...both, ...fc.slice(0, 1));
    const { model, notes } = read(file, 'fc=fc');
    expect([...(model.output?.bias.values ?? [])]).toEqual([0, 0]);
    expect(notes.join()).toContain('zeros for its biases, because the file has no fc.bias');
  });

  it('stands alone: every other module is refused by name with the map that explains it', () => {
    const norm: Named[] = [
      ['norm.weight', zeros(3)],
      ['norm.bias', zeros(3)],
    ];
    const file = stateDict(...both, ...fc, ...norm, ...linearTensors(linear, 'head2'));
    const report = refused(file, 'fc=fc');
    expect(report).toMatchObject({ code: 'MODULE_UNKNOWN', field: 'head2' });
    expect(report.message).toContain('--map outside=head2,norm for what lies outside');
    expect(report.got).toBe('head2 (bias [2], weight [2, 3]), norm (bias [3], weight [3])');
    expect(refused(file, 'fc=fc', 'outside=head2').field).toBe('norm');
    const { leftOut, notes } = read(file, 'fc=fc', 'outside=head2,norm');
    expect(leftOut).toHaveLength(4);
    expect(notes.join()).toContain('frames are what lstm reads');
  });

  it('may be none: then what stands beside one nn.LSTM is outside of it', () => {
    const file = stateDict(...both, ...fc, ['embed.weight', zeros(9, 6)], ['bn.weight', zeros(3)]);
    expect(read(file, 'fc=none')).toMatchObject({ model: { output: null } });
  });

  it.each<[string, Named[], string]>([
    ['a learned initial state', [['h0', zeros(2, 1, 3)]], 'h0'],
    ['a layer that makes one', linearTensors(linear, 'init_h'), 'init_h'],
    ['another recurrent module', layerTensors(upper, (kind) => `dec.${kind}_l0`), 'dec'],
  ])('but %s is not explained by fc=none', (_, others, field) => {
    const map = ['lstm=lstm', 'fc=none'];
    const report = refused(stateDict(...both, ...others), ...map);
    expect(report).toMatchObject({ code: 'MODULE_UNKNOWN', field });
    expect(read(stateDict(...both, ...others), ...map, `outside=${field}`).leftOut.length).toBe(
      others.length,
    );
  });

  it('nor, beside a cell, what may stand in the loop over the frames', () => {
    const cell = layerTensors(lower, (kind) => `cell.${kind}`);
    const norm: Named[] = [
      ['ln.weight', zeros(4)],
      ['ln.bias', zeros(4)],
    ];
    expect(refused(stateDict(...cell, ...norm), 'fc=none').field).toBe('ln');
    expect(
      refused(stateDict(...cell, ...linearTensors(randomLinear(random, 4, 4), 'p')), 'fc=none')
        .field,
    ).toBe('p');
    const conv: Named[] = [
      ['conv.weight', zeros(4, 7, 3)],
      ['conv.bias', zeros(4)],
    ];
    expect(read(stateDict(...cell, ...conv), 'fc=none').leftOut).toHaveLength(2);
  });
});

describe('fc=none of --map', () => {
  it.each<[string, Named[], string]>([
    [
      'a norm on the inputs',
      [
        ['ln.weight', zeros(5)],
        ['ln.bias', zeros(5)],
      ],
      'ln',
    ],
    [
      'a batch norm without weights',
      [
        ['bn.running_mean', zeros(5)],
        ['bn.running_var', zeros(5)],
      ],
      'bn',
    ],
    [
      'a layer from as many values as the LSTM reads',
      linearTensors(randomLinear(random, 5, 8), 'pre'),
      'pre',
    ],
  ])('does not explain %s: raw frames would fit', (_, others, field) => {
    expect(refused(stateDict(...both, ...others), 'fc=none')).toMatchObject({
      code: 'MODULE_UNKNOWN',
      field,
    });
    expect(read(stateDict(...both, ...others), `outside=${field}`).leftOut).toHaveLength(2);
  });

  it('and frames= belong to ONNX files', () => {
    expect(refused(stateDict(...both), 'frames=x').code).toBe('BAD_MAP');
  });
});

describe('within the recurrent module of a state_dict', () => {
  it.each<[string, string, string]>([
    ['a peephole', 'lstm.weight_ch', 'peepholes'],
    ['a peephole of one gate', 'lstm.weight_ci_l0', 'peepholes'],
    ['half of a weight norm', 'lstm.weight_hh_l0_g', 'half of a weight norm'],
    ['a spectral norm', 'lstm.weight_hh_l0_u', 'spectral norm'],
    ['a dropped weight', 'lstm.weight_hh_l0_raw', 'a weight that is computed'],
    ['half of a pruned tensor', 'lstm.weight_hh_l0_mask', 'half of a pruned tensor'],
    ['an initial state', 'lstm.h0', 'an initial state'],
    ['anything else', 'lstm.gain', 'a parameter that torch.nn.LSTM does not have'],
  ])('%s is refused whatever the map says', (_, name, like) => {
    const file = stateDict(...both, [name, zeros(3)]);
    for (const map of [[], ['fc=none'], ['outside=lstm'], [`outside=${name}`]]) {
      const report = refused(file, ...map);
      expect(report).toMatchObject({ code: 'LSTM_UNSUPPORTED', field: name });
      expect(report.got).toContain(like);
    }
  });

  it('a module is refused, as outside as it may be called', () => {
    const file = stateDict(...both, ['lstm.ln.weight', zeros(3)], ['lstm.ln.bias', zeros(3)]);
    expect(refused(file).field).toBe('lstm.ln');
    expect(refused(file, 'fc=none').field).toBe('lstm.ln');
    expect(refused(file, 'outside=lstm')).toMatchObject({ code: 'BAD_MAP' });
  });
});

describe('outside= of --map', () => {
  const file = stateDict(...both, ...fc);
  it('names what is in the file and is not taken', () => {
    expect(refused(file, 'outside=other')).toMatchObject({ code: 'BAD_MAP', got: 'other' });
    expect(refused(file, 'fc=fc', 'outside=fc').message).toMatch(/fc, of which fc\.\w+ is taken/);
    expect(read(file, 'outside=fc').model.output).toBeNull();
  });
});

describe('a list of LSTM in a state_dict', () => {
  const expected = runReference([lower, upper], linear, frames).outputs;

  it('is a stack where the sizes allow nothing else, and the notes say so', () => {
    const file = stateDict(...list('rnns.0', 'rnns.1'), ...fc);
    close(outputs(file, []), expected);
    expect(read(file).notes[0]).toMatch(/^taken as one stack, the lowest first: rnns\.0, rnns\.1;/);
  });

  it('may have modules of several layers, and more than ten', () => {
    const net = [lower, ...Array.from({ length: 11 }, () => randomLayer(random, 4, 4)), upper];
    const tensors = net.flatMap((layer, l) => {
      const at = l < 2 ? [0, l] : [l - 1, 0]; // the first module has two layers
      return layerTensors(layer, (kind) => `rnns.${at[0]}.${kind}_l${at[1]}`);
    });
    const file = stateDict(...tensors.reverse(), ...fc);
    close(outputs(file, []), runReference(net, linear, frames).outputs);
  });

  it('follows the order that the user gives', () => {
    const file = stateDict(...list('first', 'second'), ...fc);
    const report = refused(file);
    expect(report.code).toBe('LSTM_AMBIGUOUS');
    expect(report.message).toContain('the lowest first, --map lstm=first,second for a stack');
    close(outputs(file, ['lstm=first,second']), expected);
    expect(refused(file, 'lstm=second,first').code).toBe('TENSOR_SHAPE');
    expect(refused(file, 'lstm=first,first').code).toBe('BAD_MAP');
  });

  it.each<[string, Named[], RegExp]>([
    ['whose sizes do not chain', list('rnns.1', 'rnns.0'), /rnns\.1 has 5 inputs, rnns\.0 3 cells/],
    [
      'with a number left out',
      list('net.0', 'net.2'),
      /between net\.0 and net\.2 stands something/,
    ],
    [
      'that may stand side by side',
      [0, 1].flatMap((l) =>
        layerTensors(randomLayer(random, 4, 4), (kind) => `rnns.${l}.${kind}_l0`),
      ),
      /side by side/,
    ],
  ])('%s is asked about', (_, tensors, why) => {
    const report = refused(stateDict(...tensors));
    expect(report.code).toBe('LSTM_AMBIGUOUS');
    expect(report.message).toMatch(why);
    expect(report.message).toMatch(/--map lstm=(rnns|net) for a stack of them/);
  });

  it('with norms between its members is refused, even with fc=none', () => {
    const norm: Named[] = ['weight', 'bias'].map((kind) => [`norms.0.${kind}`, zeros(4)]);
    const file = stateDict(...list('rnns.0', 'rnns.1'), ...norm);
    expect(refused(file, 'fc=none')).toMatchObject({ code: 'MODULE_UNKNOWN', field: 'norms.0' });
  });

  it('of which only one is chosen leaves the other one to be explained', () => {
    const file = stateDict(...list('rnns.0', 'rnns.1'));
    expect(refused(file, 'lstm=rnns.0').field).toBe('rnns.1');
    expect(read(file, 'lstm=rnns.0', 'outside=rnns.1').model.layers).toHaveLength(1);
  });
});

describe('a batch norm in a state_dict', () => {
  const EPS = 1e-5;
  const norm = (name: string, n: number, affine = true): Named[] => [
    ...(affine
      ? ([
          [`${name}.weight`, tensor([n], numbers(n, 0.1), 'F64')],
          [`${name}.bias`, tensor([n], numbers(n), 'F64')],
        ] as Named[])
      : []),
    [`${name}.running_mean`, tensor([n], numbers(n), 'F64')],
    [`${name}.running_var`, tensor([n], numbers(n, 0.01), 'F64')],
    [
      `${name}.num_batches_tracked`,
      { dtype: 'I64', shape: [], bytes: Uint8Array.of(9, 0, 0, 0, 0, 0, 0, 0) },
    ],
  ];
  /** What torch.nn.BatchNorm1d computes of one frame. */
  const normed = (tensors: readonly Named[], eps: number, frame: readonly number[]) => {
    const of = (kind: string) => {
      const own = tensors.find(([name]) => name.endsWith(`.${kind}`))?.[1];
      return own && new Float64Array(new Uint8Array(own.bytes).buffer);
    };
    return frame.map((value, i) => {
      const [mean, variance] = [of('running_mean')?.[i], of('running_var')?.[i]] as number[];
      const unit = (value - (mean as number)) / Math.sqrt((variance as number) + eps);
      return unit * (of('weight')?.[i] ?? 1) + (of('bias')?.[i] ?? 0);
    });
  };

  it.each([true, false])('before the first layer is folded exactly; affine: %s', (affine) => {
    const bn = norm('bn', 5, affine);
    const file = stateDict(...both, ...fc, ...bn);
    const report = refused(file);
    expect(report).toMatchObject({ code: 'MODULE_UNKNOWN', field: 'bn' });
    expect(report.message).toContain('--map norm=bn where it stands right before the first layer');
    const run = (eps: number) =>
      runReference(
        [lower, upper],
        linear,
        frames.map((frame) => normed(bn, eps, frame)),
      ).outputs;
    close(outputs(file, ['norm=bn']), run(EPS));
    close(outputs(file, ['norm=bn', 'norm.eps=0.001']), run(0.001));
    const { notes, taken, leftOut } = read(file, 'norm=bn');
    expect(notes[0]).toMatch(/^batch norm bn is folded into layer 0.* eps 0\.00001, the default/);
    expect([taken.length, leftOut.length]).toEqual([file.tensors.size, 0]);
  });

  it('between h and the output layer, and between modules, is folded too', () => {
    const [between, behind] = [norm('bns.0', 4), norm('bns.1', 3)];
    const file = stateDict(...list('rnns.0', 'rnns.1'), ...fc, ...between, ...behind);
    expect(refused(file).message).toMatch(/norm_l1=bns\.0 .*; --map fc\.norm=bns\.1|norm_l1=bns/);
    const below = runReference([lower], null, frames).h[0] as number[][];
    const above = runReference(
      [upper],
      null,
      below.map((h) => normed(between, EPS, h)),
    ).h[0] as number[][];
    const sums = above.map((h) => {
      const x = normed(behind, EPS, h);
      return linear.W.map((row, k) =>
        row.reduce((sum, w, i) => sum + w * (x[i] as number), linear.b[k] as number),
      );
    });
    close(outputs(file, ['norm_l1=bns.0', 'fc.norm=bns.1']), sums);
  });

  it.each<[string, Named[], string[], string]>([
    [
      'a layer norm',
      [
        ['ln.weight', zeros(5)],
        ['ln.bias', zeros(5)],
      ],
      ['norm=ln'],
      'NORM_UNSUPPORTED',
    ],
    [
      'a norm with more to it',
      [...norm('bn', 5), ['bn.extra', zeros(5)]],
      ['norm=bn'],
      'NORM_UNSUPPORTED',
    ],
    ['of another size', norm('bn', 3), ['norm=bn'], 'TENSOR_SHAPE'],
    ['one that is not there', norm('bn', 5), ['norm=other'], 'NORM_UNSUPPORTED'],
    ['within one nn.LSTM', norm('bn', 4), ['norm_l1=bn'], 'BAD_MAP'],
    ['behind h without an output layer', norm('bn', 3), ['fc.norm=bn', 'fc=none'], 'BAD_MAP'],
    ['an eps that is no number', norm('bn', 5), ['norm=bn', 'norm.eps=small'], 'BAD_MAP'],
    ['an eps alone', [], ['norm.eps=0.1'], 'BAD_MAP'],
    ['before a layer that is not there', norm('bn', 5), ['norm_l2=bn'], 'BAD_MAP'],
  ])('%s is refused', (_, tensors, map, code) => {
    expect(refused(stateDict(...both, ...fc, ...tensors), ...map).code).toBe(code);
  });

  it('with a negative variance is refused', () => {
    const file = stateDict(...both, ...fc, ...norm('bn', 5));
    const tensors = new Map(file.tensors).set('bn.running_var', tensor([5], [1, 1, -1, 1, 1]));
    expect(refused({ ...file, tensors }, 'norm=bn').field).toBe('bn.running_var');
  });
});

describe('small files that others had trouble with', () => {
  it('weights that torch.nn.utils.prune has left as two', () => {
    const file = shared('a_prune');
    const { model, notes, leftOut } = read(file);
    // a Buffer of Node, whose slices share its memory, stays as it was
    const bytes = readFileSync('test/network/import/files/a_prune.safetensors');
    const before = Buffer.from(bytes);
    importNetwork(bytes, 'a_prune');
    expect(bytes.equals(before)).toBe(true);
    const values = (name: string) => {
      const { bytes } = file.tensors.get(name) as Tensor;
      return new Float32Array(new Uint8Array(bytes).buffer);
    };
    const mask = values('lstm.weight_hh_l0_mask');
    const h = (model.layers[0] as FloatLayer).h as FloatTensor;
    expect(h.name).toBe('lstm.weight_hh_l0');
    expect([...h.values]).toEqual([
      ...values('lstm.weight_hh_l0_orig').map((w, i) => (mask[i] === 0 ? 0 : w)),
    ]);
    expect(mask.some((value) => value === 0)).toBe(true);
    expect(leftOut).toEqual([]);
    expect(notes[0]).toBe(
      'lstm.weight_hh_l0 is the product of lstm.weight_hh_l0_orig and lstm.weight_hh_l0_mask (pruned)',
    );
  });

  it.each<[string, Tensor]>([
    ['another shape', zeros(8, 32)],
    ['other values', tensor([32, 8], new Float64Array(256).fill(0.5))],
    ['no numbers', { dtype: 'C64', shape: [32, 8], bytes: new Uint8Array(2048) }],
  ])('a mask of %s is refused', (_, mask) => {
    const file = shared('a_prune');
    const tensors = new Map(file.tensors).set('lstm.weight_hh_l0_mask', mask);
    expect(refused({ ...file, tensors })).toMatchObject({
      code: 'PRUNE_MASK',
      field: 'lstm.weight_hh_l0_mask',
    });
  });

  it('a pruned tensor beside the tensor itself', () => {
    const file = shared('a_prune');
    const tensors = new Map(file.tensors).set('lstm.weight_hh_l0', zeros(32, 8));
    expect(refused({ ...file, tensors }).code).toBe('LSTM_UNSUPPORTED');
  });

  it('an embedding that looks like an output layer, and a head that does not fit', () => {
    const report = refused(shared('e_embed'));
    expect(report.message).toContain('embed (weight [50, 8]), head (bias [3], weight [3, 16])');
    expect(report.message).toContain('--map outside=embed,head');
    expect(refused(shared('e_embed'), 'fc=head', 'outside=embed')).toMatchObject({
      code: 'TENSOR_SHAPE',
      field: 'head.weight',
    });
    expect(read(shared('e_embed'), 'outside=embed,head').model.output).toBeNull();
  });

  it('two LSTM in a list', () => {
    const { model } = read(shared('j_list'));
    expect(model.layers.map(({ inputs, cells }) => [inputs, cells])).toEqual([
      [4, 8],
      [8, 8],
    ]);
    expect(model.output?.outputs).toBe(3);
  });

  it('a cell with peepholes', () => {
    expect(refused(shared('m_peep'))).toMatchObject({
      code: 'LSTM_UNSUPPORTED',
      field: 'cell.weight_ch',
    });
  });

  it('complex numbers beside the LSTM', () => {
    const report = refused(shared('n_c64'));
    expect(report).toMatchObject({ code: 'MODULE_UNKNOWN', field: 'stft' });
    const { leftOut } = read(shared('n_c64'), 'outside=stft');
    expect(leftOut).toEqual([{ name: 'stft.window', kind: 'tensor', what: 'C64 [16]' }]);
  });
});
