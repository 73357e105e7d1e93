import { describe, test } from 'vitest';
import { loadedStore } from '../../../generator/accelerator/load/loaded-store.js';
import { onePort } from '../../../generator/accelerator/memory/leaf.js';
import { Random } from '../../../generator/base/random.js';
import { type Mutations, withMutants } from '../../support/mutants.js';
import type { OutputVector } from '../../support/verilated-block.js';
import { randomWord } from '../../support/words.js';

const SEED = Number(process.env.HCGS_LOAD_SEED ?? 1);
const STORE = 2;
const WIDTH = 11;

/** A load of every place, then reads and single words of loads at random; a place changes with a read. */
function traffic(random: Random, depth: number, residents: number) {
  const loads = Array.from({ length: residents * depth }, (_, n) => ({
    ...{ write: true, read: false, store: STORE, place: Math.floor(n / depth), at: n % depth },
    ...{ model: 0, data: randomWord(random, WIDTH) },
  }));
  let model = 0;
  const rest = Array.from({ length: 1500 }, () => {
    const write = random.below(4) === 0;
    const read = !write && random.below(3) > 0;
    if (read && random.below(20) === 0) model = random.below(residents);
    return {
      ...{ write, read, store: random.below(4), place: random.below(residents) },
      ...{ at: random.below(depth), model, data: randomWord(random, WIDTH) },
    };
  });
  return [...loads, ...rest];
}

const vectorsOf = (moves: ReturnType<typeof traffic>, residents: number) =>
  moves.map(({ write, read, store, place, at, model, data }) => ({
    ...{ enable: read ? 1 : 0, address: at },
    ...{ store_write: write ? 1 : 0, store_number: store, store_address: at, store_data: data },
    ...(residents > 1 && { store_place: place, model }),
  }));

/** Words that come out other than a load has put them in. */
const errors =
  (moves: ReturnType<typeof traffic>) =>
  (out: readonly OutputVector[]): number => {
    const kept = new Map<string, bigint>();
    let last: { readonly word: bigint; readonly of: number } | null = null;
    return out.filter((seen, n) => {
      const { write, read, store, place, at, model, data } = moves[n] as (typeof moves)[number];
      const wrong = last !== null && last.of === model && seen.data !== last.word;
      if (read) last = { word: kept.get(`${model} ${at}`) as bigint, of: model };
      if (write && store === STORE) kept.set(`${place} ${at}`, data);
      return wrong;
    }).length;
  };

async function check(depth: number, residents: number, mutations: Mutations): Promise<void> {
  const bus = { number: 2, address: 7, data: 32 };
  const module = loadedStore('dut', onePort('dut'), bus, residents);
  const block = await withMutants(module, mutations, { WIDTH, DEPTH: depth, STORE });
  const moves = traffic(new Random(SEED), depth, residents);
  await block.check(vectorsOf(moves, residents), errors(moves));
}

const STORED: Mutations = {
  'takes the words of another store': {
    module: 'store',
    from: 'store_number == STORE',
    to: 'store_number != STORE',
  },
};

const IN_TWO: Mutations = {
  ...STORED,
  'has the last word read forgotten': {
    module: 'store',
    from: /read_beyond \? above : below/g,
    to: 'beyond ? above : below',
  },
  'reads the few where the others are': {
    module: 'store',
    from: /read_beyond \? above : below/g,
    to: 'read_beyond ? below : above',
  },
  'moves on without a read': {
    module: 'store',
    from: /if \(enable\) begin\n(\s*)read_beyond/g,
    to: 'if (1) begin\n$1read_beyond',
  },
  'writes the few to the others': {
    module: 'store',
    from: /write_beyond = store_address\[\$clog2\(POWER\)\]/g,
    to: "write_beyond = 1'b0",
  },
};

describe('a memory that a load fills', () => {
  test.each([1, 2, 3, 64, 69])('of %i words is one', (depth) => check(depth, 1, STORED));
  test.each([17, 65, 68])('of %i words has the few in another', (depth) => check(depth, 1, IN_TWO));
  test('of 68 words for each of two models', () => check(68, 2, IN_TWO));
});
