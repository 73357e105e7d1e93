import {
  div,
  type Expr,
  type IntLike,
  int,
  literal,
  type Stage,
  Stages,
  set,
  uint,
} from '../../../hdl/index.js';
import { productInLogic } from '../../build/numeric.js';
import { MEM_DIR } from '../../images/names.js';
import type { Rom } from '../../memory/leaf.js';
import { DECODER, trackOf } from '../../pipeline/tracks.js';
import { bufferWord } from '../buffer.js';
import { matrixEnd, presentColumns } from '../present.js';
import type { HcgsCounters } from './counters.js';
import type { HcgsKit } from './kit.js';
import { levelField } from './table.js';

/** Activation addresses of a tile, one per stream: the sum over the levels of block number x stride. */
export function hcgsAddresses(
  { c, levels, m, p, io, widths, field }: HcgsKit,
  { inner, counts }: HcgsCounters,
  pointers: readonly Expr<'u'>[],
  romModule: Rom,
): void {
  const parameter = (name: string): IntLike => p[name] as IntLike;
  const of = (name: string) => int(parameter(name));
  const addressWidth = of('ADDRESS_BITS');
  const track = trackOf(c, DECODER);
  // nothing but the index ROMs asks whether there is a tile
  const stages = new Stages(m, io.clk, track, () => literal(1, 1));
  const read = stages.at(0);
  const [number, multiply, add] = [read.plus(1), read.plus(2), read.plus(3)] as const;
  const cycle = (stage: Stage, what = '') =>
    `cycle ${track.cycles(stage.place + 1)}${what === '' ? '' : `: ${what}`}`;
  m.comment(
    `Cycle${track.cycles(3) === 1 ? ' 1' : `s 1 to ${track.cycles(3)}`} after the tile: block numbers from the ROMs, and what belongs to the same tile.`,
  );
  const address = uint(addressWidth);
  const base = stages.reg(
    read,
    'base',
    address,
    cycle(read, 'first word of the source, with its buffer'),
  );
  const start = stages.reg(
    number,
    'start',
    address,
    cycle(number, 'word of the tile if all block numbers were 0'),
  );
  const startLate = stages.reg(multiply, 'start_late', address, cycle(multiply));
  const innerLate = stages.reg(read, 'inner_late', uint(widths.inner), cycle(read));
  const source = m.wire(field((s) => `${s}_source`));
  const buffer = bufferWord(m, io, of, addressWidth);
  const columns = of('TILE_COLS');
  const innerAt2 = stages.reg(number, 'inner_at_2', uint(widths.inner), cycle(number));
  const innerAt3 = stages.reg(multiply, 'inner_at_3', uint(widths.inner), cycle(multiply));
  const end = matrixEnd(m, c, io.clk, field);
  const numbers = levels.map((_, l) => {
    const w = (counts[l] as (typeof counts)[number]).w;
    const bits = int(parameter(`INDEX_BITS_${l}`));
    const copies = int(parameter(`INDEX_COPIES_${l}`));
    const stride = stages.reg(
      read,
      `stride_${l}`,
      uint(w.stride),
      cycle(read, `words between blocks of level ${l}`),
    );
    const late = stages.reg(number, `stride_late_${l}`, uint(w.stride), cycle(number));
    const data = m.net(`index_${l}`, uint(bits.times(copies)), 'cycle 1');
    const numbers = stages.reg(
      number,
      `numbers_${l}`,
      uint(bits.times(copies)),
      cycle(number, `block numbers of level ${l}`),
    );
    stages.set(stages.free(number, set(late, stride), set(numbers, data)));
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
  stages.set(
    stages.free(read, set(base, source.addWrap(buffer)), set(innerLate, inner)),
    stages.free(number, set(start, base.addWrap(innerLate.resize(addressWidth)))),
    stages.free(multiply, set(startLate, start)),
    stages.free(number, set(innerAt2, innerLate)),
    stages.free(multiply, set(innerAt3, innerAt2)),
    stages.free(
      read,
      ...numbers.map(({ stride }, l) =>
        set(
          stride,
          field((s) => levelField.stride(s, l)),
        ),
      ),
    ),
  );
  const last = track.cycles(4);
  m.comment(
    `Cycle ${track.cycles(3)}: block number x stride. Cycle ${last}: the sum over the levels. Cycle ${last + 1}: whether the columns of the tile are in the matrix. Blocks and tiles may reach beyond it, to words that nothing has written.`,
  );
  m.forEach('stream', of('STREAMS'), (stream, scope) => {
    const own = new Stages(scope, io.clk, track, () => literal(1, 1));
    const offsets = numbers.map(({ bits, copies, late, numbers: all }, l) => {
      const copy = div(stream, div(of('STREAMS'), copies));
      const number = scope.wire(`number_${l}`, all.part(copy.times(bits), bits));
      const product = productInLogic(scope, `product_${l}`, number, late, addressWidth);
      const offset = own.reg(multiply, `offset_${l}`, address);
      own.set(own.free(multiply, set(offset, product)));
      return offset;
    });
    const word = own.reg(add, 'word', address);
    const sum = offsets.reduce((total, o) => total.addWrap(o), startLate);
    own.set(own.free(add, set(word, sum)));
    scope.assign(io.address.part(stream.times(addressWidth), addressWidth), word);
    const first = innerAt3.resize(addressWidth);
    const place = own.reg(add, 'place', address, 'word of the matrix, from its first one');
    own.set(
      own.free(
        add,
        set(
          place,
          offsets.reduce((total, o) => total.addWrap(o), first),
        ),
      ),
    );
    const columnsOfStream = io.present.part(stream.times(columns), columns);
    presentColumns(scope, io.clk, place, end, columnsOfStream);
  });
}
