import {
  bit,
  ceilPower2,
  clog2,
  concat,
  div,
  type Int,
  input,
  integer,
  literal,
  low,
  max,
  odd,
  output,
  parameterValue,
  type Scope,
  uint,
} from '../../hdl/index.js';
import { defineBlock } from '../build/define-block.js';
import { MATCHES, matched } from '../images/matches.js';
import { hammingBits, positionOf } from './code.js';

/** Numbers of the code in a row, and bits of a place in one. */
export const COLUMNS = 16;
export const COLUMN_BITS = 4;

export const CHECK_BITS_DOC = 'least r with 2^r > WIDTH + r';

/** The parameter of all that encodes and decodes. */
export const widthParameter = () => ({
  WIDTH: matched(integer(8, 'Bits of a word without check bits'), MATCHES.instance),
});

/**
 * The check bits of a word, by the numbers of its data bits, and their sum. All numbers lie in rows of 16: the sums of the columns make
 * the four low check bits, those of the rows the others.
 */
export function hammingChecks(prefix: string) {
  return defineBlock({
    name: `${prefix}_secded_checks`,
    doc: `Check bits of a Hamming code: bit i is the sum modulo 2 of the data bits whose number has bit i. Data bits have the numbers that are no power of two, from 3 on, which lie in rows of ${COLUMNS}: sums of columns make the four low check bits, sums of rows the others. No cycle.`,
    parameters: widthParameter(),
    ports: (p) => ({
      data: input(uint(p.WIDTH)),
      checks: output(uint(hammingBits(p.WIDTH))),
      ones: output(bit, 'an odd number of data bits is 1'),
    }),
    body: (m, p, io) => {
      const bits = m.local('CHECK_BITS', hammingBits(p.WIDTH), CHECK_BITS_DOC);
      const rows = rowsOf(m, p.WIDTH);
      const placed = m.net('placed', uint(rows.times(COLUMNS)), 'data bits by number; 0: none');
      m.forEach('number', rows.times(COLUMNS), (number, scope) =>
        dataBit(scope, p.WIDTH, number, {
          none: (inner) => inner.assign(placed.bit(number), low),
          some: (inner, n) => inner.assign(placed.bit(number), io.data.bit(n)),
        }),
      );
      const rowSums = m.net('row_sums', uint(rows));
      m.forEach('row', rows, (row, scope) =>
        scope.assign(rowSums.bit(row), odd(placed.part(row.times(COLUMNS), COLUMNS))),
      );
      const columnSums = m.net('column_sums', uint(COLUMNS));
      m.forEach('column', COLUMNS, (column, scope) => {
        const own = scope.net('own', uint(rows), 'its bits');
        scope.forEach('place', rows, (row, inner) =>
          inner.assign(own.bit(row), placed.bit(row.times(COLUMNS).plus(column))),
        );
        scope.assign(columnSums.bit(column), odd(own));
      });
      m.assign(io.ones, odd(rowSums));
      const masks = [0xff_00, 0xf0_f0, 0xcc_cc, 0xaa_aa].map((mask) => literal(mask, COLUMNS));
      const below = m.wire('below', concat(...masks.map((mask) => odd(columnSums.and(mask)))));
      m.ifGenerate(
        'few',
        bits,
        '<=',
        COLUMN_BITS,
        (scope) => {
          scope.assign(io.checks, below.part(0, bits));
          scope.unused('below', below);
        },
        (scope) => {
          scope.assign(io.checks.part(0, COLUMN_BITS), below);
          scope.forEach('upper', bits.minus(COLUMN_BITS), (upper, inner) => {
            const counted = inner.net('counted', uint(rows), 'rows whose number has the bit');
            inner.forEach('place', rows, (row, place) => {
              const number = place.local('ROW_NUMBER', row);
              const has = parameterValue(number, bits).bit(upper);
              place.assign(counted.bit(row), rowSums.bit(row).and(has));
            });
            inner.assign(io.checks.bit(upper.plus(COLUMN_BITS)), odd(counted));
          });
        },
        'many',
      );
    },
  });
}

/** Rows of the numbers of all data bits. */
export function rowsOf(m: Scope, width: Int): Int {
  return m.local('ROWS', div(positionOf(width.minus(1)), COLUMNS).plus(1), 'of numbers');
}

/** Branches for a number in the code: of data bit `n`, or of none. */
function dataBit(
  scope: Scope,
  width: Int,
  number: Int,
  of: { readonly none: (scope: Scope) => void; readonly some: (scope: Scope, n: Int) => void },
): void {
  const from1 = max(number, 1);
  const n = number.minus(1).minus(clog2(from1));
  scope.ifGenerate(
    'check',
    ceilPower2(from1),
    '==',
    from1,
    of.none,
    (other) =>
      other.ifGenerate('data', n, '<', width, (inner) => of.some(inner, n), of.none, 'behind'),
    'other',
  );
}
