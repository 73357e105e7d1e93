import {
  allOf,
  bit,
  type Expr,
  type Int,
  literal,
  type Scope,
  set,
  uint,
  when,
} from '../../hdl/index.js';
import { hasSingles } from '../cell/kinds.js';
import { MEM_DIR } from '../images/names.js';
import type { Rom } from '../memory/leaf.js';
import type { OrderKit, TimeOrder } from './order.js';

type Ports<K extends string> = Readonly<Record<K, Expr<'u'>>>;

/** The layer table: the next word is fetched while a layer runs. */
export function layerFetch(
  m: Scope,
  p: { readonly LAYERS: Int; readonly LAYER_BITS: Int },
  io: Ports<'clk' | 'next_layer'>,
  numberBits: Int,
  rom: Rom,
): Ports<'fetch' | 'fetched'> {
  m.comment('Layer table: the next word is fetched while a layer runs.');
  const fetch = m.reg('fetch', uint(numberBits), 'layer that next_layer shows');
  const fetched = m.reg('fetched', bit, 'next_layer is valid');
  m.instance(
    'u_layers',
    rom,
    { clk: io.clk, enable: fetched.not(), address: fetch, data: io.next_layer },
    { WIDTH: p.LAYER_BITS, DEPTH: p.LAYERS, MEM_DIR, INIT_FILE: { parameter: 'LAYER_FILE' } },
  );
  return { fetch, fetched };
}

/** Starts frames, and in them layers and their weights; the buffers flip with each frame. */
export function frameRegisters(
  m: Scope,
  io: Ports<
    | 'clk'
    | 'rst'
    | 'load'
    | 'next_layer'
    | 'layer'
    | 'layer_number'
    | 'weight_address'
    | 'issue'
    | 'frame_start'
    | 'frame_end'
    | 'frame_restart'
    | 'parity'
    | 'restart'
  > &
    Readonly<{ frame_emits?: Expr<'u'> | undefined; emits?: Expr<'u'> | undefined }>,
  own: Ports<'running' | 'buffer' | 'fetch' | 'fetched'>,
  next: Ports<'last' | 'weights'>,
): void {
  const { running, buffer, fetch, fetched } = own;
  const first = literal(0, fetch.width);
  const { emits } = io;
  const marks = (value: Expr<'u'> | undefined) =>
    emits === undefined || value === undefined ? [] : [set(emits, value)];
  m.always(
    io.clk,
    [
      when(
        io.rst,
        [set(running, literal(0, 1)), set(fetch, first), set(fetched, literal(0, 1))],
        [
          set(fetched, io.load.not()),
          when(io.load, [set(fetch, next.last.choose(first, fetch.increment()))]),
          when(
            io.frame_start,
            [set(running, literal(1, 1))],
            [when(io.frame_end, [set(running, literal(0, 1))])],
          ),
        ],
      ),
      when(io.load, [set(io.layer, io.next_layer), set(io.layer_number, fetch)]),
      when(
        io.load,
        [set(io.weight_address, next.weights)],
        [when(io.issue, [set(io.weight_address, io.weight_address.increment())])],
      ),
    ],
    'Frames and layers.',
  );
  m.always(
    io.clk,
    [
      when(
        io.rst,
        [
          ...[set(buffer, literal(1, 1)), set(io.parity, literal(0, 1))],
          ...[set(io.restart, literal(0, 1)), ...marks(literal(0, 1))],
        ],
        [
          when(io.frame_start, [
            set(buffer, buffer.not()),
            set(io.parity, io.parity.not()),
            set(io.restart, io.frame_restart),
            ...marks(io.frame_emits),
          ]),
        ],
      ),
    ],
    'Buffers flip with each frame.',
  );
}

type FrameKey = 'frame_restart' | 'upper_buffer' | 'parity';

/** The ports that a sequencer has in the order of frames alone. */
export function framePorts(io: Partial<Ports<FrameKey>>): Ports<FrameKey> {
  const { frame_restart, upper_buffer, parity } = io;
  if (!frame_restart || !upper_buffer || !parity) throw new Error('the order is not of frames');
  return { frame_restart, upper_buffer, parity };
}

/** All layers of a frame before the next one. */
export function frameOrder({ c, m, io, running }: OrderKit): TimeOrder {
  const own = framePorts(io);
  const buffer = m.reg('x_buffer', bit, 'x buffer of the running frame');
  return {
    inFlight: 'row group sets',
    waits: 'until all sets have retired',
    underWay: (field, inFlight) => {
      if (inFlight === null) throw new Error('sets under way are counted');
      if (!hasSingles(c)) return inFlight.ne(0);
      return m.wire(
        'under_way',
        field('allow').lt(inFlight),
        'more sets have not retired than may be, as its first tiles read what others wrote',
      );
    },
    hold: () => [],
    starts: ({ layerDone, lastLayer, fetched }) => {
      m.assign(io.frame_start, allOf(io.frame_ready, fetched, io.frame_end.or(running.not())));
      m.assign(io.load, io.frame_start.or(layerDone.and(lastLayer.not())));
    },
    before: 'frame',
    place: (before) =>
      m.assign(own.upper_buffer, io.from_input.choose(buffer, own.parity.xor(before))),
    released: [],
    registers: (layers, _, named) =>
      frameRegisters(m, { ...io, ...own }, { running, buffer, ...layers }, named),
    counted: () => undefined,
  };
}
