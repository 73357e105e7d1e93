import { beforeAll, describe, expect, test } from 'vitest';
import { planDesign } from '../../../generator/accelerator/index.js';
import { romsOf } from '../../../generator/accelerator/memory/stores.js';
import type { Protection } from '../../../generator/accelerator/plan/configuration.js';
import { checkBitsOf } from '../../../generator/accelerator/protect/code.js';
import { Random } from '../../../generator/base/random.js';
import { randomModel } from '../../../generator/network/random.js';
import { STANDARD_WORDS } from '../../support/kws.js';
import { simulate } from '../../support/simulate.js';
import { type Flip, type Flippable, flippable, type Played, withFlips } from './support/flipped.js';

const SEED = 31;
const FRAMES = 5;
const model = randomModel({
  ...{ inputs: 5, hidden: [16, 8], outputs: 3, sharing: 'shared', seed: 3 },
  words: STANDARD_WORDS,
  patterns: [{ kind: 'hcgs', blocks: [4], keep: [{ k: 1, n: 2 }] }],
});
const planned = (protect: Protection) =>
  planDesign(model, { name: 'dut', macs: 16, protect, tileRows: 2, tileColumns: 2 });

interface Subject {
  readonly design: Flippable;
  readonly clean: Played;
  readonly stores: readonly {
    readonly image: string;
    readonly words: number;
    readonly stored: number;
  }[];
}
const subjects = new Map<Protection, Subject>();
const of = (protect: Protection) => subjects.get(protect) as Subject;

beforeAll(async () => {
  console.info(`seed ${SEED}`);
  for (const protect of ['secded', 'parity'] as const) {
    const { configuration: c, prediction } = planned(protect);
    const { latencyCycles } = prediction;
    const design = await flippable(c, model, { frames: FRAMES, latencyCycles, seed: SEED });
    const stores = romsOf(c).map(({ image, words, width }) => {
      return { image, words, stored: width + checkBitsOf(protect, width) };
    });
    subjects.set(protect, { design, clean: await design.play({}), stores });
  }
});

/** One word of each image, with so many different bits of it flipped. */
function drawn(random: Random, { stores }: Subject, bits: number): Record<string, Flip[]> {
  return Object.fromEntries(
    stores.map(({ image, words, stored }) => {
      const word = random.below(words);
      return [image, random.sample(bits, stored).map((bit) => ({ word, bit }))];
    }),
  );
}

describe('a design of which no bit is flipped', () => {
  test.each(['secded', 'parity'] as const)('shows no fault: %s', (protect) => {
    const { clean } = of(protect);
    expect(clean.beats.length).toBeGreaterThan(0);
    expect([clean.error, clean.count]).toEqual([false, 0]);
    expect(clean.beats).toEqual(of('secded').clean.beats);
  });
});

describe('a design with SECDED', () => {
  test('has the same outputs with one flipped bit in a word of every memory, and says so', async () => {
    const random = new Random(SEED);
    for (let round = 0; round < 12; round++) {
      const { design, clean } = of('secded');
      const { beats, error, count } = await design.play(drawn(random, of('secded'), 1));
      expect(beats).toEqual(clean.beats);
      expect(error).toBe(false);
      expect(count).toBeGreaterThan(0);
    }
  });

  test('counts a faulty word of the weights each time that it is read: once in a frame', async () => {
    const random = new Random(SEED + 1);
    const { design, clean, stores } = of('secded');
    const banks = stores.filter(({ image }) => image.includes('_weights_'));
    for (const { image, words, stored } of banks) {
      for (const flipped of [1, 3, words]) {
        const flips = random.sample(flipped, words).map((word) => {
          return { word, bit: random.below(stored) };
        });
        const { beats, error, count } = await design.play({ [image]: flips });
        expect(beats).toEqual(clean.beats);
        expect([error, count]).toEqual([false, FRAMES * flipped]);
      }
    }
  });

  test('notices two flipped bits in a word of the weights, wherever they are', async () => {
    const random = new Random(SEED + 2);
    const { design, stores } = of('secded');
    for (let round = 0; round < 12; round++) {
      const [image = '', flips = []] =
        Object.entries(drawn(random, of('secded'), 2)).find(([path]) => path.includes('weights')) ??
        [];
      expect(stores.some((store) => store.image === image)).toBe(true);
      const { error, count } = await design.play({ [image]: flips });
      expect([error, count]).toEqual([true, FRAMES]);
    }
  });
});

describe('a design with parity', () => {
  test('notices one flipped bit in a word of the weights', async () => {
    const random = new Random(SEED + 3);
    for (let round = 0; round < 6; round++) {
      const flips = Object.entries(drawn(random, of('parity'), 1)).filter(([path]) =>
        path.includes('weights'),
      );
      const { error, count } = await of('parity').design.play(
        Object.fromEntries(flips.slice(0, 1)),
      );
      expect([error, count]).toEqual([true, FRAMES]);
    }
  });
});

describe('co-simulation', () => {
  test('complains of faults that were put right, and of nothing else', async () => {
    const { configuration: c } = planned('secded');
    const [first] = of('secded').stores;
    const { firstMismatch, complaints } = await simulate(c, model, {
      frames: 3,
      flip: (path, image) =>
        path === first?.image ? withFlips(image, [{ word: 1, bit: 5 }]) : image,
    });
    expect(firstMismatch).toBeNull();
    expect(complaints.length).toBeGreaterThan(0);
    expect(
      complaints.every((text) => text.startsWith('memory_error_count must be 0, is 1: ')),
    ).toBe(true);
  });

  test('of a loaded model sees its memories put right what is flipped in them', async () => {
    const { configuration: c } = planDesign(model, {
      name: 'dut',
      macs: 16,
      protect: 'secded',
      weights: 'loaded',
    });
    const { firstMismatch, complaints } = await simulate(c, model, {
      frames: 3,
      mutate: (file, text) =>
        file.endsWith('_protected_one_port.v')
          ? text.replace(/\.write_data +\(written\)/, '.write_data (written ^ (address == 1))')
          : text,
    });
    expect(firstMismatch).toBeNull();
    expect(complaints.length).toBeGreaterThan(0);
    expect(complaints.every((text) => text.startsWith('memory_error_count must be 0'))).toBe(true);
  });
});
