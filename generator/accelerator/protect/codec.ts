import {
  allOf,
  anyOf,
  bit,
  concat,
  div,
  type Expr,
  type Int,
  input,
  odd,
  output,
  type Scope,
  uint,
} from '../../hdl/index.js';
import { defineBlock } from '../build/define-block.js';
import type { Protection } from '../plan/configuration.js';
import { checkBits, hammingBits, positionOf } from './code.js';
import {
  CHECK_BITS_DOC,
  COLUMN_BITS,
  COLUMNS,
  hammingChecks,
  rowsOf,
  widthParameter,
} from './hamming-checks.js';

const STORED = { parity: '{parity, data}', secded: '{parity, check bits, data}' } as const;

/** What a word is stored as. */
export function encoder(prefix: string, kind: Protection) {
  return defineBlock({
    name: `${prefix}_${kind}_encoder`,
    doc:
      kind === 'parity'
        ? 'A word with a bit above it that makes the number of its ones even. No cycle.'
        : 'A word with the check bits of a Hamming code above it, and above them a bit that makes the number of all ones even. No cycle.',
    parameters: widthParameter(),
    ports: (p) => ({
      data: input(uint(p.WIDTH)),
      word: output(uint(p.WIDTH.plus(checkBits(kind, p.WIDTH))), STORED[kind]),
    }),
    body: (m, p, io) => {
      if (kind === 'parity') {
        m.assign(io.word, concat(odd(io.data), io.data));
        return;
      }
      const { checks, ones } = checksOf(m, prefix, p.WIDTH, io.data);
      m.assign(io.word, concat(ones.xor(odd(checks)), checks, io.data));
    },
  });
}

/** What a stored word says, and whether it is what was stored. */
export function decoder(prefix: string, kind: Protection) {
  return defineBlock({
    name: `${prefix}_${kind}_decoder`,
    doc:
      kind === 'parity'
        ? 'A word without the parity above it, and whether the number of its ones is odd. No cycle.'
        : 'A word of an extended Hamming code with up to one flipped bit put right, and whether bits were flipped: one, or two, which cannot be put right. No cycle.',
    parameters: widthParameter(),
    ports: (p) => ({
      word: input(uint(p.WIDTH.plus(checkBits(kind, p.WIDTH))), STORED[kind]),
      data: output(uint(p.WIDTH)),
      fault: output(bit, 'the word is not as it was stored'),
      lost: output(bit, 'and cannot be put right'),
    }),
    body: (m, p, io) => {
      if (kind === 'parity') {
        const wrong = m.wire('odd_ones', odd(io.word), 'an odd number of bits is flipped');
        m.assign(io.data, io.word.part(0, p.WIDTH));
        m.assign(io.fault, wrong);
        m.assign(io.lost, wrong);
        return;
      }
      const bits = m.local('CHECK_BITS', hammingBits(p.WIDTH), CHECK_BITS_DOC);
      const rows = rowsOf(m, p.WIDTH);
      const data = m.wire('read_data', io.word.part(0, p.WIDTH));
      const { checks, ones } = checksOf(m, prefix, p.WIDTH, data);
      const wrong = m.wire(
        'odd_ones',
        ones.xor(odd(io.word.part(p.WIDTH, bits.plus(1)))),
        'an odd number of bits is flipped',
      );
      const syndrome = m.wire(
        'syndrome',
        checks.xor(io.word.part(p.WIDTH, bits)),
        'number of the bit that is flipped, where one is',
      );
      // as wide as a row at least
      const place = m.wire('flipped_place', syndrome.resize(bits.plus(COLUMN_BITS)));
      const inRow = m.net('in_row', uint(rows), 'it is in this row of numbers');
      m.forEach('row', rows, (row, scope) =>
        scope.assign(inRow.bit(row), place.part(COLUMN_BITS, bits).eq(row)),
      );
      const inColumn = m.net('in_column', uint(COLUMNS));
      m.forEach('column', COLUMNS, (column, scope) =>
        scope.assign(inColumn.bit(column), place.part(0, COLUMN_BITS).eq(column)),
      );
      // check bits have numbers too
      m.unused('numbers', inRow, inColumn);
      m.forEach('place', p.WIDTH, (n, scope) => {
        const number = scope.local('NUMBER', positionOf(n), 'of the data bit');
        const row = scope.local('OWN_ROW', div(number, COLUMNS));
        const flipped = inRow.bit(row).and(inColumn.bit(number.minus(row.times(COLUMNS))));
        scope.assign(io.data.bit(n), data.bit(n).xor(flipped));
      });
      const some = m.wire('some', syndrome.any());
      m.assign(io.fault, anyOf(wrong, some));
      m.assign(io.lost, allOf(wrong.not(), some));
    },
  });
}

export type Encoder = ReturnType<typeof encoder>;
export type Decoder = ReturnType<typeof decoder>;

/** The check bits of a word and the sum of its data bits, from an instance of what makes them. */
function checksOf(m: Scope, prefix: string, width: Int, data: Expr<'u'>) {
  const checks = m.net('checks', uint(hammingBits(width)), 'of the data bits');
  const ones = m.net('ones', bit, 'an odd number of data bits is 1');
  m.instance('u_checks', hammingChecks(prefix), { data, checks, ones }, { WIDTH: width });
  return { checks, ones };
}
