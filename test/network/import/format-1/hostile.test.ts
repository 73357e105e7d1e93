import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  modelBytes,
  parseModel,
  parseModelFile,
} from '../../../../generator/network/compressed-model.js';
import {
  readSafetensors,
  type Tensor,
  writeSafetensors,
} from '../../../../generator/network/formats/safetensors.js';
import { randomModel } from '../../../../generator/network/random.js';
import { format1Bytes } from '../../../support/format-1.js';
import { usualModels } from '../../../support/networks.js';
import { refusal } from '../../../support/refusal.js';

const model = randomModel({
  inputs: 10,
  hidden: [12, 6],
  patterns: [
    {
      kind: 'hcgs',
      blocks: [8, 4],
      keep: [
        { k: 1, n: 2 },
        { k: 1, n: 2 },
      ],
    },
  ],
  sharing: 'per-gate',
  outputs: 3,
  words: { weight: 6, activation: 13, cell: 16, bias: 16 },
  seed: 3,
});
const content = readSafetensors(format1Bytes(model), 'm');
const description = JSON.parse(content.metadata.hcgs_model ?? '');

/** The file with one tensor changed (null: removed). */
function withTensor(name: string, change: (tensor: Tensor) => Tensor | null): Uint8Array {
  const tensors = new Map(content.tensors);
  const empty: Tensor = { dtype: 'I8', shape: [0], bytes: new Uint8Array() };
  const changed = change(tensors.get(name) ?? empty);
  if (changed === null) tensors.delete(name);
  else tensors.set(name, changed);
  return writeSafetensors({ metadata: content.metadata, tensors });
}

function withByte(name: string, at: number, value: number): Uint8Array {
  return withTensor(name, (tensor) => {
    const bytes = tensor.bytes.slice();
    bytes[at < 0 ? bytes.length + at : at] = value;
    return { ...tensor, bytes };
  });
}

/** The file with one field of its description changed, named by its path. */
function withField(path: string, value: unknown): Uint8Array {
  const copy = structuredClone(description);
  const keys = path.split('.');
  const last = keys.pop() as string;
  keys.reduce((part, key) => part[key], copy)[last] = value;
  const metadata = { ...content.metadata, hcgs_model: JSON.stringify(copy) };
  return writeSafetensors({ metadata, tensors: content.tensors });
}

describe('a compressed-model file of format 1', () => {
  it('gives the model that its file of format 2 gives', () => {
    fc.assert(
      fc.property(usualModels, (drawn) => {
        const { format, model: read } = parseModelFile(format1Bytes(drawn), 'm');
        expect(format).toBe(1);
        expect(read).toEqual(drawn);
        expect(modelBytes(read)).toEqual(modelBytes(drawn));
      }),
    );
  });
});

