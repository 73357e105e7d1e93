import {
  allOf,
  bit,
  type Expr,
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
import { defineBlock } from '../build/define-block.js';
import { MATCHES, matched } from '../images/matches.js';

/** Read-only memory, one read port, one cycle: a ROM, a block RAM or an SRAM macro can stand here. */
export function rom(prefix: string) {
  return defineBlock({
    name: `${prefix}_rom`,
    doc: 'Read-only memory with one synchronous read port. Latency: one cycle. Contents: $readmemh of INIT_FILE in the folder MEM_DIR, which counts from the working directory of the tool.',
    parameters: {
      WIDTH: matched(integer(8, 'Bits of a word', 1, 2 ** 16), MATCHES.instance),
      DEPTH: matched(integer(2, 'Words'), MATCHES.instance),
      MEM_DIR: matched(text('', 'Folder of INIT_FILE, with its / at the end'), MATCHES.folder),
      INIT_FILE: matched(text('', 'Image file; empty: all words are zero'), MATCHES.image),
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
  return defineBlock({
    name: `${prefix}_ram`,
    doc: 'Memory with one write port and one synchronous read port. Latency: one cycle. A read of the word that is being written returns the old contents. Cleared at start-up; never cleared by reset.',
    parameters: {
      WIDTH: matched(integer(8, 'Bits of a word', 1, 2 ** 16), MATCHES.instance),
      DEPTH: matched(integer(2, 'Words'), MATCHES.instance),
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

/** One port for both, one clock: an SRAM macro, or the large single-port memory of an FPGA, can stand here. */
export function onePort(prefix: string) {
  return defineBlock({
    name: `${prefix}_one_port`,
    doc: 'Memory with one port, which reads or writes. Latency: one cycle; data keeps its value while enable is low, and while a word is written. Nothing is known of a word before it is written.',
    parameters: {
      WIDTH: matched(integer(8, 'Bits of a word', 1, 2 ** 16), MATCHES.instance),
      DEPTH: matched(integer(2, 'Words'), MATCHES.instance),
    },
    ports: (p) => ({
      clk: input(bit),
      enable: input(bit, 'reads or writes'),
      write_enable: input(bit, 'writes'),
      address: input(uint(indexBits(p.DEPTH))),
      write_data: input(uint(p.WIDTH)),
      data: output(uint(p.WIDTH), 'the word read last'),
    }),
    body: (m, p, io) => {
      const words = m.unsetMemory('words', p.WIDTH, p.DEPTH);
      m.always(io.clk, [
        when(io.enable, [
          when(
            io.write_enable,
            [set(words.at(io.address), io.write_data)],
            [set(io.data, words.at(io.address))],
          ),
        ]),
      ]);
    },
  });
}

/** How a memory that is written is reached through the ports of its leaf module. */
export interface LeafAccess {
  /** Its name ends so, behind that of the design. */
  readonly ending: string;
  /** A word can be written in the cycle in which another is read. */
  readonly atOnce: boolean;
  readonly clock: string;
  readonly write: LeafPort;
  readonly read: LeafPort;
}

/** One of its ports: when it does something, and the names of its address and data. */
export interface LeafPort {
  readonly enable: (port: (name: string) => Expr<'u'>) => Expr<'u'>;
  readonly address: string;
  readonly data: string;
}

/** The leaf modules that macros can stand for; a ROM is none of them. */
export const LEAF_ACCESS: readonly LeafAccess[] = [
  {
    ending: 'ram',
    atOnce: true,
    clock: 'clk',
    write: {
      enable: (port) => port('write_enable'),
      address: 'write_address',
      data: 'write_data',
    },
    read: { enable: (port) => port('read_enable'), address: 'read_address', data: 'read_data' },
  },
  {
    ending: 'one_port',
    atOnce: false,
    clock: 'clk',
    write: {
      enable: (port) => allOf(port('enable'), port('write_enable')),
      address: 'address',
      data: 'write_data',
    },
    read: {
      enable: (port) => allOf(port('enable'), port('write_enable').not()),
      address: 'address',
      data: 'data',
    },
  },
];

export type Rom = ReturnType<typeof rom>;
export type Ram = ReturnType<typeof ram>;
export type OnePort = ReturnType<typeof onePort>;
export type AnyModule = TypedModule;
