import { addressBits } from '../../devices/macros/macro.js';
import {
  concat,
  type Expr,
  type Int,
  int,
  low,
  repeat,
  type Scope,
  set,
  type TypedModule,
  uint,
  when,
} from '../../hdl/index.js';
import type { StoreSize } from '../memory/store.js';
import { bitsOf } from '../plan/configuration.js';
import type { MacroGrid } from './grid.js';
import { connectMacro } from './pins.js';

/** A memory as its leaf module sees it: addresses and data of a write and of a read, and when they are. */
export interface GridSignals {
  readonly clock: Expr<'u'>;
  /** Bits of a word, a parameter of the leaf. */
  readonly width: Int;
  readonly writes: Expr<'u'>;
  readonly write: Expr<'u'>;
  readonly writeData: Expr<'u'>;
  readonly reads: Expr<'u'>;
  readonly read: Expr<'u'>;
  readonly readData: Expr<'u'>;
}

/**
 * A grid of macros for a memory of one size. The lower bits of an address go to every row, the upper ones choose the row: at a write
 * its enable, at a read the enable and, a cycle later, the multiplexer behind it.
 */
export function placeGrid(
  scope: Scope,
  size: StoreSize,
  grid: MacroGrid,
  signals: GridSignals,
  model: TypedModule,
): void {
  const { rows, columns, rowWords, macro } = grid;
  const bits = columns * macro.bits;
  const data = padded(scope, signals, bits, size);
  const lowBits = Math.min(bitsOf(rowWords), bitsOf(size.words));
  const ownAddress = (name: string, address: Expr<'u'>): Expr<'u'> =>
    scope.wire(name, address.part(0, lowBits).resize(addressBits(macro)));
  const shared = signals.write === signals.read;
  const write = ownAddress(shared ? 'macro_address' : 'macro_write_address', signals.write);
  const read = shared ? write : ownAddress('macro_read_address', signals.read);
  const row = (inner: Scope, word: Expr<'u'>, writes: Expr<'u'>, reads: Expr<'u'>): void =>
    each(inner, 'column', columns, (column, place) =>
      connectMacro(place, grid, model, {
        clock: signals.clock,
        ...{ writes, write, reads, read },
        writeData: data.part(column.times(macro.bits), macro.bits),
        readData: word.part(column.times(macro.bits), macro.bits),
      }),
    );
  if (rows === 1) {
    const word = scope.net('macro_word', uint(bits));
    row(scope, word, signals.writes, signals.reads);
    readOut(scope, word, signals, bits, size);
    return;
  }
  const rowBits = bitsOf(rows);
  const rowOf = (name: string, address: Expr<'u'>): Expr<'u'> =>
    scope.wire(name, address.part(lowBits, rowBits));
  const writeRow = rowOf(shared ? 'macro_row' : 'write_row', signals.write);
  const readRow = shared ? writeRow : rowOf('read_row', signals.read);
  const chosen = scope.reg('chosen_row', uint(rowBits), 'row of the word that was read last');
  scope.always(signals.clock, [when(signals.reads, [set(chosen, readRow)])]);
  const words = scope.orOver('row', rows, 'words', bits, (i, inner) => {
    const word = inner.net('word', uint(bits));
    const writes = inner.wire('row_writes', signals.writes.and(writeRow.eq(i)));
    const reads = inner.wire('row_reads', signals.reads.and(readRow.eq(i)));
    row(inner, word, writes, reads);
    return inner.wire('gated', repeat(bits, chosen.eq(i)).and(word));
  });
  readOut(scope, scope.wire('macro_word', words), signals, bits, size);
}

/** The word to write on all bits of a row. */
function padded(
  scope: Scope,
  { writeData, width }: GridSignals,
  bits: number,
  size: StoreSize,
): Expr<'u'> {
  if (bits === size.width) return writeData;
  return scope.wire('macro_data', concat(repeat(int(bits).minus(width), low), writeData));
}

function readOut(
  scope: Scope,
  word: Expr<'u'>,
  { readData, width }: GridSignals,
  bits: number,
  size: StoreSize,
): void {
  scope.assign(readData, word.part(0, width));
  if (bits > size.width) {
    scope.unused('macro_word', word.part(width, int(bits).minus(width)));
  }
}

/** A generate loop, or its one round in place. */
function each(
  scope: Scope,
  variable: string,
  count: number,
  body: (index: Int, scope: Scope) => void,
): void {
  if (count === 1) body(int(0), scope);
  else scope.forEach(variable, count, body);
}
