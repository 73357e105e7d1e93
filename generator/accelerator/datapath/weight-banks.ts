import {
  bit,
  concat,
  type Expr,
  indexBits,
  input,
  int,
  integer,
  output,
  type Parameter,
  Stages,
  set,
  uint,
} from '../../hdl/index.js';
import { defineBlock } from '../build/define-block.js';
import { delayed, delayedValid } from '../build/pipeline.js';
import { MATCHES, matched } from '../images/matches.js';
import { folderParameter, imageParameter, MEM_DIR } from '../images/names.js';
import type { Rom } from '../memory/leaf.js';
import { MEMORY, memoryLatency, trackOf } from '../pipeline/tracks.js';
import { type Configuration, weightBankCount, weightRoms } from '../plan/configuration.js';
import { bankBits, weightStore } from './weight-stores.js';

/** The only wide memories: one bank per parallel row group, all at the same address; as late as the activations. */
export function weightBanks(c: Configuration, romModule: Rom) {
  const roms = weightRoms(c);
  const parts = roms.length / weightBankCount(c);
  const files: Record<string, Parameter> = Object.fromEntries(
    roms.map((rom) => [
      `WEIGHT_FILE_${rom.name}`,
      imageParameter(c.name, weightStore(c, rom).name, `Image of ROM ${rom.name}`),
    ]),
  );
  const row =
    parts === 1
      ? 'A bank is one ROM.'
      : `A bank is a row of ROMs of ${c.bankWords} words; the last one has the rest.`;
  const shared =
    c.rowGroups === weightBankCount(c)
      ? ''
      : `, or for ${c.rowGroups / weightBankCount(c)} of them`;
  const before = (parts - 1) * c.bankWords;
  const track = trackOf(c, MEMORY);
  const late = `${memoryLatency(c)} cycle${memoryLatency(c) === 1 ? '' : 's'}`;
  return defineBlock({
    name: `${c.name}_weight_banks`,
    doc: `Weight memories, one bank per parallel row group${shared}; one word is a tile for each slice of the array. Words are stored in the order in which a frame reads them, so their addresses count up, from a base for each layer on. ${row} Latency: ${late}.`,
    parameters: {
      BANK_BITS: matched(
        integer(bankBits(c), 'Bits of a word of one bank: [gate][row][column]', 1, 2 ** 16),
        MATCHES.weightWords,
      ),
      DEPTH: matched(
        integer(
          c.weightDepth,
          'Words of a bank: tiles of a frame',
          before + 1,
          parts * c.bankWords,
        ),
        MATCHES.weightWords,
      ),
      MEM_DIR: folderParameter(),
      ...files,
    },
    ports: (p) => ({
      clk: input(bit),
      rst: input(bit),
      advance: input(bit, 'a tile is read'),
      address: input(uint(indexBits(p.DEPTH)), 'its word'),
      weights: output(uint(p.BANK_BITS.times(weightBankCount(c))), `[bank], ${late} late`),
    }),
    body: (m, p, io) => {
      const { address } = io;
      const stages = new Stages(m, io.clk, track, ({ cycle }) => valid.at(cycle));
      stages.title('Stages, in cycles after `advance`; the weights follow the last.');
      const stage = {
        word: stages.named('WORD_STAGE', 1, 'words are read'),
        choose: stages.named('CHOOSE_STAGE', 2, 'each bank has its word'),
      };
      // nobody asks for more where the last register is not there
      const asked = track.stands(2)
        ? stage.choose.cycle
        : int(track.stands(1) ? track.cycles(1) : 0);
      const valid = delayedValid(m, io.clk, io.rst, 'valid', io.advance, asked);
      if (asked.equals(0)) m.unused('rst', io.rst);
      const place = Math.log2(c.bankWords);
      const part = parts === 1 ? null : address.part(place, address.width.minus(place));
      const partLate =
        part && delayed(m, io.clk, 'part', part, stage.choose.cycle).at(stage.choose.cycle);
      const words = m.net('words', uint(p.BANK_BITS.times(roms.length)), '[bank][ROM]');
      const late = stages.reg(stage.word, 'words_late', uint(p.BANK_BITS.times(roms.length)));
      stages.set(stages.held(stage.word, set(late, words)));
      for (const [n, rom] of roms.entries()) {
        const last = rom.part === parts - 1;
        const depth = last ? p.DEPTH.minus(before) : c.bankWords;
        m.instance(
          `u_bank_${rom.name}`,
          romModule,
          {
            clk: io.clk,
            enable: part === null ? io.advance : io.advance.and(part.eq(rom.part)),
            address: part === null ? address : address.part(0, last ? indexBits(depth) : place),
            data: words.part(p.BANK_BITS.times(n), p.BANK_BITS),
          },
          {
            WIDTH: p.BANK_BITS,
            DEPTH: depth,
            MEM_DIR,
            INIT_FILE: { parameter: `WEIGHT_FILE_${rom.name}` },
          },
        );
      }
      const word = (n: number) => late.part(p.BANK_BITS.times(n), p.BANK_BITS);
      const bank = (b: number): Expr<'u'> => {
        const own = roms.flatMap((rom, n) => (rom.bank === b ? [word(n)] : []));
        return own.reduce((chosen, w, k) => (partLate as Expr<'u'>).eq(k).choose(w, chosen));
      };
      const banks = Array.from({ length: weightBankCount(c) }, (_, b) => bank(b)).reverse();
      stages.set(stages.held(stage.choose, set(io.weights, concat(...banks))));
    },
  });
}

export type WeightBanks = ReturnType<typeof weightBanks>;
