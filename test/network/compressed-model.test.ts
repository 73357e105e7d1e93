import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { Random } from '../../generator/base/random.js';
import { CELL_KINDS } from '../../generator/network/cells/registry.js';
import {
  isCompressedModel,
  modelBytes,
  parseModel,
  readModel,
  writeModel,
} from '../../generator/network/compressed-model.js';
import {
  readSafetensors,
  type Tensor,
  writeSafetensors,
} from '../../generator/network/formats/safetensors.js';
import { randomModel } from '../../generator/network/random.js';
import { PATTERNS } from '../../generator/sparsity/registry.js';
import { redirected } from '../support/directed.js';
import { startedModels } from '../support/networks.js';
import { randomProgram } from '../support/random-program.js';
import { refusal } from '../support/refusal.js';
import { stackOf, withStack } from '../support/stack.js';

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
const content = readSafetensors(modelBytes(model), 'm');
const description = JSON.parse(content.metadata.hcgs_model ?? '');

const folder = mkdtempSync(join(tmpdir(), 'hcgs-model-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

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

describe('the compressed-model file', () => {
  it('comes back as it was written, and the same model gives the same bytes', () => {
    fc.assert(
      fc.property(startedModels, (drawn) => {
        const bytes = modelBytes(drawn);
        const back = parseModel(bytes, 'm');
        expect(back).toEqual(drawn);
        expect(modelBytes(back)).toEqual(bytes);
      }),
    );
  });

  it('holds the directions of passes, and says nothing of those that run forward', () => {
    for (let seed = 1; seed <= 20; seed++) {
      const random = new Random(seed);
      const drawn = redirected(randomProgram(seed), random);
      const back = parseModel(modelBytes(drawn), 'm');
      expect(back, `seed ${seed}`).toEqual(drawn);
      const { metadata } = readSafetensors(modelBytes(drawn), 'm');
      const { passes } = JSON.parse(metadata.hcgs_model ?? '');
      drawn.passes.forEach(({ direction, aligned }, n) => {
        const own = { ...(direction && { direction }), ...(aligned === false && { aligned }) };
        const { direction: _, aligned: __, ...rest } = passes[n];
        expect(passes[n]).toEqual({ ...rest, ...own });
      });
    }
  });

  it.each([
    ['passes.0.direction', 'forward'],
    ['passes.0.direction', null],
    ['passes.0.aligned', true],
  ])('refuses %s = %s, which no file says', (path, value) => {
    expect(refusal(() => parseModel(withField(path, value), 'm'))).toMatchObject({
      code: 'MODEL_INVALID',
      field: `hcgs_model.${path}`,
    });
  });

  it('refuses directions that mean nothing before it reads a tensor', () => {
    expect(
      refusal(() => parseModel(withField('passes.2.direction', 'backward'), 'm')),
    ).toMatchObject({ code: 'MODEL_INVALID', field: 'pass.2.direction', file: 'm' });
    expect(refusal(() => parseModel(withField('passes.0.aligned', false), 'm'))).toMatchObject({
      ...{ code: 'MODEL_INVALID', field: 'pass.0.aligned', file: 'm' },
    });
  });

  it('holds passes that read any vectors', () => {
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const drawn = randomProgram(seed);
        const bytes = modelBytes(drawn);
        expect(parseModel(bytes, 'm')).toEqual(drawn);
        expect(modelBytes(parseModel(bytes, 'm'))).toEqual(bytes);
      }),
    );
  });

  it('says nothing of a start where an utterance starts from zeros', () => {
    const names = [...content.tensors.keys()].filter((name) => name.includes('initial'));
    expect([names, JSON.stringify(description).includes('initial')]).toEqual([[], false]);
  });

  it('holds kept blocks only', () => {
    // 12 x 10 in blocks of 8: 16 x 16 padded, 4 rows of 4-blocks, one kept: 4 gates x 4 x 16 codes
    expect(content.tensors.get('pass.0.x.codes')).toMatchObject({
      dtype: 'I8',
      shape: [4, 4, 1, 4, 4],
    });
    expect(content.tensors.get('pass.0.x.index.1')).toMatchObject({
      dtype: 'U8',
      shape: [4, 4, 1],
    });
  });

  it('is written as one step and read again', async () => {
    const path = join(folder, 'deep', 'm.safetensors');
    await writeModel(path, model);
    expect(await readModel(path)).toEqual(model);
    expect(readdirSync(join(folder, 'deep'))).toEqual(['m.safetensors']);
  });

  it('is recognised', () => {
    expect(isCompressedModel(content)).toBe(true);
    expect(isCompressedModel({ metadata: { format: 'pt' }, tensors: new Map() })).toBe(false);
  });

  it('keeps fill apart from kept weights', () => {
    const [layer] = stackOf(model).layers;
    if (layer === undefined) throw new Error('no layer');
    const patterns = layer.x.patterns.map((pattern, g) =>
      g === 2 ? { ...pattern, filledPositions: 5 } : pattern,
    );
    const layers = [{ ...layer, x: { ...layer.x, patterns } }, ...stackOf(model).layers.slice(1)];
    const filled = withStack(model, { layers });
    expect(parseModel(modelBytes(filled), 'm')).toEqual(filled);
  });

  it('cannot be written with codes outside the kept blocks', () => {
    const codes = new Int16Array(4 * 12 * 10).fill(1);
    const [layer] = stackOf(model).layers;
    if (layer === undefined) throw new Error('no layer');
    const layers = [{ ...layer, x: { ...layer.x, codes } }, ...stackOf(model).layers.slice(1)];
    const broken = withStack(model, { layers });
    expect(() => modelBytes(broken)).toThrow(/pass.0.x has codes outside/);
  });
});

