import { describe, expect, test } from 'vitest';
import { styled } from '../../generator/accelerator/build/styled.js';
import { ImageWriter, imageOfWords } from '../../generator/accelerator/images/hex.js';
import { buildImages, type DesignOptions, planDesign } from '../../generator/accelerator/index.js';
import { romsOf, storesOf } from '../../generator/accelerator/memory/stores.js';
import { inventory } from '../../generator/hdl/index.js';
import { type RandomOptions, randomModel } from '../../generator/network/random.js';

type Shape = Omit<RandomOptions, 'words' | 'seed' | 'outputs'> & { readonly outputs?: number };

const k = (kept: number, n: number) => ({ k: kept, n });
const two = { kind: 'hcgs' as const, blocks: [8, 4], keep: [k(1, 2), k(1, 2)] };
const one = { kind: 'hcgs' as const, blocks: [4], keep: [k(1, 2)] };
const dense = { kind: 'hcgs' as const, blocks: [], keep: [] };
const shared = { sharing: 'shared' } as const;

const WORDS = { weight: 6, activation: 13, cell: 16, bias: 16 };

const DESIGNS: readonly [string, Shape, Omit<DesignOptions, 'name'>][] = [
  [
    'two layers',
    { ...shared, inputs: 16, hidden: [16, 16], patterns: [two], outputs: 5 },
    { macs: 64 },
  ],
  ['no output layer', { ...shared, inputs: 16, hidden: [16, 32], patterns: [two] }, { macs: 64 }],
  ['one layer', { ...shared, inputs: 10, hidden: [24], patterns: [one] }, { macs: 16 }],
  [
    'a mask per gate',
    { sharing: 'per-gate', inputs: 20, hidden: [32, 16], patterns: [two], outputs: 7 },
    { macs: 64 },
  ],
  ['dense', { ...shared, inputs: 6, hidden: [20], patterns: [dense], outputs: 3 }, { macs: 4 }],
  [
    'time-multiplexed lane',
    { ...shared, inputs: 8, hidden: [16], patterns: [one], outputs: 3 },
    { macs: 4, cellCycles: 32 },
  ],
  [
    'time-multiplexed lane, no output layer',
    { ...shared, inputs: 8, hidden: [16, 8], patterns: [one] },
    { macs: 16, cellCycles: 30 },
  ],
  [
    'banks of several ROMs',
    { ...shared, inputs: 64, hidden: [128, 128], patterns: [two], outputs: 12 },
    { macs: 256, bankWords: 64 },
  ],
  [
    'specialised',
    { ...shared, inputs: 16, hidden: [16, 16], patterns: [two], outputs: 5 },
    { macs: 64, style: 'specialised' },
  ],
  [
    'initial states',
    { ...shared, inputs: 16, hidden: [16, 24], patterns: [two], outputs: 5, initialState: true },
    { macs: 64, cellLanes: 2 },
  ],
  [
    'wide streams',
    { ...shared, inputs: 64, hidden: [32], patterns: [two] },
    { macs: 64, streamLanes: 8 },
  ],
];

describe.each(DESIGNS)('every memory of a design with %s', (_, shape, options) => {
  const model = randomModel({ outputs: 0, ...shape, words: WORDS, seed: 1 });
  const { configuration } = planDesign(model, { name: 'dut', ...options });
  const stores = storesOf(configuration);
  const { memories } = inventory(styled(configuration));
  const blockOf = (path: string) => path.split('.')[1];

  test('has the image that generation writes: its name, words, and digits of a word', () => {
    const images = buildImages(configuration, model);
    const written = [...images].map(([path, text]) => {
      const lines = text.trimEnd().split('\n');
      expect(text.endsWith('\n')).toBe(true);
      return { image: path, words: lines.length, digits: [...new Set(lines.map((l) => l.length))] };
    });
    expect(written).toEqual(
      romsOf(configuration).map(({ image, words, width }) => ({
        ...{ image, words, digits: [Math.ceil(width / 4)] },
      })),
    );
    for (const { image, width } of romsOf(configuration)) {
      const most = 1n << BigInt(width);
      const lines = (images.get(image) as string).trimEnd().split('\n');
      expect(lines.filter((line) => BigInt(`0x${line}`) >= most)).toEqual([]);
    }
  });

  test('stands in the hardware, in its block, with its size, as often as it says', () => {
    const roms = memories.filter(({ image }) => image !== null);
    const places = roms.map(({ path, image, width, depth }) =>
      [image, blockOf(path), width, depth].join(' '),
    );
    const said = romsOf(configuration).flatMap(({ image, block, width, words, copies }) =>
      Array.from({ length: copies }, () => [image, block, width, words].join(' ')),
    );
    expect(places.sort()).toEqual(said.sort());
  });

  test('of its frames has the bits of the RAMs in its block', () => {
    const bits = new Map<string, number>();
    const add = (block: string, n: number) => bits.set(block, (bits.get(block) ?? 0) + n);
    for (const { kind, block, width, words, copies } of stores) {
      if (kind === 'ram') add(block, width * words * copies);
    }
    // the queue of the output stream is registers
    const rams = memories.filter((m) => m.image === null && !m.path.endsWith('.queue'));
    for (const { path, width, depth } of rams) add(blockOf(path) as string, -width * depth);
    expect([...bits].filter(([, left]) => left !== 0)).toEqual([]);
    expect(bits.size).toBe(4);
  });
});

describe('an image is refused, not cut, where its store has no room', () => {
  const size = { width: 6, words: 2 };

  test('for another word', () => {
    expect(() => imageOfWords([1n, 2n, 3n], size)).toThrow('image of 3 words in 2');
    const image = new ImageWriter(size.width, size.words);
    for (let n = 0; n < 3; n++) image.next();
    expect(() => image.finish()).toThrow('image of 3 words in a memory of 2');
  });

  test('for another bit', () => {
    expect(imageOfWords([63n], size)).toBe('3f\n00\n');
    expect(() => imageOfWords([64n], size)).toThrow('0x40 in a word of 6 bits');
    const image = new ImageWriter(size.width, size.words);
    image.put(4, 2, 3);
    expect(() => image.put(5, 2, 3)).toThrow('bit 6 of a word of 6 bits');
    image.next();
    expect(image.finish()).toBe('30\n00\n');
  });

  test('for the tiles of a larger model', () => {
    const options = {
      ...(DESIGNS[0] as (typeof DESIGNS)[number])[1],
      words: WORDS,
      seed: 1,
      outputs: 0,
    };
    const { configuration } = planDesign(randomModel(options), { name: 'dut', macs: 64 });
    const larger = randomModel({ ...options, hidden: [32, 32] });
    expect(() => buildImages(configuration, larger)).toThrow(/^\d+ tiles in banks of \d+ words$/);
  });
});
