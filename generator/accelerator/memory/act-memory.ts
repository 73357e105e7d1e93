import {
  bit,
  ceilPower2,
  clog2,
  div,
  type Expr,
  type Int,
  indexBits,
  input,
  integer,
  max,
  output,
  repeat,
  requires,
  type Scope,
  set,
  uint,
  when,
} from '../../hdl/index.js';
import { defineBlock } from '../build/define-block.js';
import { MATCHES, matched } from '../images/matches.js';
import type { Ram } from './leaf.js';

/**
 * Memory of lanes whose write and read widths differ by a power of two: the wider side fixes the row, the
 * narrower one the banks. Two buffers share it; the caller adds the first word of the buffer to its addresses.
 */
export function actMemory(prefix: string, ramModule: Ram) {
  return defineBlock({
    name: `${prefix}_act_memory`,
    doc: 'Banked memory of LANE_BITS wide lanes, written WRITE_LANES and read READ_LANES at a time (powers of two). A row holds as many lanes as the wider of the two; the narrower one selects banks. Latency: one cycle, plus the bank multiplexer.',
    parameters: {
      LANE_BITS: matched(integer(13, 'Bits of one lane'), MATCHES.nothing),
      WRITE_LANES: matched(integer(1, 'Lanes per write, a power of two'), MATCHES.nothing),
      READ_LANES: matched(integer(4, 'Lanes per read, a power of two'), MATCHES.nothing),
      ROWS: matched(integer(2, 'Rows of max(WRITE_LANES, READ_LANES) lanes', 2), MATCHES.room),
      WRITE_ADDRESS_BITS: matched(
        integer(3, 'clog2 of the words of WRITE_LANES: follows from the above'),
        MATCHES.nothing,
      ),
      READ_ADDRESS_BITS: matched(
        integer(1, 'clog2 of the words of READ_LANES: follows from the above'),
        MATCHES.nothing,
      ),
    },
    relations: (p) => [
      requires(
        p.WRITE_LANES,
        '==',
        ceilPower2(p.WRITE_LANES),
        'WRITE_LANES must be a power of two',
      ),
      requires(p.READ_LANES, '==', ceilPower2(p.READ_LANES), 'READ_LANES must be a power of two'),
      requires(
        p.WRITE_ADDRESS_BITS,
        '>=',
        clog2(div(p.ROWS.times(max(p.WRITE_LANES, p.READ_LANES)), p.WRITE_LANES)),
        'WRITE_ADDRESS_BITS must reach every word',
      ),
      requires(
        p.READ_ADDRESS_BITS,
        '>=',
        clog2(div(p.ROWS.times(max(p.WRITE_LANES, p.READ_LANES)), p.READ_LANES)),
        'READ_ADDRESS_BITS must reach every word',
      ),
    ],
    ports: (p) => ({
      clk: input(bit),
      write_enable: input(bit),
      write_address: input(uint(p.WRITE_ADDRESS_BITS), 'in words of WRITE_LANES'),
      write_data: input(uint(p.LANE_BITS.times(p.WRITE_LANES)), 'lane 0 low'),
      read_enable: input(bit),
      read_address: input(uint(p.READ_ADDRESS_BITS), 'in words of READ_LANES'),
      read_data: output(uint(p.LANE_BITS.times(p.READ_LANES)), 'lane 0 low'),
    }),
    body: (m, p, io) => {
      const bank = (
        scope: Scope,
        width: Int,
        ports: {
          writeEnable: Expr<'u'>;
          writeAddress: Expr<'u'>;
          writeData: Expr<'u'>;
          readAddress: Expr<'u'>;
          readData: Expr<'u'>;
        },
      ): void =>
        scope.instance(
          'u_ram',
          ramModule,
          {
            clk: io.clk,
            write_enable: ports.writeEnable,
            write_address: ports.writeAddress,
            write_data: ports.writeData,
            read_enable: io.read_enable,
            read_address: ports.readAddress,
            read_data: ports.readData,
          },
          { WIDTH: width, DEPTH: p.ROWS },
        );
      const rowBits = m.local(indexBits(p.ROWS));
      const same = (scope: Scope): void =>
        bank(scope, p.LANE_BITS.times(p.READ_LANES), {
          writeEnable: io.write_enable,
          writeAddress: io.write_address.part(0, rowBits),
          writeData: io.write_data.part(0, p.LANE_BITS.times(p.READ_LANES)),
          readAddress: io.read_address.part(0, rowBits),
          readData: io.read_data.part(0, p.LANE_BITS.times(p.READ_LANES)),
        });
      const wideWrite = (scope: Scope): void => {
        const banks = scope.local(div(p.WRITE_LANES, p.READ_LANES));
        const bankBits = scope.local(p.LANE_BITS.times(p.READ_LANES));
        const selectBits = scope.local(clog2(banks));
        const bankSelect = scope.reg(uint(selectBits), 'bank of the word being read');
        scope.always(io.clk, [
          when(io.read_enable, [set(bankSelect, io.read_address.part(0, selectBits))]),
        ]);
        const chosen = scope.orOver('bank', banks, 'chosen', bankBits, (i, inner) => {
          const word = inner.net(uint(bankBits));
          bank(inner, bankBits, {
            writeEnable: io.write_enable,
            writeAddress: io.write_address.part(0, rowBits),
            writeData: io.write_data.part(i.times(bankBits), bankBits),
            readAddress: io.read_address.part(selectBits, rowBits),
            readData: word,
          });
          return inner.wire('gated', repeat(bankBits, bankSelect.eq(i)).and(word));
        });
        scope.assign(io.read_data, chosen);
      };
      const wideRead = (scope: Scope): void => {
        const banks = scope.local(div(p.READ_LANES, p.WRITE_LANES));
        const bankBits = scope.local(p.LANE_BITS.times(p.WRITE_LANES));
        const selectBits = scope.local(clog2(banks));
        const bankSelect = scope.wire(io.write_address.part(0, selectBits));
        scope.forEach('bank', banks, (i, inner) =>
          bank(inner, bankBits, {
            writeEnable: io.write_enable.and(bankSelect.eq(i)),
            writeAddress: io.write_address.part(selectBits, rowBits),
            writeData: io.write_data.part(0, bankBits),
            readAddress: io.read_address.part(0, rowBits),
            readData: io.read_data.part(i.times(bankBits), bankBits),
          }),
        );
      };
      m.ifGenerate(
        'same',
        p.WRITE_LANES,
        '==',
        p.READ_LANES,
        same,
        (other) =>
          other.ifGenerate(
            'wide_write',
            p.WRITE_LANES,
            '>',
            p.READ_LANES,
            wideWrite,
            wideRead,
            'wide_read',
          ),
        'unequal',
      );
    },
  });
}

export type ActMemory = ReturnType<typeof actMemory>;
