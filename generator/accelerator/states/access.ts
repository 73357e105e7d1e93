import {
  allOf,
  anyOf,
  bit,
  concat,
  type Expr,
  input,
  literal,
  output,
  type Scope,
  set,
  uint,
  when,
} from '../../hdl/index.js';
import { defineBlock } from '../build/define-block.js';
import { LOAD_WORD } from '../load/rows.js';
import { hWriteBits } from '../memory/h-words.js';
import { hReadBits } from '../memory/read-words.js';
import { memoryLatency } from '../pipeline/tracks.js';
import { bitsOf, type Configuration, wordColumns } from '../plan/configuration.js';
import { stateDepth } from '../plan/frames-in-memory.js';
import { type Asked, isBeyond, isKnown, oddOf, placeOf, restoredOf } from './places.js';
import { stateAskedPorts } from './ports.js';
import { STATE_CAUSE_BITS, STATE_CAUSES, type StateSizes, stateSizes } from './sizes.js';

const zero = literal(0, 1);

/** Ports to the memories of c. */
function keptPorts(c: Configuration, { lanes, keptBits }: StateSizes) {
  const word = uint(lanes * keptBits);
  return {
    c_read: output(bit),
    c_write: output(bit),
    c_address: output(uint(bitsOf(stateDepth(c))), 'word in the memory of c'),
    c_data: output(word),
    c_word: input(word, 'a cycle behind its address'),
  };
}

/**
 * Reads and writes h and c while no frame is in the core: one number at a time, of which a word of the memories is collected before
 * it is written.
 */
