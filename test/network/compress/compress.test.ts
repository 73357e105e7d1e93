import { describe, expect, it } from 'vitest';
import { Random } from '../../../generator/base/random.js';
import { type CompressOptions, compress } from '../../../generator/network/compress/compress.js';
import { modelBytes } from '../../../generator/network/compressed-model.js';
import { encodeElements } from '../../../generator/network/formats/elements.js';
import type { SafetensorsFile, Tensor } from '../../../generator/network/formats/safetensors.js';
import { importPytorch } from '../../../generator/network/import/pytorch/import-pytorch.js';
import type { Model, SparseMatrix } from '../../../generator/network/model.js';
import { randomModel } from '../../../generator/network/random.js';
import { hcgsOf } from '../../support/hcgs-of.js';
import { hasKws, kwsCompressed, kwsNetwork, STANDARD_WORDS } from '../../support/kws.js';
import { refusal } from '../../support/refusal.js';
import { stackOf } from '../../support/stack.js';

const f32 = (shape: number[], values: ArrayLike<number>): Tensor => ({
  dtype: 'F32',
  shape,
  bytes: encodeElements('float32', values),
});

const real = (codes: ArrayLike<number>, fraction: number) =>
  Float64Array.from(codes, (code) => code * 2 ** -fraction);

const sizesOf = ({ patterns }: SparseMatrix) =>
  patterns.map(hcgsOf).map(({ blocks, keep }) => ({ blocks, keep }));

/** The float network that a compressed model stands for, under PyTorch names. */
function floatFile(model: Model): SafetensorsFile {
  const tensors = new Map<string, Tensor>();
  const weights = ({ codes, exponent, columns }: SparseMatrix) =>
    f32([codes.length / columns, columns], real(codes, exponent));
  const { layers, output } = stackOf(model);
  layers.forEach((layer, l) => {
    const bias = real(layer.bias, layer.biasFraction);
    tensors.set(`lstm.weight_ih_l${l}`, weights(layer.x));
    tensors.set(`lstm.weight_hh_l${l}`, weights(layer.h));
    tensors.set(`lstm.bias_ih_l${l}`, f32([bias.length], bias));
    tensors.set(`lstm.bias_hh_l${l}`, f32([bias.length], new Float64Array(bias.length)));
  });
  if (output !== null) {
    const { bias, biasFraction, weights: matrix } = output;
    tensors.set('fc.weight', weights(matrix));
    tensors.set('fc.bias', f32([bias.length], real(bias, biasFraction)));
  }
  return { metadata: { outer_block: '99', keep: 'nonsense', weight_exponents: '{}' }, tensors };
}

const random = (sharing: SparseMatrix['sharing'], seed: number) =>
  randomModel({
    inputs: 40,
    hidden: [48, 32],
    patterns: [
      {
        kind: 'hcgs',
        blocks: [16, 4],
        keep: [
          { k: 1, n: 2 },
          { k: 1, n: 2 },
        ],
      },
    ],
    sharing,
    outputs: 5,
    words: STANDARD_WORDS,
    seed,
  });

function compressed(file: SafetensorsFile, options: Partial<CompressOptions> = {}) {
  const { model: source } = importPytorch(file, 'net');
  const inputs = source.layers[0]?.inputs ?? 0;
  const noise = new Random(3);
  const values = Float64Array.from({ length: 2 * 20 * inputs }, () => 2 * noise.unit() - 1);
  return compress(source, {
    words: STANDARD_WORDS,
    frames: { lengths: Int32Array.of(20, 20), inputs, values },
    fill: false,
    dense: false,
    provenance: {},
    file: 'net',
    ...options,
  });
}

/** What a user says of block sizes, for all layers or each. */
const sizes = (...lists: readonly number[][]) =>
  lists.map((blocks) => ({ kind: 'hcgs', blocks }) as const);