describe('what an utterance starts with', () => {
  const started = randomModel({
    ...{ inputs: 3, hidden: [4, 2], patterns: [null], sharing: 'shared', outputs: 2, seed: 3 },
    words: { weight: 6, activation: 13, cell: 9, bias: 7 },
    initialState: true,
  });
  const { metadata, tensors } = readSafetensors(modelBytes(started), 'm');
  const text = metadata.hcgs_model ?? '';
  const refuses = (said: string, change: (own: Map<string, Tensor>) => void = () => undefined) => {
    const own = new Map(tensors);
    change(own);
    const bytes = writeSafetensors({ metadata: { ...metadata, hcgs_model: said }, tensors: own });
    return refusal(() => parseModel(bytes, 'm'));
  };
  const word = (name: string, value: number) => (own: Map<string, Tensor>) => {
    const tensor = own.get(name) as Tensor;
    const bytes = tensor.bytes.slice();
    new DataView(bytes.buffer).setInt32(4, value, true);
    own.set(name, { ...tensor, bytes });
  };
  const [first, state] = ['pass.1.initial.bias', 'pass.1.initial.state'];

  it('is a flag of the pass, and two tensors', () => {
    expect(text.match(/"initial":true/g)).toHaveLength(2);
    expect(tensors.get(first)).toMatchObject({ dtype: 'I32', shape: [4, 2] });
    expect(tensors.get(state)).toMatchObject({ dtype: 'I32', shape: [2] });
    expect(tensors.has('pass.2.initial.bias')).toBe(false);
  });

  it('is refused where a tensor is missing, or nobody asks for it', () => {
    expect(refuses(text, (own) => own.delete(first))).toMatchObject({
      ...{ field: first, expected: 'I32 [4,2]', got: 'no tensor' },
    });
    expect(refuses(text, (own) => own.delete(state))).toMatchObject({ field: state });
    expect(refuses(text.replace(',"initial":true', ''))).toMatchObject({
      ...{ field: 'pass.0.initial.bias', expected: 'no such tensor', got: 'a tensor' },
    });
    const other = (own: Map<string, Tensor>) =>
      own.set(state, { ...(own.get(state) as Tensor), shape: [1, 2] });
    expect(refuses(text, other)).toMatchObject({ expected: 'I32 [2]', got: 'I32 [1,2]' });
  });

  it('is refused outside of its word', () => {
    expect(refuses(text, word(first, 64))).toMatchObject({
      ...{ field: first, expected: 'codes from -64 to 63', got: 64 },
    });
    expect(refuses(text, word(state, -257))).toMatchObject({
      ...{ field: state, expected: 'codes from -256 to 255', got: -257 },
    });
  });

  it.each(['false', '1', 'null', '"yes"', '{}'])('is refused where the flag is %s', (flag) => {
    expect(refuses(text.replace('"initial":true', `"initial":${flag}`))).toMatchObject({
      ...{ code: 'MODEL_INVALID', field: 'hcgs_model.passes.0.initial' },
    });
  });

  it('is refused in a pass that keeps nothing from frame to frame', () => {
    const own = JSON.parse(text);
    own.passes[2].initial = true;
    expect(refuses(JSON.stringify(own))).toMatchObject({
      code: 'MODEL_INVALID',
      field: 'pass.2.initial',
      expected: 'none, as the pass keeps nothing from frame to frame',
    });
  });

  it('cannot be written without the state of a cell that has one', () => {
    const passes = started.passes.map((pass) =>
      pass.initial === undefined ? pass : { ...pass, initial: { ...pass.initial, state: null } },
    );
    expect(refusal(() => modelBytes({ ...started, passes }))).toMatchObject({
      ...{ field: 'pass.0.initial.state', expected: '4 codes', got: 'null' },
    });
  });
});

