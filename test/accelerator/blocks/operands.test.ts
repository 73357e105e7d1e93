import { describe, it } from 'vitest';
import { sumSlots } from '../../../generator/accelerator/datapath/sum-slots.js';
import { weightBanks } from '../../../generator/accelerator/datapath/weight-banks.js';
import { actMemory } from '../../../generator/accelerator/memory/act-memory.js';
import { activationMemory } from '../../../generator/accelerator/memory/activation-memory.js';
import { ram, rom } from '../../../generator/accelerator/memory/leaf.js';
import { memoryLatency } from '../../../generator/accelerator/pipeline/tracks.js';
import type { DecoderConfiguration } from '../../../generator/accelerator/plan/configuration.js';
import { weightRoms } from '../../../generator/accelerator/plan/configuration.js';
import { Random } from '../../../generator/base/random.js';
import { blockConfiguration } from '../../support/block.js';
import { withMutants } from '../../support/mutants.js';
import type { OutputVector } from '../../support/verilated-block.js';
import { image, pack, randomWord, slice } from '../../support/words.js';

const [WEIGHT_LATENCY, ACTIVATION_LATENCY] = [memoryLatency({}), memoryLatency({})];

const SEED = 5;
const words = { weight: 5, activation: 7, cell: 16, bias: 16 };

describe('weight banks', () => {
  it('read the word that is asked for, three cycles late, from one ROM or from several', async () => {
    const c = blockConfiguration({
      ...{ words, tileRows: 1, tileColumns: 2, rowGroups: 2, weightDepth: 5, bankWords: 2 },
    });
    const width = 4 * 2 * 5;
    const random = new Random(SEED);
    const contents = [0, 1].map(() => Array.from({ length: 5 }, () => randomWord(random, width)));
    const change = (from: string | RegExp, to: string) => ({ module: 'weight_banks', from, to });
    const block = await withMutants(weightBanks(c, rom('dut')), {
      'reads the word beside': change(
        /\.address \(address\[0\]\),(?=\s*\.data\s*\(words\[BANK_BITS - 1:0\]\))/,
        '.address (1 ^ address[0]),',
      ),
      'keeps words of idle cycles': change(
        'if (valid_line[WORD_STAGE - 1])',
        'if (!valid_line[WORD_STAGE - 1])',
      ),
      'has its banks exchanged': change(
        'words[BANK_BITS - 1:0]',
        'words[BANK_BITS * 2 - 1:BANK_BITS]',
      ),
    });
    let place = 0;
    const vectors = Array.from({ length: 300 }, (_, n) => {
      const advance = n > 1 && random.below(3) > 0 ? 1 : 0;
      // Frames of another model may be shorter than the memory.
      const last = n < 150 ? 4 : 2;
      const v = { rst: n < 2 ? 1 : 0, advance, address: place };
      if (advance === 1) place = place >= last ? 0 : place + 1;
      return v;
    });
    const errors = (out: readonly OutputVector[]): number =>
      vectors.filter(({ advance, address: at }, n) => {
        if (advance === 0 || n + WEIGHT_LATENCY >= out.length) return false;
        return (
          out[n + WEIGHT_LATENCY]?.weights !==
          pack([contents[0]?.[at], contents[1]?.[at]] as bigint[], width)
        );
      }).length;
    await block.check(vectors, errors, {
      files: {
        ...Object.fromEntries(
          weightRoms(c).map(({ name, bank, part, words: depth }) => {
            const own = (contents[bank] as bigint[]).slice(2 * part, 2 * part + depth);
            return [`mem/dut_weights_${name}.mem`, image(own)];
          }),
        ),
      },
    });
  });
});

