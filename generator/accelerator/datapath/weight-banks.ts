import {
  bit,
  defineModule,
  indexBits,
  input,
  integer,
  literal,
  output,
  type Parameter,
  set,
  text,
  uint,
  when,
} from '../../hdl/index.js';
import { type Configuration, GATE_COUNT } from '../configuration.js';
import type { Rom } from '../memory/leaf.js';

/** The only wide memories: one bank per parallel row group, all at the same address. */
export function weightBanks(c: Configuration, romModule: Rom) {
  const banks = Array.from({ length: c.rowGroups }, (_, bank) => bank);
  const files: Record<string, Parameter> = Object.fromEntries(
    banks.map((b) => [`WEIGHT_FILE_${b}`, text(`mem/weights_${b}.mem`, `Image of bank ${b}`)]),
  );
  return defineModule({
    name: `${c.name}_weight_banks`,
    doc: 'Weight memories, one bank per parallel row group; one word is a tile for each of the four gates. Words are stored in the order in which a frame reads them, so the address is a counter. Latency: ROM and register, two cycles.',
    parameters: {
      BANK_BITS: integer(
        GATE_COUNT * c.tileRows * c.tileColumns * c.words.weight,
        'Bits of a word of one bank: [gate][row][column]',
        1,
        2 ** 16,
      ),
      DEPTH: integer(c.weightDepth, 'Words of a bank: tiles of a frame'),
      ...files,
    },
    ports: (p) => ({
      clk: input(bit),
      rst: input(bit),
      advance: input(bit, 'a tile is read'),
      frame_end: input(bit, 'it is the last of the frame'),
      weights: output(uint(p.BANK_BITS.times(c.rowGroups)), '[bank], two cycles after advance'),
    }),
    body: (m, p, io) => {
      const address = m.reg('address', uint(indexBits(p.DEPTH)), 'tile within the frame');
      const zero = literal(0, indexBits(p.DEPTH));
      m.always(io.clk, [
        when(
          io.rst,
          [set(address, zero)],
          [when(io.advance, [set(address, io.frame_end.choose(zero, address.increment()))])],
        ),
      ]);
      const words = m.net('words', uint(p.BANK_BITS.times(c.rowGroups)));
      for (const b of banks) {
        m.instance(
          `u_bank_${b}`,
          romModule,
          {
            clk: io.clk,
            enable: io.advance,
            address,
            data: words.part(p.BANK_BITS.times(b), p.BANK_BITS),
          },
          { WIDTH: p.BANK_BITS, DEPTH: p.DEPTH, INIT_FILE: { parameter: `WEIGHT_FILE_${b}` } },
        );
      }
      m.always(io.clk, [set(io.weights, words)]);
    },
  });
}

export type WeightBanks = ReturnType<typeof weightBanks>;
