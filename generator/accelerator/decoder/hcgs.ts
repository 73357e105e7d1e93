import {
  allOf,
  bit,
  div,
  type Expr,
  type Int,
  type IntLike,
  input,
  int,
  integer,
  literal,
  output,
  parameterValue,
  type Statement,
  set,
  uint,
  when,
} from '../../hdl/index.js';
import { defineBlock } from '../build/define-block.js';
import { productInLogic } from '../build/numeric.js';
import { recordLayout } from '../build/record.js';
import {
  layerTableFields,
  layerTableInts,
  layerTableParameters,
  levelField,
  ONE,
  type Side,
} from '../control/layer-table.js';
import { MATCHES, type Matched, matched } from '../images/matches.js';
import { folderParameter, imageParameter, MEM_DIR } from '../images/names.js';
import type { Rom } from '../memory/leaf.js';
import { addressStreams, type Configuration } from '../plan/configuration.js';
import { DECODER_LATENCY } from './latency.js';
import { matrixEnd, presentColumns } from './present.js';
import { decoderRelations } from './relations.js';

/**
 * The HCGS index decoder: one counter and one small ROM per level, no per-weight index. Each side of a layer
 * has its own pointers, because the ready side runs ahead of the other one.
 */
export function hcgsDecoder(c: Configuration, romModule: Rom) {
  const streams = addressStreams(c);
  const levelParameters: Record<string, Matched> = Object.fromEntries(
    c.levels.flatMap((l, i) => [
      [
        `INDEX_BITS_${i}`,
        matched(integer(l.indexBits, `Bits of a block number of level ${i}`), MATCHES.indexWord),
      ],
      [
        `INDEX_COPIES_${i}`,
        matched(
          integer(l.copies, `Block rows of level ${i} walked at the same time`),
          MATCHES.indexWord,
        ),
      ],
      [
        `INDEX_FILE_${i}`,
        imageParameter(c.name, `index_${i}`, `Image of the index ROM of level ${i}`),
      ],
    ]),
  );
  return defineBlock({
    name: `${c.name}_hcgs_decoder`,
    doc: `HCGS index decoder, ${c.levels.length} levels. Walks the kept blocks of a half (x or h side) of one row group set: the innermost block is counted through, each level adds block number x stride. A level's ROM holds the numbers of the kept blocks of every block row in walking order. Latency from \`advance\` to \`address\`: ${DECODER_LATENCY} cycles.`,
    parameters: {
      ...layerTableParameters(c),
      STREAMS: matched(integer(streams, 'Activation addresses per cycle'), MATCHES.streams),
      X_BUFFER_WORDS: matched(
        integer(xReadWords(c), 'Words of one buffer of the x memory'),
        MATCHES.room,
      ),
      H_BUFFER_WORDS: matched(
        integer(hReadWords(c), 'Words of one buffer of the h memory'),
        MATCHES.room,
      ),
      ...(c.levels.length === 0 ? {} : { MEM_DIR: folderParameter() }),
      ...levelParameters,
    },
    off: [
      {
        ...{ code: 'NO_RESET', path: '*_repeat_*' },
        why: 'load sets it before the first tile of a layer',
      },
    ],
    relations: (p) => decoderRelations(c, p),
    ports: (p) => ({
      clk: input(bit),
      rst: input(bit),
      load: input(bit, 'take the start of the next layer'),
      next_layer: input(uint(layerBits(p)), 'layer table word that load takes'),
      layer: input(uint(layerBits(p)), 'layer table word of the running layer'),
      x_side: input(bit, 'the tile belongs to the input side'),
      from_input: input(bit, 'its activations are in the x memory'),
      upper_buffer: input(bit, 'in the upper buffer'),
      advance: input(bit, 'the tile is issued'),
      tile_first: output(bit, 'first tile of a half'),
      tile_last: output(bit, 'last tile of a half'),
      address: output(uint(p.STREAMS.times(addressOf(p))), 'activation words, [stream]'),
      present: output(
        uint(p.STREAMS.times(columnsOf(p))),
        'a cycle later: columns that the matrix has, [stream][column]',
      ),
    }),
    body: (m, p, io) => {
      const widths = layerTableInts(c, p);
      const record = recordOf(c, p);
      const addressWidth = widths.address;
      m.comment('Places of the fields in a layer table word.');
      const fieldOf = record.places(m, 'field');
      const now = (name: string): Expr<'u'> => fieldOf(io.layer, name);
      const next = (name: string, width: Int): Expr<'u'> => fieldOf(io.next_layer, name, width);
      const parameter = (name: string): IntLike => (p as Record<string, IntLike>)[name] as IntLike;
      const field = (name: (side: Side) => string): Expr<'u'> =>
        io.x_side.choose(now(name('x')), now(name('h')));

      m.unused('fields', io.load, io.layer, io.next_layer);
      m.comment(
        'Counters: the tile in the innermost block, and on each level which of the kept blocks.',
      );
      const inner = m.reg(uint(widths.inner), 'tile in the innermost block');
      const innerLast = m.wire(inner.eq(field((s) => `${s}_inner`)));
      const counts = c.levels.map((_, l) => {
        const w = widths.levels[l] as (typeof widths.levels)[number];
        const count = m.reg(
          `kept_${l}`,
          uint(w.keep),
          `ordinal of the block of level ${l} among those kept`,
        );
        const last = m.wire(`kept_last_${l}`, count.eq(field((s) => levelField.keep(s, l))));
        return { count, last, w };
      });
      // A level steps when every level inside it has come round.
      const steps: Expr<'u'>[] = [];
      for (let l = c.levels.length - 1; l >= 0; l--) {
        const inside = counts[l + 1];
        const step = inside ? allOf(steps[0] as Expr<'u'>, inside.last) : innerLast;
        steps.unshift(m.wire(`step_${l}`, step));
      }
      const outer = counts[0];
      m.assign(io.tile_last, outer ? allOf(steps[0] as Expr<'u'>, outer.last) : innerLast);
      m.assign(io.tile_first, allOf(inner.eq(0), ...counts.map(({ count }) => count.eq(0))));
      m.always(io.clk, [
        when(
          io.rst,
          [
            set(inner, literal(0, widths.inner)),
            ...counts.map(({ count, w }) => set(count, literal(0, w.keep))),
          ],
          [
            when(io.advance, [
              set(inner, innerLast.choose(literal(0, widths.inner), inner.increment())),
              ...counts.map(({ count, last, w }, l) =>
                when(steps[l] as Expr<'u'>, [
                  set(count, last.choose(literal(0, w.keep), count.increment())),
                ]),
              ),
            ]),
          ],
        ),
      ]);

      m.comment(
        'Pointers into the index ROMs; a block row is walked again by every row group set in it.',
      );
      const pointers = c.levels.map((_, l) => {
        const { w } = counts[l] as (typeof counts)[number];
        const step = steps[l] as Expr<'u'>;
        const pointerBits = m.local(`POINTER_BITS_${l}`, w.base);
        const sides = (['x', 'h'] as const).map((s) => {
          const pointer = m.reg(`${s}_pointer_${l}`, uint(pointerBits));
          const start = m.reg(
            `${s}_row_${l}`,
            uint(pointerBits),
            `start of the block row, level ${l}`,
          );
          const repeats = m.reg(`${s}_repeat_${l}`, uint(w.repeat), 'row group sets walked in it');
          const mine = m.wire(
            `${s}_step_${l}`,
            allOf(io.advance, step, s === 'x' ? io.x_side : io.x_side.not()),
          );
          const after = m.wire(`${s}_pointer_next_${l}`, pointer.increment());
          const complete = repeats.eq(now(levelField.repeat(s, l)));
          const base = next(levelField.base(s, l), pointerBits);
          const endOfSet: Statement = when(
            complete,
            [set(pointer, after), set(start, after), set(repeats, literal(0, w.repeat))],
            [set(pointer, start), set(repeats, repeats.increment())],
          );
          m.always(io.clk, [
            when(
              io.load,
              [set(pointer, base), set(start, base), set(repeats, literal(0, w.repeat))],
              [when(mine, [when(io.tile_last, [endOfSet], [set(pointer, after)])])],
            ),
          ]);
          return pointer;
        });
        return m.wire(
          `pointer_${l}`,
          io.x_side.choose(sides[0] as Expr<'u'>, sides[1] as Expr<'u'>),
        );
      });

      m.comment(
        'Cycles 1 to 3 after the tile: block numbers from the ROMs, and what belongs to the same tile.',
      );
      const address = uint(addressWidth);
      const base = m.reg(address, 'cycle 1: first word of the source, with its buffer');
      const start = m.reg(address, 'cycle 2: word of the tile if all block numbers were 0');
      const startLate = m.reg(address, 'cycle 3');
      const innerLate = m.reg(uint(widths.inner), 'cycle 1');
      const source = m.wire(field((s) => `${s}_source`));
      const bufferWords = m.wire(
        io.from_input.choose(
          parameterValue(p.X_BUFFER_WORDS, addressWidth),
          parameterValue(p.H_BUFFER_WORDS, addressWidth),
        ),
      );
      const columns = columnsOf(p);
      const innerAt2 = m.reg('inner_at_2', uint(widths.inner), 'cycle 2');
      const innerAt3 = m.reg('inner_at_3', uint(widths.inner), 'cycle 3');
      const end = matrixEnd(m, io.clk, field);
      const numbers = c.levels.map((_, l) => {
        const w = (counts[l] as (typeof counts)[number]).w;
        const bits = int(parameter(`INDEX_BITS_${l}`));
        const copies = int(parameter(`INDEX_COPIES_${l}`));
        const stride = m.reg(
          `stride_${l}`,
          uint(w.stride),
          `cycle 1: words between blocks of level ${l}`,
        );
        const late = m.reg(`stride_late_${l}`, uint(w.stride), 'cycle 2');
        const data = m.net(`index_${l}`, uint(bits.times(copies)), 'cycle 1');
        const numbers = m.reg(
          `numbers_${l}`,
          uint(bits.times(copies)),
          `cycle 2: block numbers of level ${l}`,
        );
        m.always(io.clk, [set(late, stride), set(numbers, data)]);
        m.instance(
          `u_index_${l}`,
          romModule,
          {
            clk: io.clk,
            enable: io.advance,
            address: pointers[l] as Expr<'u'>,
            data,
          },
          {
            WIDTH: bits.times(copies),
            DEPTH: parameter(`INDEX_DEPTH_${l}`),
            MEM_DIR,
            INIT_FILE: { parameter: `INDEX_FILE_${l}` },
          },
        );
        return { bits, copies, stride, late, numbers };
      });
      m.always(io.clk, [
        set(base, source.addWrap(io.upper_buffer.choose(bufferWords, literal(0, addressWidth)))),
        set(innerLate, inner),
        set(start, base.addWrap(innerLate.resize(addressWidth))),
        set(startLate, start),
        set(innerAt2, innerLate),
        set(innerAt3, innerAt2),
        ...numbers.map(({ stride }, l) =>
          set(
            stride,
            field((s) => levelField.stride(s, l)),
          ),
        ),
      ]);
      m.comment(
        'Cycle 3: block number x stride. Cycle 4: the sum over the levels. Cycle 5: whether the columns of the tile are in the matrix. Blocks and tiles may reach beyond it, to words that nothing has written.',
      );
      m.forEach('stream', p.STREAMS, (stream, scope) => {
        const offsets = numbers.map(({ bits, copies, late, numbers: all }, l) => {
          const copy = div(stream, div(p.STREAMS, copies));
          const number = scope.wire(`number_${l}`, all.part(copy.times(bits), bits));
          const product = productInLogic(scope, `product_${l}`, number, late, addressWidth);
          const offset = scope.reg(`offset_${l}`, address);
          scope.always(io.clk, [set(offset, product)]);
          return offset;
        });
        const word = scope.reg(address);
        const sum = offsets.reduce((total, o) => total.addWrap(o), startLate);
        scope.always(io.clk, [set(word, sum)]);
        scope.assign(io.address.part(stream.times(addressWidth), addressWidth), word);
        const first = innerAt3.resize(addressWidth);
        const place = scope.reg(address, 'word of the matrix, from its first one');
        scope.always(io.clk, [
          set(
            place,
            offsets.reduce((total, o) => total.addWrap(o), first),
          ),
        ]);
        const columnsOfStream = io.present.part(stream.times(columns), columns);
        presentColumns(scope, io.clk, place, end, columnsOfStream);
      });
    },
  });
}

/** Words of `tileColumns` activations in one x buffer. */
export function xReadWords(c: Configuration): number {
  return (c.xRows * Math.max(c.streamLanes, c.tileColumns)) / c.tileColumns;
}

/** Words of `tileColumns` activations in one h buffer. */
export function hReadWords(c: Configuration): number {
  return (c.hRows * Math.max(c.cellLanes, c.tileColumns)) / c.tileColumns;
}

function recordOf(c: Configuration, p: Readonly<Record<string, Int>>) {
  return recordLayout(layerTableFields(layerTableInts(c, p), ONE));
}

function layerBits(p: Readonly<Record<string, Int>>): Int {
  return p.LAYER_BITS as Int;
}

function columnsOf(p: Readonly<Record<string, Int>>): Int {
  return p.TILE_COLS as Int;
}

function addressOf(p: Readonly<Record<string, Int>>): Int {
  return p.ADDRESS_BITS as Int;
}

export type HcgsDecoder = ReturnType<typeof hcgsDecoder>;