describe('a file of format 1 that does not match its description is refused', () => {
  const refuses = (bytes: Uint8Array) => refusal(() => parseModel(bytes, 'm.safetensors'));

  it.each<[string, Uint8Array, string, string | number, string | number]>([
    [
      'a missing tensor',
      withTensor('lstm.1.bias', () => null),
      'lstm.1.bias',
      'I32 [4,6]',
      'no tensor',
    ],
    ['an additional tensor', withTensor('extra', (t) => t), 'extra', 'no such tensor', 'a tensor'],
    [
      'another type',
      withTensor('lstm.0.x.codes', (t) => ({ ...t, dtype: 'U8' })),
      'lstm.0.x.codes',
      'I8 [4,4,1,4,4]',
      'U8 [4,4,1,4,4]',
    ],
    [
      'another shape',
      withTensor('output.codes', (t) => ({ ...t, shape: [1, 6, 3] })),
      'output.codes',
      'I8 [1,3,6]',
      'I8 [1,6,3]',
    ],
    [
      'a code outside its word',
      withByte('output.codes', 0, 32),
      'output.codes',
      'codes from -32 to 31',
      32,
    ],
    [
      'a bias outside its word',
      withByte('output.bias', 2, 1),
      'output.bias',
      'codes from -32768 to 32767',
      expect.any(Number) as unknown as number,
    ],
    ['an index out of range', withByte('lstm.0.x.index.0', 0, 2), 'lstm.0.x gate 0', '0 to 1', 2],
    [
      'a code in the padding',
      withByte('lstm.0.h.codes', -1, 1),
      'lstm.0.h.codes',
      'zeros beyond the matrix',
      '1 other codes',
    ],
    [
      'a table beyond one',
      withByte('table.tanh.y0', 127 * 4 + 1, 0x20),
      'table.tanh.y0',
      expect.any(String) as unknown as string,
      expect.any(Number) as unknown as number,
    ],
    [
      'a table that does not join',
      withByte('table.sigmoid.slope', 0, 60),
      'table.sigmoid.y0',
      '2108 at 1',
      2112,
    ],
    ['other cells', withField('layers.0.cells', 8), 'lstm.0.x.rows', 8, 12],
    ['other inputs', withField('layers.0.inputs', 8), 'lstm.0.x.columns', 8, 10],
    [
      'a layer that does not follow the one below',
      withField('layers.1.inputs', 8),
      'lstm.1.inputs',
      12,
      8,
    ],
    ['no square recurrent matrix', withField('layers.1.h.columns', 8), 'lstm.1.h.columns', 6, 8],
    [
      'another shape of bias',
      withTensor('lstm.0.bias', (t) => ({ ...t, shape: [12, 4] })),
      'lstm.0.bias',
      'I32 [4,12]',
      'I32 [12,4]',
    ],
    ['other outputs', withField('output.outputs', 4), 'output.rows', 4, 3],
    [
      'a pattern in the output layer',
      withField('output.weights', { ...description.output.weights, blocks: [1], keep: [1] }),
      'output',
      'a dense matrix',
      'a block pattern',
    ],
    ['a layer that does not follow', withField('output.inputs', 7), 'output.inputs', 6, 7],
    [
      'a count that is too large',
      withField('layers.0.x.keep', [1, 3]),
      'lstm.0.x.codes',
      'I8 [4,4,3,4,4]',
      'I8 [4,4,1,4,4]',
    ],
    ['a missing level', withField('layers.0.x.keep', [1]), 'lstm.0.x.keep', '2 levels', 1],
    [
      'another fill list',
      withField('layers.0.x.filledPositions', [0]),
      'lstm.0.x.filledPositions',
      4,
      1,
    ],
    [
      'too much fill',
      withField('layers.0.x.filledPositions', [0, 0, 0, 999]),
      'lstm.0.x gate 3',
      expect.any(String) as unknown as string,
      999,
    ],
    ['a weight word of 17 bits', withField('words.weight', 17), 'words.weight', '2 to 16 bits', 17],
    ['a cell word of 25 bits', withField('words.cell', 25), 'words.cell', '8 to 24 bits', 25],
    [
      'a binary point out of reach',
      withField('inputFraction', 99),
      'inputFraction',
      '-32 to 32',
      99,
    ],
    [
      'sums beyond 53 bits',
      withField('layers.0.biasFraction', -32),
      'layer 0 gate sums',
      'at most 53 bits',
      expect.any(Number) as unknown as number,
    ],
    [
      'another table scheme',
      withField('tables.segments', 64),
      'hcgs_model.tables.segments',
      128,
      64,
    ],
  ])('%s', (_, bytes, field, expected, got) => {
    expect(refuses(bytes)).toMatchObject({ file: 'm.safetensors', field, expected, got });
  });

  it('an unknown field of the description', () => {
    expect(refuses(withField('colour', 'blue'))).toMatchObject({
      code: 'MODEL_INVALID',
      field: 'hcgs_model',
    });
  });

  it('a description that is no JSON', () => {
    const metadata = { ...content.metadata, hcgs_model: '{' };
    const bytes = writeSafetensors({ metadata, tensors: content.tensors });
    expect(refuses(bytes)).toMatchObject({ field: 'hcgs_model', expected: 'JSON text' });
  });
});
