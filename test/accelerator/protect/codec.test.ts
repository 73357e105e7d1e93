import { describe, expect, it, test } from 'vitest';
import type { Protection } from '../../../generator/accelerator/plan/configuration.js';
import { checkBitsOf, positionOf } from '../../../generator/accelerator/protect/code.js';
import { decoder, encoder } from '../../../generator/accelerator/protect/codec.js';
import {
  protectedImage,
  wordEncoder,
} from '../../../generator/accelerator/protect/encode-image.js';
import { Random } from '../../../generator/base/random.js';
import {
  bit,
  defineModule,
  type Expr,
  input,
  type Module,
  output,
  type Port,
  uint,
} from '../../../generator/hdl/index.js';
import { type Mutations, withMutants } from '../../support/mutants.js';
import type { OutputVector } from '../../support/verilated-block.js';
import { randomWord } from '../../support/words.js';

const SEED = 21;
/** Around every width at which a check bit more is needed, and some of real memories. */
const WIDTHS = [1, 2, 4, 5, 11, 12, 26, 27, 64];

const encoded = (kind: Protection, width: number, word: bigint): bigint => {
  const digits = word.toString(16).padStart(Math.ceil(width / 4), '0');
  return BigInt(`0x${wordEncoder(kind, width)(digits)}`);
};
const ones = (word: bigint): number => word.toString(2).replaceAll('0', '').length;

describe('the extended Hamming code', () => {
  test('has the least check bits, and a number that is no power of two for each data bit', () => {
    let position = 2;
    for (let width = 1; width <= 4096; width++) {
      const bits = checkBitsOf('secded', width) - 1;
      expect(2 ** bits > width + bits && 2 ** (bits - 1) <= width + bits - 1).toBe(true);
      do position++;
      while ((position & (position - 1)) === 0);
      expect(positionOf(width - 1).constant).toBe(position);
      expect(position).toBeLessThan(2 ** bits);
    }
  });

  test('keeps different words four bits apart at least, which is what it needs to tell two flips', () => {
    for (const width of [1, 3, 5]) {
      const words = Array.from({ length: 2 ** width }, (_, n) =>
        encoded('secded', width, BigInt(n)),
      );
      for (const [n, a] of words.entries()) {
        for (const b of words.slice(n + 1)) expect(ones(a ^ b)).toBeGreaterThanOrEqual(4);
      }
    }
  });

  test('stores a word of zeros as zeros, and has an even number of ones', () => {
    const random = new Random(SEED);
    for (const kind of ['parity', 'secded'] as const) {
      for (const width of WIDTHS) {
        expect(encoded(kind, width, 0n)).toBe(0n);
        const word = randomWord(random, width);
        const stored = encoded(kind, width, word);
        expect(ones(stored) % 2).toBe(0);
        expect(BigInt.asUintN(width, stored)).toBe(word);
      }
    }
  });

  test('of an image is that of each of its words, at the digits that a stored word has', () => {
    // 0x25 = 100101: an odd number of ones; with six bits and one above them two digits
    expect(protectedImage('parity', 6, '25\n3f\n00\n')).toBe('65\n3f\n00\n');
    // data bits 0 and 3 have the numbers 3 and 7: check bits 100, three ones
    expect(protectedImage('secded', 4, '9\n')).toBe('c9\n');
  });
});

