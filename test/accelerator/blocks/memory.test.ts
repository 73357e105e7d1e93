import { describe, it } from 'vitest';
import { actMemory } from '../../../generator/accelerator/memory/act-memory.js';
import { ram, rom } from '../../../generator/accelerator/memory/leaf.js';
import { Random } from '../../../generator/base/random.js';
import { withMutants } from '../../support/mutants.js';
import type { InputVector, OutputVector } from '../../support/verilated-block.js';
import { image, randomWord, slice } from '../../support/words.js';

const SEED = 3;

describe('rom', () => {
  const DEPTH = 5;
  const WIDTH = 37;

  it('reads one cycle late, and keeps its word while enable is low', async () => {
    const random = new Random(SEED);
    const words = Array.from({ length: DEPTH }, () => randomWord(random, WIDTH));
    const vectors = Array.from({ length: 300 }, (_, n) => ({
      enable: n < DEPTH ? 1 : random.below(2),
      address: n < DEPTH ? n : random.below(DEPTH),
    }));
    const block = await withMutants(
      rom('dut'),
      {
        'reads the next word': { module: 'rom', from: 'words[address]', to: 'words[address + 1]' },
        'always reads': { module: 'rom', from: 'if (enable)', to: "if (1'b1)" },
      },
      { WIDTH, DEPTH, INIT_FILE: 'words.mem' },
    );
    const errors = (out: readonly OutputVector[]): number => {
      let word: bigint | null = null;
      return out.filter(({ data }, n) => {
        const wrong = word !== null && data !== word;
        const { enable, address } = vectors[n] as (typeof vectors)[number];
        if (enable === 1) word = words[address] as bigint;
        return wrong;
      }).length;
    };
    await block.check(vectors, errors, { files: { 'words.mem': image(words) } });
  });
});

describe('rom without an image', () => {
  it('reads zeros', async () => {
    const block = await withMutants(
      rom('dut'),
      { 'is not cleared': { module: 'rom', from: "{WIDTH{1'b0}}", to: "{WIDTH{1'b1}}" } },
      { WIDTH: 5, DEPTH: 3 },
    );
    const vectors = [0, 1, 2, 0].map((address) => ({ enable: 1, address }));
    const nonzero = (out: readonly OutputVector[]): number =>
      out.slice(1).filter(({ data }) => data !== 0n).length;
    await block.check(vectors, nonzero);
  });
});

describe('ram', () => {
  const DEPTH = 6;
  const WIDTH = 35;

  it('is cleared at the start, returns the old word of a collision, and keeps its word while not read', async () => {
    const random = new Random(SEED);
    const vectors = Array.from({ length: 1000 }, (_, n) => ({
      write_enable: n < DEPTH ? 0 : random.below(2),
      write_address: random.below(DEPTH),
      write_data: randomWord(random, WIDTH),
      read_enable: n < DEPTH ? 1 : random.below(2),
      read_address: n < DEPTH ? n : random.below(DEPTH),
    }));
    const change = (from: string, to: string) => ({ module: 'ram', from, to });
    const block = await withMutants(
      ram('dut'),
      {
        'is not cleared': change("{WIDTH{1'b0}}", "{WIDTH{1'b1}}"),
        'reads what is being written': change(
          'read_data <= words[read_address]',
          'read_data <= write_enable && write_address == read_address ? write_data : words[read_address]',
        ),
        'writes always': change('if (write_enable)', "if (1'b1)"),
        'reads always': change('if (read_enable)', "if (1'b1)"),
      },
      { WIDTH, DEPTH },
    );
    const errors = (out: readonly OutputVector[]): number => {
      const words = Array.from({ length: DEPTH }, () => 0n);
      let word: bigint | null = null;
      return out.filter(({ read_data }, n) => {
        const v = vectors[n] as (typeof vectors)[number];
        const wrong = word !== null && read_data !== word;
        if (v.read_enable === 1) word = words[v.read_address] as bigint;
        if (v.write_enable === 1) words[v.write_address] = v.write_data;
        return wrong;
      }).length;
    };
    await block.check(vectors, errors);
  });
});

describe('activation memory with banks', () => {
  const LANE_BITS = 7;
  const ROWS = 6;

  /** Mutations of the branch that a pair of widths takes. */
  const shapes = [
    {
      name: 'writes as wide as it reads',
      write: 2,
      read: 2,
      mutations: {
        'writes the row above': {
          module: 'act_memory',
          from: 'write_address[ROW_BITS - 1:0]',
          to: "(write_address[ROW_BITS - 1:0] ^ 3'd1)",
        },
      },
    },
    {
      name: 'writes wider than it reads',
      write: 8,
      read: 2,
      mutations: {
        'takes the bank of the address of now': {
          module: 'act_memory',
          from: '{BANK_BITS{bank_select == bank}}',
          to: '{BANK_BITS{read_address[SELECT_BITS - 1:0] == bank}}',
        },
        'has its banks in the other order': {
          module: 'act_memory',
          from: 'bank_select <= read_address[SELECT_BITS - 1:0]',
          to: 'bank_select <= ~read_address[SELECT_BITS - 1:0]',
        },
      },
    },
    {
      name: 'reads wider than it writes',
      write: 1,
      read: 4,
      mutations: {
        'writes to all banks': {
          module: 'act_memory',
          from: /write_enable && \(bank_select == bank\)/,
          to: 'write_enable',
        },
        'writes to the wrong bank': {
          module: 'act_memory',
          from: /wire \[SELECT_BITS - 1:0\] bank_select = /,
          to: 'wire [SELECT_BITS - 1:0] bank_select = ~',
        },
      },
    },
  ] as const;

  it.each(shapes)('$name', async ({ write, read, mutations }) => {
    const random = new Random(SEED);
    const lanes = ROWS * Math.max(write, read);
    const [writeWords, readWords] = [lanes / write, lanes / read];
    const bits = (n: number): number => Math.max(1, Math.ceil(Math.log2(n)));
    const block = await withMutants(actMemory('dut', ram('dut')), mutations, {
      LANE_BITS,
      WRITE_LANES: write,
      READ_LANES: read,
      ROWS,
      WRITE_ADDRESS_BITS: bits(writeWords),
      READ_ADDRESS_BITS: bits(readWords),
    });
    const vectors: InputVector[] = Array.from({ length: 1500 }, () => ({
      write_enable: random.below(2),
      write_address: random.below(writeWords),
      write_data: randomWord(random, write * LANE_BITS),
      read_enable: random.below(3) > 0 ? 1 : 0,
      read_address: random.below(readWords),
    }));
    const errors = (out: readonly OutputVector[]): number => {
      const memory = Array.from({ length: lanes }, () => 0n);
      let expected: bigint[] | null = null;
      return out.filter(({ read_data }, n) => {
        const wrong = expected?.some((v, i) => slice(read_data, i, LANE_BITS) !== v) ?? false;
        const v = vectors[n] as Record<string, number | bigint>;
        if (v.read_enable === 1) {
          const first = Number(v.read_address) * read;
          expected = memory.slice(first, first + read);
        }
        if (v.write_enable === 1) {
          for (let i = 0; i < write; i++) {
            memory[Number(v.write_address) * write + i] = slice(
              v.write_data as bigint,
              i,
              LANE_BITS,
            );
          }
        }
        return wrong;
      }).length;
    };
    await block.check(vectors, errors);
  });
});
