import {
  bit,
  defineModule,
  indexBits,
  input,
  integer,
  output,
  set,
  type TypedModule,
  text,
  uint,
  when,
} from '../../hdl/index.js';

/** Read-only memory, one read port, one cycle: a ROM, a block RAM or an SRAM macro can stand here. */
export function rom(prefix: string) {
  return defineModule({
    name: `${prefix}_rom`,
    doc: 'Read-only memory with one synchronous read port. Latency: one cycle. Contents: $readmemh of INIT_FILE in the folder MEM_DIR, which counts from the working directory of the tool.',
    parameters: {
      WIDTH: integer(8, 'Bits of a word', 1, 2 ** 16),
      DEPTH: integer(2, 'Words'),
      MEM_DIR: text('', 'Folder of INIT_FILE, with its / at the end'),
      INIT_FILE: text('', 'Image file; empty: all words are zero'),
    },
    ports: (p) => ({
      clk: input(bit),
      enable: input(bit, 'data keeps its value while low'),
      address: input(uint(indexBits(p.DEPTH))),
      data: output(uint(p.WIDTH)),
    }),
    body: (m, p, io) => {
      const words = m.memory('words', p.WIDTH, p.DEPTH, { folder: 'MEM_DIR', file: 'INIT_FILE' });
      m.always(io.clk, [when(io.enable, [set(io.data, words.at(io.address))])]);
    },
  });
}

/** One write port, one read port, one clock. */
export function ram(prefix: string) {
  return defineModule({
    name: `${prefix}_ram`,
    doc: 'Memory with one write port and one synchronous read port. Latency: one cycle. A read of the word that is being written returns the old contents. Cleared at start-up; never cleared by reset.',
    parameters: {
      WIDTH: integer(8, 'Bits of a word', 1, 2 ** 16),
      DEPTH: integer(2, 'Words'),
    },
    ports: (p) => ({
      clk: input(bit),
      write_enable: input(bit),
      write_address: input(uint(indexBits(p.DEPTH))),
      write_data: input(uint(p.WIDTH)),
      read_enable: input(bit, 'read_data keeps its value while low'),
      read_address: input(uint(indexBits(p.DEPTH))),
      read_data: output(uint(p.WIDTH)),
    }),
    body: (m, p, io) => {
      const words = m.memory('words', p.WIDTH, p.DEPTH, null);
      m.always(io.clk, [
        when(io.write_enable, [set(words.at(io.write_address), io.write_data)]),
        when(io.read_enable, [set(io.read_data, words.at(io.read_address))]),
      ]);
    },
  });
}

export type Rom = ReturnType<typeof rom>;
export type Ram = ReturnType<typeof ram>;
export type AnyModule = TypedModule;
