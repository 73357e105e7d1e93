import { concat, type Expr, repeat, uint } from '../../hdl/index.js';
import { readAddressBits } from '../decoder/registry.js';
import { hWriteBits } from '../memory/h-words.js';
import { hReadBits } from '../memory/read-words.js';
import { addressStreams, bitsOf, wordColumns } from '../plan/configuration.js';
import { stateDepth } from '../plan/frames-in-memory.js';
import { stateSizes } from '../states/sizes.js';
import type { Control } from './front.js';
import type { CoreKit } from './kit.js';
import type { StateNets } from './state-nets.js';

/** The wires of a core whose states can be reached; null of any other. */
export function stateNets({ c, m }: Pick<CoreKit, 'c' | 'm'>): StateNets | null {
  if (!c.busStates) return null;
  const { lanes, streams, valueBits, keptBits, kept } = stateSizes(c);
  m.comment('States that a processor reads and writes while no frame is in the core.');
  const net = (name: string, bits: number) => m.net(name, uint(bits));
  return {
    active: net('states_active', 1),
    h: {
      write: net('states_h_write', 1),
      address: net('states_h_write_address', hWriteBits(c)),
      data: net('states_h_data', lanes * valueBits),
      read: net('states_h_read', 1),
      from: net('states_h_read_address', hReadBits(c)),
      word: net('states_h_word', wordColumns(c) * valueBits),
    },
    c:
      kept === 0
        ? null
        : {
            write: net('states_c_write', 1),
            read: net('states_c_read', 1),
            address: net('states_c_address', bitsOf(stateDepth(c))),
            data: net('states_c_data', lanes * keptBits),
            word: net('states_c_word', lanes * keptBits),
          },
    restored: net('states_restored', streams),
  };
}

/** What reaches them. */
export function stateInstance({ m, io, blocks, states }: CoreKit, { s }: Control): void {
  if (states === null || blocks.states === null) return;
  const { h, c } = states;
  const asked = Object.entries(io).filter(([name]) => name.startsWith('state_'));
  m.instance('u_states', blocks.states, {
    ...{ clk: io.clk, rst: io.rst, ...Object.fromEntries(asked) },
    ...{ busy: io.busy, odd: s.odd_frames ?? s.parity, active: states.active },
    ...{ h_write: h.write, h_write_address: h.address, h_data: h.data },
    ...{ h_read: h.read, h_read_address: h.from, h_word: h.word, restored: states.restored },
    ...(c && {
      ...{ c_read: c.read, c_write: c.write, c_address: c.address, c_data: c.data, c_word: c.word },
    }),
  } as Parameters<typeof m.instance<typeof blocks.states>>[2]);
}

type Reads = Readonly<Record<'read' | 'from_input' | 'zero' | 'address' | 'present', Expr<'u'>>>;

/** What the activation memories read: of the frames, or, in the first copy, a word of states. */
export function orStateReads({ c, m, states }: CoreKit, frames: Reads): Reads {
  if (states === null) return frames;
  const { active, h } = states;
  const [addressBits, columns, copies] = [readAddressBits(c), wordColumns(c), addressStreams(c)];
  const first = active.choose(h.from.resize(addressBits), frames.address.part(0, addressBits));
  const shown = frames.present.part(0, columns).or(repeat(columns, active));
  const beside = (word: Expr<'u'>, bits: number, low: Expr<'u'>): Expr<'u'> =>
    copies === 1 ? low : concat(word.part(bits, (copies - 1) * bits), low);
  return {
    read: m.wire('memories_read', frames.read.or(h.read)),
    from_input: m.wire('memories_from_input', frames.from_input.and(active.not())),
    zero: m.wire('memories_zero', frames.zero.and(active.not())),
    address: m.wire('memories_address', beside(frames.address, addressBits, first)),
    present: m.wire('memories_present', beside(frames.present, columns, shown)),
  };
}

type Writes = Readonly<Record<'h_write' | 'h_address' | 'h_data', Expr<'u'>>>;

/** What all copies of the memory of h are written with: values of the frames, or those of a processor. */
export function orStateWrites({ m, states }: CoreKit, frames: Writes): Writes {
  if (states === null) return frames;
  const { active, h } = states;
  return {
    h_write: m.wire('memories_h_write', frames.h_write.or(h.write)),
    h_address: m.wire('memories_h_address', active.choose(h.address, frames.h_address)),
    h_data: m.wire('memories_h_data', active.choose(h.data, frames.h_data)),
  };
}
