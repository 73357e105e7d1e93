import { describe, it } from 'vitest';
import { onePort, rom } from '../../../generator/accelerator/memory/leaf.js';
import { decoder, encoder } from '../../../generator/accelerator/protect/codec.js';
import { protectedImage } from '../../../generator/accelerator/protect/encode-image.js';
import {
  PROTECTED_LEAVES,
  type ProtectedLeaf,
  protectedLeaf,
} from '../../../generator/accelerator/protect/protected-leaf.js';
import { Random } from '../../../generator/base/random.js';
import type { Module } from '../../../generator/hdl/index.js';
import { withMutants } from '../../support/mutants.js';
import type { OutputVector } from '../../support/verilated-block.js';
import { randomWord } from '../../support/words.js';
import { withFlips } from './support/flipped.js';

const SEED = 13;
const [WIDTH, DEPTH] = [9, 5];
const codec = { encoder: encoder('dut', 'secded'), decoder: decoder('dut', 'secded') };

function wrapped(leaf: Module, ending: string): Module {
  const access = PROTECTED_LEAVES.find((one) => one.ending === ending) as ProtectedLeaf;
  return protectedLeaf('dut', leaf, access, 'secded', codec);
}

describe('a ROM with check bits', () => {
  it('says of each word that is read, and of no other, whether it was flipped', async () => {
    console.info(`seed ${SEED}`);
    const random = new Random(SEED);
    const words = Array.from({ length: DEPTH }, () => randomWord(random, WIDTH));
    const plain = `${words.map((word) => word.toString(16).padStart(3, '0')).join('\n')}\n`;
    // word 1 with one flip, word 3 with two
    const image = withFlips(protectedImage('secded', WIDTH, plain), [
      { word: 1, bit: 4 },
      { word: 3, bit: 2 },
      { word: 3, bit: 11 },
    ]);
    // also addresses behind the last word
    const moves = Array.from({ length: 600 }, () => {
      return { enable: random.below(2), address: random.below(8) };
    });
    const block = await withMutants(
      wrapped(rom('dut'), 'rom'),
      {
        'says it where nothing is read': {
          module: 'protected_rom',
          from: 'enable && in_range',
          to: 'in_range',
        },
        'looks behind the last word': {
          module: 'protected_rom',
          from: 'enable && in_range',
          to: 'enable',
        },
        'says it a cycle early': {
          module: 'protected_rom',
          from: 'memory_fault <= checked',
          to: 'memory_fault <= enable',
        },
        'gives words away as they are': {
          module: 'decoder',
          from: 'read_data[place] ^',
          to: "read_data[place] ^ 1'b0 &",
        },
      },
      { WIDTH, DEPTH, INIT_FILE: 'image.mem' },
    );
    const errors = (out: readonly OutputVector[]): number => {
      let data: number | null = null;
      return out.filter((seen, n) => {
        const [before, last] = [moves[n - 2], moves[n - 1]];
        if (last?.enable === 1) data = last.address;
        const read = before?.enable === 1 && before.address < DEPTH ? before.address : null;
        const value = data !== null && data < DEPTH && data !== 3 ? words[data] : null;
        return (
          n >= 2 &&
          ((value !== null && seen.data !== value) ||
            seen.memory_fault !== BigInt(read === 1 || read === 3) ||
            seen.memory_lost !== BigInt(read === 3))
        );
      }).length;
    };
    await block.check(moves, errors, { files: { 'image.mem': image } });
  });
});

describe('a memory with one port and check bits', () => {
  it('gives back what was written, and shows no fault while it is written', async () => {
    const random = new Random(SEED + 1);
    const moves = Array.from({ length: 600 }, (_, n) => ({
      enable: n < DEPTH ? 1 : random.below(2),
      write_enable: n < DEPTH ? 1 : random.below(2),
      address: n < DEPTH ? n : random.below(DEPTH),
      write_data: randomWord(random, WIDTH),
    }));
    const block = await withMutants(
      wrapped(onePort('dut'), 'one_port'),
      {
        'writes without check bits': {
          module: 'encoder',
          from: '{ones ^ (^checks), checks, data}',
          to: "{1'b0, checks & 4'd0, data}",
        },
      },
      { WIDTH, DEPTH },
    );
    const kept = new Map<number, bigint>();
    let data: bigint | null = null;
    const expected = moves.map(({ enable, write_enable, address, write_data }) => {
      const now = data;
      if (enable && write_enable) kept.set(address, write_data);
      else if (enable) data = kept.get(address) as bigint;
      return now;
    });
    await block.check(
      moves,
      (out) =>
        out.filter(
          (seen, n) =>
            (expected[n] !== null && seen.data !== expected[n]) ||
            (n >= 2 && (seen.memory_fault !== 0n || seen.memory_lost !== 0n)),
        ).length,
    );
  });
});
