import { bit, indexBits, input, integer, output, set, uint, when } from '../../hdl/index.js';
import { defineBlock } from '../build/define-block.js';
import { MATCHES, matched } from '../images/matches.js';
import type { Ram } from '../memory/leaf.js';
import { type RamStore, ramStore } from '../memory/store.js';
import { type Configuration, cellsPerGroup } from '../plan/configuration.js';

/** Cycles from the completing half to both halves side by side. */
export const SLOT_LATENCY = 1;

/** Sums of all cells of a row group set in a word. */
export function slotStore(c: Configuration): RamStore {
  return ramStore({
    role: 'slots',
    title: 'sum slots',
    block: 'u_slots',
    width: cellsPerGroup(c) * c.slices * c.accumulatorBits,
    words: c.sumSlots,
  });
}

/** Ready halves wait here for their completing halves. */
export function sumSlots(c: Configuration, ramModule: Ram) {
  const { width, words } = slotStore(c);
  return defineBlock({
    name: `${c.name}_sum_slots`,
    doc: 'Sums of ready halves wait in slots; a completing half fetches its slot and leaves beside it one cycle later. A half that is stored in one cycle can be fetched in the next.',
    parameters: {
      SUM_BITS: matched(
        integer(width, 'Bits of the sums of a row group set', 1, 2 ** 16),
        MATCHES.room,
      ),
      SUM_SLOTS: matched(integer(words, 'Row group sets whose ready half can wait'), MATCHES.room),
    },
    ports: (p) => ({
      clk: input(bit),
      store: input(bit, 'sums end a ready half'),
      complete: input(bit, 'sums end a completing half'),
      slot: input(uint(indexBits(p.SUM_SLOTS))),
      sums: input(uint(p.SUM_BITS)),
      ready_sums: output(uint(p.SUM_BITS), 'one cycle after complete'),
      complete_sums: output(uint(p.SUM_BITS), 'one cycle after complete'),
    }),
    body: (m, p, io) => {
      m.instance(
        'u_slots',
        ramModule,
        {
          clk: io.clk,
          write_enable: io.store,
          write_address: io.slot,
          write_data: io.sums,
          read_enable: io.complete,
          read_address: io.slot,
          read_data: io.ready_sums,
        },
        { WIDTH: p.SUM_BITS, DEPTH: p.SUM_SLOTS },
      );
      m.always(io.clk, [when(io.complete, [set(io.complete_sums, io.sums)])]);
    },
  });
}

export type SumSlots = ReturnType<typeof sumSlots>;