describe('compress', () => {
  it.each(['shared', 'per-gate'] as const)(
    'finds the codes and the %s pattern of a network again',
    (sharing) => {
      const model = random(sharing, 21);
      const { model: found, tensors } = compressed(floatFile(model));
      stackOf(found).layers.forEach((layer, l) => {
        for (const side of ['x', 'h'] as const) {
          const [own, expected] = [layer[side], stackOf(model).layers[l]?.[side] as SparseMatrix];
          expect(own.sharing).toBe(sharing);
          expect(sizesOf(own)).toEqual(sizesOf(expected));
          expect(real(own.codes, own.exponent)).toEqual(real(expected.codes, expected.exponent));
        }
        const bias = stackOf(model).layers[l]?.bias ?? [];
        expect(real(layer.bias, layer.biasFraction)).toEqual(real(bias, 15));
      });
      for (const { name, maxError } of tensors) if (name !== 'x') expect(maxError).toBe(0);
      expect(modelBytes(found)).toEqual(modelBytes(compressed(floatFile(model)).model));
    },
  );

  it('takes block sizes from the user, once or per layer', () => {
    const file = floatFile(random('shared', 4));
    const flat = compressed(file, { shapes: sizes([4]) });
    expect(flat.patterns).toMatchObject([4, 4, 4, 4].map((size) => ({ blocks: [size] })));
    const two = compressed(file, { shapes: sizes([4], [16, 4]) });
    expect(two.patterns).toMatchObject([[4], [4], [16, 4], [16, 4]].map((blocks) => ({ blocks })));
    expect(two.patterns.map(({ kept }) => kept)).toEqual(flat.patterns.map(({ kept }) => kept));
    const three = () => compressed(file, { shapes: sizes([4], [4], [4]) });
    expect(refusal(three).code).toBe('BLOCKS_COUNT');
  });

  it('gives each gate its pattern where that keeps less than a balanced pattern of all gates', () => {
    // gate g keeps block (r + g) mod 5 of block row r: four blocks of five when taken together
    const keeps = (row: number, column: number) => {
      const [gate, r] = [Math.floor(row / 20), Math.floor((row % 20) / 4)];
      return Math.floor(column / 4) === (r + gate) % 5;
    };
    const values = Array.from({ length: 80 * 20 }, (_, i) =>
      keeps(Math.floor(i / 20), i % 20) ? 0.5 : 0,
    );
    const tensors = new Map(
      ['ih', 'hh'].map((side) => [`lstm.weight_${side}_l0`, f32([80, 20], values)] as const),
    );
    const { patterns } = compressed({ metadata: {}, tensors }, { shapes: sizes([4]) });
    expect(patterns).toMatchObject([
      { sharing: 'per-gate', keep: [1], kept: 4 * 80 },
      { sharing: 'per-gate', keep: [1], kept: 4 * 80 },
    ]);
  });

  it('refuses block sizes that the zeros do not match, and fills them when asked', () => {
    const file = floatFile(random('shared', 4));
    const report = refusal(() => compressed(file, { shapes: sizes([8]) }));
    expect(report).toMatchObject({ code: 'PATTERN_UNBALANCED', file: 'net' });
    const { patterns } = compressed(file, { shapes: sizes([8]), fill: true });
    expect(
      patterns.some((pattern) => 'filledBlocks' in pattern && `${pattern.filledBlocks}` !== '0'),
    ).toBe(true);
  });

  it('refuses block sizes that keep everything although most is zero', () => {
    const file = floatFile(random('shared', 4));
    expect(refusal(() => compressed(file, { shapes: sizes([64]) })).code).toBe('PATTERN_NOT_FOUND');
    const { patterns } = compressed(file, { dense: true });
    expect(patterns.every(({ kept, weights }) => kept === weights)).toBe(true);
  });

  it('works without biases and without an output layer', () => {
    const { tensors } = floatFile(random('shared', 4));
    const bare = [...tensors].filter(([name]) => name.startsWith('lstm.weight'));
    const { model } = compressed({ metadata: {}, tensors: new Map(bare) });
    expect(stackOf(model).output).toBeNull();
    expect(stackOf(model).layers[0]?.bias.every((code) => code === 0)).toBe(true);
    modelBytes(model);
  });
});

describe.skipIf(!hasKws)('trained keyword-spotting networks', () => {
  it.each([
    ['V0', [], 229_376],
    ['V4', [32, 4], 57_344],
    ['V8', [16, 4], 28_672],
    ['V16', [16, 4], 14_336],
  ] as const)('%s has blocks %j and %i kept weights, float and quantised', (name, blocks, kept) => {
    for (const variant of [name, `${name}_q6`]) {
      const source = kwsNetwork(variant);
      const frames = {
        lengths: Int32Array.of(1),
        inputs: 64,
        values: new Float64Array(64).fill(1),
      };
      const options = {
        words: STANDARD_WORDS,
        frames,
        fill: false,
        dense: false,
        provenance: {},
        file: variant,
      };
      const { patterns } = compress(source, options);
      for (const pattern of patterns) expect(pattern).toMatchObject({ blocks });
      expect(patterns.reduce((sum, pattern) => sum + pattern.kept, 0)).toBe(kept);
    }
  });

  it('quantised ones lose nothing', () => {
    const { tensors, model } = kwsCompressed('V16_q6', [16, 4]);
    for (const { name, maxError, saturated } of tensors) {
      expect([name, saturated]).toEqual([name, 0]);
      if (name !== 'x') expect([name, maxError]).toEqual([name, 0]);
    }
    expect(stackOf(model).layers.map(({ x, h }) => [x.exponent, h.exponent])).toEqual([
      [4, 4],
      [4, 4],
    ]);
    expect(stackOf(model).output?.weights.exponent).toBe(5);
  });
});