describe('sum slots', () => {
  it('put both halves side by side, a half stored in the cycle before too', async () => {
    const c = blockConfiguration({
      ...{ tileRows: 1, rowGroups: 2, accumulatorBits: 6, sumSlots: 3 },
    });
    const random = new Random(SEED);
    const change = (from: string, to: string) => ({ module: 'sum_slots', from, to });
    const block = await withMutants(sumSlots(c, ram('dut')), {
      'stores to one slot': change('.write_address (slot)', ".write_address (2'd0)"),
      'fetches from one slot': change('.read_address  (slot)', ".read_address (2'd0)"),
      'stores completing halves': change(
        '.write_enable  (store)',
        '.write_enable (store | complete)',
      ),
      'is a cycle late': change('if (complete)', 'if (!complete)'),
    });
    const vectors = Array.from({ length: 500 }, () => {
      const kind = random.below(3);
      return {
        store: kind === 1 ? 1 : 0,
        complete: kind === 2 ? 1 : 0,
        slot: random.below(3),
        sums: randomWord(random, 48),
      };
    });
    const errors = (out: readonly OutputVector[]): number => {
      const slots = [0n, 0n, 0n];
      return vectors.filter((v, n) => {
        if (v.store === 1) slots[v.slot] = v.sums;
        const seen = out[n + 1];
        if (v.complete === 0 || seen === undefined) return false;
        return seen.ready_sums !== slots[v.slot] || seen.complete_sums !== v.sums;
      }).length;
    };
    await block.check(vectors, errors);
  });
});

describe('activation memory', () => {
  it('reads x and h, a copy per stream, and zeros where they are asked for', async () => {
    const c = blockConfiguration({
      ...{ words, tileRows: 1, tileColumns: 2, rowGroups: 2, streamShare: 1, perGate: false },
      ...{ streamLanes: 4, cellLanes: 1, xRows: 2, hRows: 3 },
      decoder: { kind: 'hcgs', innerMost: 1, levels: [] } as DecoderConfiguration,
    });
    const random = new Random(SEED);
    const change = (from: string | RegExp, to: string) => ({
      module: 'activation_memory',
      from,
      to,
    });
    const block = await withMutants(activationMemory(c, actMemory('dut', ram('dut'))), {
      'never reads zeros': change('!zero_line', "1'b1"),
      'reads columns beyond the matrix': change(/present\[[^\]]*\] & /, ''),
      'takes x for h': change(
        'from_input_line[CHOOSE_STAGE - 1] ? x_late : h_late',
        'from_input_line[CHOOSE_STAGE - 1] ? x_late : x_late',
      ),
      'gives all streams the first address': change('ADDRESS_BITS * stream', 'ADDRESS_BITS * 0'),
      'chooses x or h a cycle too early': change(
        'from_input_line[CHOOSE_STAGE - 1] ?',
        'from_input_line[0] ?',
      ),
    });
    const width = c.words.activation;
    const addressBits = 3;
    const vectors = Array.from({ length: 2000 }, () => ({
      x_write: random.below(2),
      x_address: random.below(4),
      x_data: randomWord(random, 4 * width),
      h_write: random.below(2),
      h_address: random.below(12),
      h_data: randomWord(random, width),
      read: random.below(4) > 0 ? 1 : 0,
      from_input: random.below(2),
      zero: random.below(4) === 0 ? 1 : 0,
      reads: [random.below(6), random.below(6)],
      columns: random.below(16),
    }));
    const errors = (out: readonly OutputVector[]): number => {
      const x = new Array<bigint>(16).fill(0n);
      const h = new Array<bigint>(12).fill(0n);
      return vectors.filter((v, n) => {
        const expected = v.reads
          .flatMap((r) => {
            if (v.zero === 1) return [0n, 0n];
            return (v.from_input === 1 ? x : h).slice(2 * r, 2 * r + 2);
          })
          .map((value, column) => ((v.columns >> column) & 1 ? value : 0n));
        if (v.x_write === 1) {
          for (let i = 0; i < 4; i++) x[4 * v.x_address + i] = slice(v.x_data, i, width);
        }
        if (v.h_write === 1) h[v.h_address] = v.h_data;
        const seen = out[n + ACTIVATION_LATENCY];
        return v.read === 1 && seen !== undefined && seen.operands !== pack(expected, width);
      }).length;
    };
    await block.check(
      vectors.map(({ reads, columns: _, ...v }, n) => ({
        ...v,
        address: pack(reads, addressBits),
        present: vectors[n - 1]?.columns ?? 0,
      })),
      errors,
    );
  });
});
