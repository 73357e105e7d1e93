import { defineBlock } from '../../../generator/accelerator/build/define-block.js';
import { MATCHES, matched } from '../../../generator/accelerator/images/matches.js';
import type { LeafAccess } from '../../../generator/accelerator/memory/leaf.js';
import {
  bit,
  indexBits,
  input,
  integer,
  output,
  set,
  uint,
  when,
} from '../../../generator/hdl/index.js';

/** A leaf whose one address serves writes and reads in turn. */
export function sharedLeaf(prefix: string) {
  return defineBlock({
    name: `${prefix}_shared`,
    doc: 'Memory that is written or read in a cycle. Latency: one cycle.',
    parameters: {
      WIDTH: matched(integer(8, 'Bits of a word', 1, 2 ** 16), MATCHES.instance),
      DEPTH: matched(integer(2, 'Words'), MATCHES.instance),
    },
    ports: (p) => ({
      clk: input(bit),
      enable: input(bit),
      write_enable: input(bit),
      address: input(uint(indexBits(p.DEPTH))),
      write_data: input(uint(p.WIDTH)),
      data: output(uint(p.WIDTH)),
    }),
    body: (m, p, io) => {
      const words = m.memory('words', p.WIDTH, p.DEPTH, null);
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

export const SHARED_ACCESS: LeafAccess = {
  ending: 'shared',
  atOnce: false,
  clock: 'clk',
  write: {
    enable: (port) => port('enable').and(port('write_enable')),
    address: 'address',
    data: 'write_data',
  },
  read: {
    enable: (port) => port('enable').and(port('write_enable').not()),
    address: 'address',
    data: 'data',
  },
};
