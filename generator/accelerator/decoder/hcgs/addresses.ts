import {
  clog2,
  div,
  type Expr,
  type Int,
  type IntLike,
  int,
  literal,
  parameterValue,
  set,
  uint,
} from '../../../hdl/index.js';
import { productInLogic } from '../../build/numeric.js';
import { MEM_DIR } from '../../images/names.js';
import type { Rom } from '../../memory/leaf.js';
import { matrixEnd, presentColumns } from '../present.js';
import type { HcgsCounters } from './counters.js';
import type { HcgsKit } from './kit.js';
import { levelField } from './table.js';

/** Activation addresses of a tile, one per stream: the sum over the levels of block number x stride. */
export function hcgsAddresses(
  { levels, m, p, io, widths, field }: HcgsKit,
  { inner, counts }: HcgsCounters,
  pointers: readonly Expr<'u'>[],
  romModule: Rom,
): void {
  const parameter = (name: string): IntLike => p[name] as IntLike;
  const of = (name: string) => int(parameter(name));
  const addressWidth = of('ADDRESS_BITS');
  m.comment(
    'Cycles 1 to 3 after the tile: block numbers from the ROMs, and what belongs to the same tile.',
  );
  const address = uint(addressWidth);
  const base = m.reg(address, 'cycle 1: first word of the source, with its buffer');
  const start = m.reg(address, 'cycle 2: word of the tile if all block numbers were 0');
  const startLate = m.reg(address, 'cycle 3');
  const innerLate = m.reg(uint(widths.inner), 'cycle 1');
  const source = m.wire(field((s) => `${s}_source`));
  const buffer = bufferOf(m, io, of, addressWidth);
  const columns = of('TILE_COLS');
  const innerAt2 = m.reg('inner_at_2', uint(widths.inner), 'cycle 2');
  const innerAt3 = m.reg('inner_at_3', uint(widths.inner), 'cycle 3');
  const end = matrixEnd(m, io.clk, field);
  const numbers = levels.map((_, l) => {
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
    set(base, source.addWrap(buffer)),
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
  m.forEach('stream', of('STREAMS'), (stream, scope) => {
    const offsets = numbers.map(({ bits, copies, late, numbers: all }, l) => {
      const copy = div(stream, div(of('STREAMS'), copies));
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
}

/** First word of the buffer, or of the frame, in which the tile is. */
function bufferOf(
  m: HcgsKit['m'],
  io: HcgsKit['io'],
  of: (parameter: string) => Int,
  bits: Int,
): Expr<'u'> {
  const [x, h] = [of('X_BUFFER_WORDS'), of('H_BUFFER_WORDS')];
  if (io.upper_buffer !== undefined) {
    const bufferWords = m.wire(
      'buffer_words',
      io.from_input.choose(parameterValue(x, bits), parameterValue(h, bits)),
    );
    return io.upper_buffer.choose(bufferWords, literal(0, bits));
  }
  if (io.frame_place === undefined) throw new Error('the decoder is not told where a frame is');
  const frame = m.wire('frame', io.frame_place.resize(bits));
  const words = io.from_input.choose(frame.shiftUp(clog2(x)), frame.shiftUp(clog2(h)));
  return m.wire('frame_word', words, 'first word of the frame');
}
