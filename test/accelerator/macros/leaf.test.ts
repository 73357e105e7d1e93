import { describe, it } from 'vitest';
import { gridFor, type MacroGrid } from '../../../generator/accelerator/macros/grid.js';
import { leafOnMacros } from '../../../generator/accelerator/macros/leaf-on-macros.js';
import { macroModel } from '../../../generator/accelerator/macros/model.js';
import {
  LEAF_ACCESS,
  type LeafAccess,
  onePort,
  ram,
} from '../../../generator/accelerator/memory/leaf.js';
import { Random } from '../../../generator/base/random.js';
import type { Macro } from '../../../generator/devices/macros/macro.js';
import type { Module } from '../../../generator/hdl/index.js';
import { type Mutations, withMutants } from '../../support/mutants.js';
import type { OutputVector } from '../../support/verilated-block.js';
import { randomWord } from '../../support/words.js';
import { ONE_PORT, SELECTED, TWO_PORTS, WRITE_AND_READ } from '../support/macro-lists.js';

const SEED = 9;
const RAM_ACCESS = LEAF_ACCESS[0] as LeafAccess;
const SHARED = LEAF_ACCESS[1] as LeafAccess;

/** A leaf on macros of one kind, for a size of its own and for one that none is. */
function onMacros(
  leaf: Module,
  access: LeafAccess,
  macro: Macro,
  width: number,
  words: number,
): { readonly module: Module; readonly grid: MacroGrid } {
  const grid = gridFor({ width, words }, access.atOnce, { macros: [macro] });
  if (typeof grid === 'string') throw new Error(grid);
  const module = leafOnMacros(leaf, access, [{ width, words, grid }], () => macroModel(macro));
  return { module, grid };
}

/** Writes and reads at random, never a read of a word that is being written or has never been. */
function traffic(random: Random, words: number, width: number, atOnce: boolean) {
  const written = new Set<number>();
  return Array.from({ length: 3000 }, (_, n) => {
    const write = n < words ? n : random.below(words);
    const writes = n < words || random.below(3) === 0;
    const read = atOnce ? random.below(words) : write;
    const reads =
      (atOnce ? read !== write || !writes : !writes) && written.has(read) && random.below(3) > 0;
    if (writes) written.add(write);
    return { writes, write, reads, read, data: randomWord(random, width) };
  });
}

type Traffic = ReturnType<typeof traffic>;

/** Counts words that come out other than they went in; data keep their value where nothing is read. */
function errors(pin: string, moves: Traffic, words: number) {
  return (out: readonly OutputVector[]): number => {
    const kept = Array.from({ length: words }, () => 0n);
    let word: bigint | null = null;
    return out.filter((seen, n) => {
      const wrong = word !== null && seen[pin] !== word;
      const { writes, write, reads, read, data } = moves[n] as Traffic[number];
      if (reads) word = kept[read] as bigint;
      if (writes) kept[write] = data;
      return wrong;
    }).length;
  };
}

const two = (moves: Traffic) =>
  moves.map(({ writes, write, reads, read, data }) => ({
    ...{ write_enable: writes ? 1 : 0, write_address: write, write_data: data },
    ...{ read_enable: reads ? 1 : 0, read_address: read },
  }));

/** Mutants of a grid with several rows. */
const rows: Mutations = {
  'takes the row of the address of now': {
    module: 'ram',
    from: /chosen_row == row/,
    to: 'read_row == row',
  },
  'writes to every row': {
    module: 'ram',
    from: 'write_enable && (write_row == row)',
    to: 'write_enable',
  },
  'reads in the other order of rows': {
    module: 'ram',
    from: 'chosen_row <= read_row',
    to: 'chosen_row <= ~read_row',
  },
};

const columns: Mutations = {
  'has the columns in one another': {
    module: 'ram',
    from: /macro_data\[\d+ \* column \+: \d+\]/,
    to: 'macro_data[0 +: 1]',
  },
};