export function stateAccess(c: Configuration) {
  const sizes = stateSizes(c);
  const { lanes, streams, valueBits, keptBits, kept } = sizes;
  const laneBits = Math.log2(lanes);
  const widest = kept > 0 ? Math.max(valueBits, keptBits) : valueBits;
  const columns = wordColumns(c);
  const placeBits = hWriteBits(c) + laneBits;
  // a read: the address in the first cycle, the operands behind the memory, then the number in its register
  const wait = memoryLatency(c) + 1;
  const held = ['writing', 'left', 'place', 'state_value', ...(lanes > 1 ? ['collected'] : [])];
  return defineBlock({
    name: `${c.name}_state_access`,
    doc: `Reads and writes the values h that the last frame left, and what cells keep, while no frame is in the core. A number is read in ${wait + 2} cycles and written in two${lanes > 1 ? `; ${lanes} of them are a word of the memories, which is written with the last one` : ''}. A frame that begins meanwhile goes first: the access is refused.`,
    parameters: {},
    waivers: held.map((path) => ({
      ...{ code: 'NO_RESET', path },
      why: 'set with the flag beside which alone it is looked at',
    })),
    ports: () => ({
      clk: input(bit),
      rst: input(bit),
      ...stateAskedPorts(sizes),
      busy: input(bit, 'a frame is in the core'),
      odd: input(uint(streams), 'per stream: the last frame wrote the upper buffer of h'),
      active: output(bit, 'the addresses here go to the memories'),
      h_write: output(bit),
      h_write_address: output(uint(hWriteBits(c)), 'words of cell lanes'),
      h_data: output(uint(lanes * valueBits)),
      h_read: output(bit),
      h_read_address: output(uint(hReadBits(c)), 'words of operands'),
      h_word: input(uint(columns * valueBits), `${wait - 1} cycles behind its address`),
      ...(kept > 0 ? keptPorts(c, sizes) : {}),
      restored: output(uint(streams), 'per stream: its next frame goes on with what is written'),
    }),
    body: (m, _p, io) => {
      const writing = m.reg('writing', bit, 'the access in hand is a write');
      const left = m.reg('left', uint(bitsOf(wait + 1)), 'cycles to the end of a read');
      const place = m.reg('place', uint(placeBits), 'number in the memory of h');
      const isKept = io.state_kept ?? zero;
      const asked = m.wire('asked', anyOf(io.state_read, io.state_write));
      const lane = lanes > 1 ? m.wire('lane', io.state_index.part(0, laneBits)) : null;
      const inOrder = lanes > 1 ? m.reg('in_order', bit, 'the numbers before are collected') : null;

      m.comment('Whether it can be.');
      const known = m.wire('known', isKnown(io, sizes), 'there is such a number');
      const torn =
        lane && inOrder
          ? m.wire('torn', allOf(writing, lane.any(), inOrder.not()), 'a word begins in its middle')
          : zero;
      const beyond = m.wire(
        'beyond',
        allOf(
          writing,
          kept > 0
            ? isKept.choose(isBeyond(io.state_data, keptBits), isBeyond(io.state_data, valueBits))
            : isBeyond(io.state_data, valueBits),
        ),
        'more than its word holds',
      );
      const cause = (name: (typeof STATE_CAUSES)[number]['name']): Expr<'u'> =>
        literal(STATE_CAUSES.find((one) => one.name === name)?.code ?? 0, STATE_CAUSE_BITS);
      m.assign(
        io.state_cause,
        anyOf(io.rst, io.busy).choose(
          cause('BUSY'),
          known
            .not()
            .choose(
              cause('NONE'),
              torn.choose(
                cause('ORDER'),
                beyond.choose(cause('BEYOND'), literal(0, STATE_CAUSE_BITS)),
              ),
            ),
        ),
      );
      const ends = m.wire('ends', allOf(io.active, anyOf(writing, io.busy, left.eq(0))));
      m.assign(io.state_read_done, anyOf(allOf(ends, writing.not()), allOf(io.rst, io.state_read)));
      m.assign(io.state_write_done, anyOf(allOf(ends, writing), allOf(io.rst, io.state_write)));
      const stores = m.wire(
        'stores',
        allOf(ends, writing, io.state_cause.eq(0)),
        'a number is taken',
      );
      const whole = m.wire(
        'whole',
        lane ? allOf(stores, lane.all()) : stores,
        'and the last one of its word',
      );

      m.comment('Where it is: the buffer of h is that of the last frame.');
      const odd = m.wire('own_odd', oddOf(io, streams), 'of its stream');
      const next = m.wire('place_next', placeOf(c, io, odd, { placeBits, sizes }));
      m.assign(io.h_write_address, place.part(laneBits, hWriteBits(c)));
      const columnBits = Math.log2(columns);
      m.assign(io.h_read_address, place.part(columnBits, hReadBits(c)));

      m.comment('Reads.');
      const read = m.wire('read', allOf(io.active, writing.not()));
      m.assign(io.h_read, read);
      const value = m.wire(
        'value',
        columnBits > 0
          ? io.h_word.word(m.wire('column', place.part(0, columnBits)), valueBits)
          : io.h_word,
      );
      const shown = value.asSigned().resize(LOAD_WORD).asUnsigned();
      const data = keptSide(m, c, io, { read, whole, lane, sizes });

      m.comment('Writes: numbers of a word come one after another, the last one high.');
      const number = io.state_data.part(0, widest);
      let word: Expr<'u'> = number;
      if (lanes > 1) {
        const collected = m.reg('collected', uint((lanes - 1) * widest), 'those before');
        word = m.wire('word', concat(number, collected));
        m.always(io.clk, [when(stores, [set(collected, word.part(widest, (lanes - 1) * widest))])]);
      }
      const named = lanes > 1 ? word : m.wire('word', word);
      const wordOf = (bits: number): Expr<'u'> =>
        concat(...Array.from({ length: lanes }, (_, n) => named.part(n * widest, bits)).reverse());
      m.assign(io.h_data, wordOf(valueBits));
      m.assign(io.h_write, allOf(whole, isKept.not()));
      if (io.c_data) m.assign(io.c_data, wordOf(keptBits));
      m.assign(io.restored, restoredOf(io, stores, streams));

      m.always(
        io.clk,
        [
          when(
            io.rst,
            [set(io.active, zero), ...(inOrder ? [set(inOrder, zero)] : [])],
            [
              set(io.active, io.active.choose(ends.not(), asked)),
              ...(inOrder
                ? [
                    when(
                      io.state_moved ?? zero,
                      [set(inOrder, zero)],
                      [when(ends, [set(inOrder, stores)])],
                    ),
                  ]
                : []),
            ],
          ),
          when(
            io.active,
            [when(left.ne(0), [set(left, left.decrement())])],
            [
              set(left, literal(wait, left.width)),
              ...[set(writing, io.state_write), set(place, next)],
            ],
          ),
          set(io.state_value, data === null ? shown : isKept.choose(data, shown)),
        ],
        'One access after another.',
      );
    },
  });
}

export type StateAccess = ReturnType<typeof stateAccess>;

/** Reads and writes what cells keep; null where they keep nothing. The number that was read, extended by its sign. */
function keptSide(
  m: Scope,
  c: Configuration,
  io: Asked & Partial<Readonly<Record<'c_read' | 'c_write' | 'c_address' | 'c_word', Expr<'u'>>>>,
  at: {
    readonly read: Expr<'u'>;
    readonly whole: Expr<'u'>;
    readonly lane: Expr<'u'> | null;
    readonly sizes: StateSizes;
  },
): Expr<'u'> | null {
  const { c_read, c_write, c_address, c_word, state_kept: isKept, state_stream: stream } = io;
  if (!c_read || !c_write || !c_address || !c_word || !isKept) return null;
  const { lanes, kept, keptBits, indexBits } = at.sizes;
  const bits = bitsOf(stateDepth(c));
  const laneBits = Math.log2(lanes);
  const has = Math.min(bits, indexBits - laneBits);
  const step = io.state_index.part(laneBits, has).resize(bits);
  m.assign(c_read, at.read);
  m.assign(c_write, allOf(at.whole, isKept));
  m.assign(
    c_address,
    stream === undefined
      ? step
      : step.addWrap(m.wire('stream_word', stream.resize(bits)).shiftUp(Math.log2(kept / lanes))),
  );
  const number = at.lane === null ? c_word : c_word.word(at.lane, keptBits);
  return m.wire('kept', number).asSigned().resize(LOAD_WORD).asUnsigned();
}
