import {
  allOf,
  clog2,
  div,
  type Expr,
  type Int,
  indexBits,
  literal,
  parameterValue,
  type Scope,
  uint,
} from '../../hdl/index.js';
import { y0Bits } from '../../network/table-scheme.js';
import type { Late } from '../build/held-copies.js';
import { MEM_DIR } from '../images/names.js';
import type { Ram, Rom } from '../memory/leaf.js';
import { stateLatency } from '../pipeline/tracks.js';
import { tablesOf } from '../plan/configuration.js';
import { streamBits } from '../plan/frames-in-memory.js';
import { lanesOf, stateInts } from './cell-interface.js';
import { hasHeld } from './kinds.js';
import type { StateSignals } from './lane-inputs.js';
import { type LayerStarts, stepCounters } from './step-addresses.js';
import type { CellKit } from './step-lines.js';
import { stepsApart } from './units.js';

/** First words of layers; `from`: what the base of the layer counts from. */
function startsOf(
  { c, io, entry, lines }: CellKit,
  first: Late<'u'>,
  from: Expr<'u'> | null = null,
): LayerStarts {
  return { clk: io.clk, steps: lines.cells, entry, first, apart: stepsApart(c), from };
}

/** Where h of a step goes. */
export function hAddress(kit: CellKit, first: Late<'u'>): void {
  const { m, p, io, stage, cycles, lines } = kit;
  const [hWord] = stepCounters(m, startsOf(kit, first), 'h_base', [
    { name: 'h_word', stage: stage.hidden, cycles: cycles.hidden },
  ]) as [Expr<'u'>];
  const place = lines.place.at(stage.hidden);
  const bits = p.H_ADDRESS_BITS;
  const buffer =
    p.H_FRAMES === undefined
      ? place.choose(parameterValue(p.H_BUFFER_WORDS, bits), literal(0, bits))
      : m.wire('h_frame', place.resize(bits)).shiftUp(clog2(p.H_BUFFER_WORDS));
  m.assign(io.h_address, hWord.addWrap(buffer));
}

/** First word of the states of the stream of a step; null where there is one. */
function streamStates({ c, m, p, io }: CellKit): Expr<'u'> | null {
  if (c.streams === undefined || io.place === undefined) return null;
  const { CELL_DEPTH } = stateInts(p);
  const bits = indexBits(CELL_DEPTH);
  const stream = m.wire('state_stream', io.place.part(1, streamBits(c)).resize(bits));
  return m.wire('stream_states', stream.shiftUp(clog2(div(CELL_DEPTH, c.streams))));
}

/** The memory of c, and the ROM that stands for it in the first frame of an utterance: what a step reads, and what it writes. */
export function stateMemory(
  kit: CellKit,
  first: Late<'u'>,
  { rom, ram }: { readonly rom: Rom; readonly ram: Ram },
): Omit<StateSignals, 'cellShift'> {
  const { c, m, p, io, stage, cycles, lines } = kit;
  const { CELL_BITS, CELL_DEPTH } = stateInts(p);
  const width = lanesOf(p).times(CELL_BITS);
  const restart = lines.restart as Late<'u'>;
  const read = {
    cellRead: lines.reads.at(stage.cellRead.plus(stateLatency(c) - 1)),
    fresh: restart.at(stage.cellRead.plus(1)),
  };
  m.comment('c memory: read just before the gates are ready, written as soon as c is.');
  const cellStored = m.net('cell_stored', uint(width));
  const cellNext = m.net('cell_next', uint(width));
  const [cRead, cWrite] = stepCounters(m, startsOf(kit, first, streamStates(kit)), 'c_base', [
    { name: 'c_read_address', stage: stage.cellRead, cycles: cycles.cellRead },
    { name: 'c_write_address', stage: stage.cell, cycles: cycles.cell },
  ]) as [Expr<'u'>, Expr<'u'>];
  m.instance(
    'u_c',
    ram,
    {
      clk: io.clk,
      ...orStates(kit, {
        write_enable: lines.writes.at(stage.cell),
        write_address: cWrite,
        write_data: cellNext,
        read_enable: lines.reads.at(stage.cellRead),
        read_address: cRead,
      }),
      read_data: cellStored,
    },
    { WIDTH: width, DEPTH: CELL_DEPTH },
  );
  if (io.state_word) m.assign(io.state_word, cellStored);
  const held = hasHeld(c) ? heldMemory(kit, ram, { read: cRead, write: cWrite }) : null;
  if (!c.initialState) return { ...read, cellStored, cellInitial: null, cellNext, held };
  const cellInitial = m.net('cell_initial', uint(width), 'before the first frame of an utterance');
  const enable = allOf(lines.reads.at(stage.cellRead), restart.at(stage.cellRead));
  const depth = c.streams === undefined ? CELL_DEPTH : div(CELL_DEPTH, c.streams);
  const address = c.streams === undefined ? cRead : withinStream(m, cRead, depth);
  m.instance(
    'u_initial',
    rom,
    { clk: io.clk, enable, address, data: cellInitial },
    { WIDTH: width, DEPTH: depth, MEM_DIR, INIT_FILE: { parameter: 'INITIAL_FILE' } },
  );
  return { ...read, cellStored, cellInitial, cellNext, held };
}

type Accesses = Readonly<
  Record<
    'write_enable' | 'write_address' | 'write_data' | 'read_enable' | 'read_address',
    Expr<'u'>
  >
>;

/** What the memory of c does: what the steps ask for, or what reaches it beside them. */
function orStates({ m, io }: CellKit, steps: Accesses): Accesses {
  const { state_active, state_write, state_read, state_address, state_data } = io;
  if (!state_active || !state_write || !state_read || !state_address || !state_data) return steps;
  const or = (name: string, other: Expr<'u'>, step: Expr<'u'>) =>
    m.wire(`u_c_${name}`, state_active.choose(other, step));
  return {
    write_enable: m.wire('c_write', steps.write_enable.or(state_write)),
    write_address: or('write_address', state_address, steps.write_address),
    write_data: or('write_data', state_data, steps.write_data),
    read_enable: m.wire('c_read', steps.read_enable.or(state_read)),
    read_address: or('read_address', state_address, steps.read_address),
  };
}

/**
 * A word of the states of a stream, all of which start alike, without the stream. `depth`: words of one stream, a power of two; an
 * index into a single one still has a bit, which here is one of the stream.
 */
function withinStream(m: Scope, address: Expr<'u'>, depth: Int): Expr<'u'> {
  const bits = indexBits(depth);
  const last = m.local('LAST_STATE', depth.minus(1));
  return address.part(0, bits).and(parameterValue(last, bits));
}

/** The memory of what a pass holds for the next one, at the addresses of its states. */
function heldMemory(
  { c, m, p, io, stage, lines }: CellKit,
  ram: Ram,
  address: { readonly read: Expr<'u'>; readonly write: Expr<'u'> },
): NonNullable<StateSignals['held']> {
  const bits = y0Bits(tablesOf(c));
  const width = lanesOf(p).times(bits);
  const now = m.net('held_now', uint(width));
  const next = m.net('held_next', uint(width));
  m.instance(
    'u_held',
    ram,
    {
      clk: io.clk,
      write_enable: lines.holds.at(stage.cell),
      write_address: address.write,
      write_data: next,
      read_enable: lines.takes.at(stage.cellRead),
      read_address: address.read,
      read_data: now,
    },
    { WIDTH: width, DEPTH: stateInts(p).CELL_DEPTH },
  );
  return { bits, now, next };
}