describe('a file that does not match its description is refused', () => {
  const refuses = (bytes: Uint8Array) => refusal(() => parseModel(bytes, 'm.safetensors'));

  it.each<[string, Uint8Array, string, string | number, string | number]>([
    [
      'a missing tensor',
      withTensor('pass.1.bias', () => null),
      'pass.1.bias',
      'I32 [4,6]',
      'no tensor',
    ],
    ['an additional tensor', withTensor('extra', (t) => t), 'extra', 'no such tensor', 'a tensor'],
    [
      'another type',
      withTensor('pass.0.x.codes', (t) => ({ ...t, dtype: 'U8' })),
      'pass.0.x.codes',
      'I8 [4,4,1,4,4]',
      'U8 [4,4,1,4,4]',
    ],
    [
      'another shape',
      withTensor('pass.2.x.codes', (t) => ({ ...t, shape: [1, 6, 3] })),
      'pass.2.x.codes',
      'I8 [1,3,6]',
      'I8 [1,6,3]',
    ],
    [
      'a code outside its word',
      withByte('pass.2.x.codes', 0, 32),
      'pass.2.x.codes',
      'codes from -32 to 31',
      32,
    ],
    [
      'a bias outside its word',
      withByte('pass.2.bias', 2, 1),
      'pass.2.bias',
      'codes from -32768 to 32767',
      expect.any(Number) as unknown as number,
    ],
    ['an index out of range', withByte('pass.0.x.index.0', 0, 2), 'pass.0.x gate 0', '0 to 1', 2],
    [
      'a code in the padding',
      withByte('pass.0.h.codes', -1, 1),
      'pass.0.h.codes',
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
    [
      'other rows',
      withField('vectors.1.length', 8),
      'pass.0.x.codes',
      'I8 [4,2,1,4,4]',
      'I8 [4,4,1,4,4]',
    ],
    [
      'a count that is too large',
      withField('passes.0.operands.0.pattern.keep', [1, 3]),
      'pass.0.x.codes',
      'I8 [4,4,3,4,4]',
      'I8 [4,4,1,4,4]',
    ],
    [
      'a missing level',
      withField('passes.0.operands.0.pattern.keep', [1]),
      'pass.0.x.keep',
      '2 levels',
      1,
    ],
    [
      'another fill list',
      withField('passes.0.operands.0.pattern.filledPositions', [0]),
      'pass.0.x.filledPositions',
      4,
      1,
    ],
    [
      'too much fill',
      withField('passes.0.operands.0.pattern.filledPositions', [0, 0, 0, 999]),
      'pass.0.x gate 3',
      expect.any(String) as unknown as string,
      999,
    ],
    [
      'a vector that no pass writes',
      withField('passes.0.operands.0.vector', 9),
      'pass.0.x.vector',
      '0 to 0, for age 0',
      9,
    ],
    [
      'a vector of this frame that is not there yet',
      withField('passes.0.operands.1.age', 0),
      'pass.0.h.vector',
      '0 to 0, for age 0',
      1,
    ],
    [
      'a vector of the frame before that is written again',
      withField('passes.1.operands.1.vector', 1),
      'pass.1.h.vector',
      '2 to 3, for age 1',
      1,
    ],
    [
      'a pass that reads exact sums',
      withField('passes.1.operands.1', { ...description.passes[1].operands[1], vector: 3 }),
      'pass.1.h.vector',
      'a vector of rounded values',
      'exact sums of pass 2',
    ],
    [
      'a pass that nobody reads',
      withField('passes.1.operands.0.vector', 0),
      'pass.0',
      'a pass that reads it',
      'none',
    ],
    [
      'a cell with a vector too few',
      withField('passes.0.operands', description.passes[0].operands.slice(0, 1)),
      'pass.0.operands',
      2,
      1,
    ],
    [
      'a vector too many',
      withField('vectors.4', { length: 1, fraction: 0 }),
      'vectors',
      '4: the input, and one of each pass',
      5,
    ],
    ['another binary point', withField('vectors.2.fraction', 11), 'vectors.2.fraction', 12, 11],
    [
      'a state where there is none',
      withField('passes.2.stateFraction', 3),
      'pass.2.stateFraction',
      'null',
      '3',
    ],
    [
      'no state where there is one',
      withField('passes.0.stateFraction', null),
      'pass.0.stateFraction',
      'a number',
      'null',
    ],
    [
      'a matrix of too many codes',
      withField(
        'vectors',
        description.vectors.map(({ fraction }: { fraction: number }) => ({
          fraction,
          length: 65_536,
        })),
      ),
      'pass.0.x.codes',
      'at most 268435456',
      4 * 65_536 ** 2,
    ],
    ['a weight word of 17 bits', withField('words.weight', 17), 'words.weight', '2 to 16 bits', 17],
    ['a cell word of 25 bits', withField('words.cell', 25), 'words.cell', '8 to 24 bits', 25],
    [
      'a binary point out of reach',
      withField('vectors.0.fraction', 99),
      'vectors.0.fraction',
      '-32 to 32',
      99,
    ],
    [
      'sums beyond 53 bits',
      withField('passes.0.biasFraction', -32),
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

  it.each([
    ['a cell', 'passes.1.cell', 'ltc', CELL_KINDS.join(', ')],
    ['a pattern', 'passes.0.operands.1.pattern.kind', 'spirals', Object.keys(PATTERNS).join(', ')],
  ])('%s of a kind that this version does not know, by name', (_, path, kind, known) => {
    const { message, ...report } = refuses(withField(path, kind));
    expect(report).toMatchObject({ code: 'MODEL_KIND', field: path, expected: known, got: kind });
    expect(message).toMatch(
      /knows no .* "(ltc|spirals)" .*read the file with the version that wrote it/,
    );
  });

  it.each([
    ['a list of passes that is none', 'passes', 5],
    ['a cell that is no text', 'passes.0.cell', 5],
    ['a pattern that is none', 'passes.0.operands.0.pattern', null],
    ['an age beyond the last frame', 'passes.0.operands.0.age', 2],
    ['a field of a pass', 'passes.0.colour', 'blue'],
    ['a field of a pattern', 'passes.0.operands.0.pattern.colour', 'blue'],
    ['a vector without values', 'vectors.1.length', 0],
    ['no pass', 'passes', []],
  ])('%s', (_, path, value) => {
    expect(refuses(withField(path, value))).toMatchObject({
      code: 'MODEL_INVALID',
      expected: 'what docs/compressed-model.md says',
    });
  });

  it('another format', () => {
    const metadata = { ...content.metadata, hcgs_format: '3' };
    const bytes = writeSafetensors({ metadata, tensors: content.tensors });
    expect(refuses(bytes)).toMatchObject({
      code: 'MODEL_FORMAT',
      field: 'hcgs_format',
      expected: '1 or 2',
      got: '3',
    });
  });

  it('a file of the other format under this one', () => {
    const metadata = { ...content.metadata, hcgs_format: '1' };
    const bytes = writeSafetensors({ metadata, tensors: content.tensors });
    expect(refuses(bytes)).toMatchObject({ code: 'MODEL_INVALID', file: 'm.safetensors' });
  });

  it('a file that is no compressed model', () => {
    const bytes = writeSafetensors({ metadata: {}, tensors: content.tensors });
    expect(refuses(bytes).code).toBe('NOT_A_COMPRESSED_MODEL');
  });
});