/** Encoders and decoders of every width side by side: ports with the width at the end of their names. */
function codecs(kind: Protection): Module {
  const [coder, reader] = [encoder('dut', kind), decoder('dut', kind)];
  const stored = (width: number) => uint(width + checkBitsOf(kind, width));
  return defineModule({
    name: 'codecs',
    doc: 'A bench.',
    parameters: {},
    ports: () =>
      Object.fromEntries(
        WIDTHS.flatMap((width): [string, Port][] => [
          [`given_${width}`, input(uint(width))],
          [`made_${width}`, output(stored(width))],
          [`word_${width}`, input(stored(width))],
          [`data_${width}`, output(uint(width))],
          [`fault_${width}`, output(bit)],
          [`lost_${width}`, output(bit)],
        ]),
      ),
    body: (m, _p, io) => {
      for (const width of WIDTHS) {
        const of = (port: string) => io[`${port}_${width}`] as Expr<'u'>;
        m.instance(
          `u_encoder_${width}`,
          coder,
          { data: of('given'), word: of('made') },
          { WIDTH: width },
        );
        m.instance(
          `u_decoder_${width}`,
          reader,
          { word: of('word'), data: of('data'), fault: of('fault'), lost: of('lost') },
          { WIDTH: width },
        );
      }
    },
  });
}

const CASES = 1000;

/** Words of a width, each with none, one or two bits flipped on its way; of one flip every place there is. */
function casesOf(kind: Protection, width: number, random: Random) {
  const stored = width + checkBitsOf(kind, width);
  return Array.from({ length: CASES }, (_, n) => {
    const flips = n < stored ? [n] : random.sample(random.below(3), stored);
    const data = randomWord(random, width);
    const whole = encoded(kind, width, data);
    const word = flips.reduce((w, at) => w ^ (1n << BigInt(at)), whole);
    return { width, data, whole, word, flipped: flips.length };
  });
}

/** Outputs of the bench that are wrong for one case. */
function isWrong(
  kind: Protection,
  { width, data, whole, flipped }: ReturnType<typeof casesOf>[number],
  seen: OutputVector,
): boolean {
  const corrects = kind === 'secded';
  const of = (port: string) => seen[`${port}_${width}`];
  return (
    of('made') !== whole ||
    ((corrects ? flipped < 2 : flipped === 0) && of('data') !== data) ||
    of('fault') !== BigInt(corrects ? flipped > 0 : flipped === 1) ||
    of('lost') !== BigInt(corrects ? flipped === 2 : flipped === 1)
  );
}

const MUTANTS: Readonly<Record<Protection, Mutations>> = {
  secded: {
    'puts nothing right': {
      module: 'decoder',
      from: 'read_data[place] ^',
      to: "read_data[place] ^ 1'b0 &",
    },
    'takes two flips for one': { module: 'decoder', from: 'lost = !odd_ones &&', to: 'lost =' },
    'does not see a flipped parity': { module: 'decoder', from: 'odd_ones || some', to: 'some' },
    'leaves the check bits out of the parity': {
      module: 'encoder',
      from: 'ones ^ (^checks)',
      to: 'ones',
    },
    'has a column too few in a check bit': {
      module: 'checks',
      from: "16'd43690",
      to: "16'd43688",
    },
    'counts rows for the neighbour of a check bit': {
      module: 'checks',
      from: 'ROW_NUMBER[upper]',
      to: 'ROW_NUMBER[upper + 1]',
    },
  },
  parity: {
    'sees no flip': { module: 'decoder', from: 'fault = odd_ones', to: "fault = 1'b0" },
    'makes the ones odd': { module: 'encoder', from: '^data', to: '~^data' },
  },
};

describe('encoders and decoders in hardware', () => {
  it.each(['secded', 'parity'] as const)('do what the code says: %s', async (kind) => {
    console.info(`seed ${SEED}`);
    const random = new Random(SEED);
    const cases = WIDTHS.map((width) => casesOf(kind, width, random));
    const vectors = Array.from({ length: CASES }, (_, n) =>
      Object.fromEntries(
        cases.flatMap((own) => {
          const { width, data, word } = own[n] as (typeof own)[number];
          return [
            [`given_${width}`, data],
            [`word_${width}`, word],
          ] as const;
        }),
      ),
    );
    const block = await withMutants(codecs(kind), MUTANTS[kind]);
    await block.check(
      vectors,
      (out) =>
        out.filter((seen, n) =>
          cases.some((own) => isWrong(kind, own[n] as (typeof own)[number], seen)),
        ).length,
    );
  });
});