describe('a memory of a write and a read port on macros', () => {
  const check = async (macro: Macro, width: number, words: number, mutations: Mutations) => {
    const { module } = onMacros(ram('dut'), RAM_ACCESS, macro, width, words);
    const block = await withMutants(module, mutations, { WIDTH: width, DEPTH: words });
    const moves = traffic(new Random(SEED), words, width, true);
    await block.check(two(moves), errors('read_data', moves, words));
  };

  it('of one macro, larger than it', () =>
    check(TWO_PORTS, 5, 7, {
      'writes elsewhere': {
        module: 'ram',
        from: 'macro_write_address = write_address[2:0]',
        to: "macro_write_address = {write_address[2:1], 1'b0}",
      },
      'writes with no bit of the mask': { module: 'ram', from: "{6{1'b1}}", to: "{6{1'b0}}" },
    }));

  it('of columns, the last with bits to spare', () => check(TWO_PORTS, 17, 8, columns));

  it('of rows and columns, the last row half full', () => check(TWO_PORTS, 13, 20, rows));

  it('of macros with a port to write and one to read, whose words are no power of two', () =>
    check(WRITE_AND_READ, 7, 11, {
      ...rows,
      'has a select that acts high': {
        module: 'ram',
        from: '!row_writes',
        to: 'row_writes',
      },
      'has a mask that holds all back': { module: 'ram', from: "{2{1'b0}}", to: "{2{1'b1}}" },
    }));

  it('is plain words at any other size', async () => {
    const { module } = onMacros(ram('dut'), RAM_ACCESS, TWO_PORTS, 6, 8);
    const block = await withMutants(
      module,
      { 'is not cleared': { module: 'words', from: "{WIDTH{1'b0}}", to: "{WIDTH{1'b1}}" } },
      { WIDTH: 6, DEPTH: 9 },
    );
    const vectors = [0, 8, 3, 0].map((read_address) => ({ read_enable: 1, read_address }));
    const nonzero = (out: readonly OutputVector[]): number =>
      out.slice(1).filter(({ read_data }) => read_data !== 0n).length;
    await block.check(vectors, nonzero);
  });
});

describe('a memory that is written or read in a cycle', () => {
  const check = async (macro: Macro, width: number, words: number, mutations: Mutations) => {
    const { module } = onMacros(onePort('dut'), SHARED, macro, width, words);
    const block = await withMutants(module, mutations, { WIDTH: width, DEPTH: words });
    const moves = traffic(new Random(SEED), words, width, false);
    const vectors = moves.map(({ writes, write, reads, data }) => ({
      ...{ enable: writes || reads ? 1 : 0, write_enable: writes ? 1 : 0 },
      ...{ address: write, write_data: data },
    }));
    await block.check(vectors, errors('data', moves, words));
  };

  it('is a grid of macros with one port', () =>
    check(ONE_PORT, 13, 20, {
      'writes to every row': {
        module: 'dut_one_port',
        from: /row_writes = .*;/,
        to: 'row_writes = enable && write_enable;',
      },
      'takes the row of the address of now': {
        module: 'dut_one_port',
        from: 'chosen_row == row',
        to: 'macro_row == row',
      },
    }));

  it('is one of a chip select and a write enable, which loses its data out in a write', async () => {
    const { module } = onMacros(onePort('dut'), SHARED, SELECTED, 8, 16);
    const block = await withMutants(
      module,
      {
        'writes where it reads': {
          module: 'dut_one_port',
          from: '.web  (!(enable && write_enable))',
          to: ".web  (1'b0)",
        },
        'has its select high': { module: 'dut_one_port', from: /\.csb\s*\(!/, to: '.csb(' },
      },
      { WIDTH: 8, DEPTH: 16 },
    );
    const moves = traffic(new Random(SEED), 16, 8, false);
    const kept = Array.from({ length: 16 }, () => 0n);
    const vectors = moves.map(({ writes, write, reads, data }) => ({
      ...{ enable: writes || reads ? 1 : 0, write_enable: writes ? 1 : 0 },
      ...{ address: write, write_data: data },
    }));
    await block.check(vectors, (out) => {
      let word: bigint | null = null;
      return out.filter((seen, n) => {
        const wrong = word !== null && seen.data !== word;
        const { writes, write, reads, read, data } = moves[n] as Traffic[number];
        if (reads) word = kept[read] as bigint;
        if (writes) {
          kept[write] = data;
          word = null;
        }
        return wrong;
      }).length;
    });
  });
});
