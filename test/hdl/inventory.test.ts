import { describe, expect, test } from 'vitest';
import {
  bit,
  defineModule,
  indexBits,
  input,
  integer,
  inventory,
  output,
  set,
  sint,
  text,
  uint,
  when,
} from '../../generator/hdl/index.js';

const rom = defineModule({
  name: 'stock_rom',
  doc: '',
  parameters: {
    WIDTH: integer(8, 'Bits'),
    DEPTH: integer(4, 'Words'),
    FILE: text('', 'Image'),
  },
  ports: (p) => ({
    clk: input(bit),
    address: input(uint(indexBits(p.DEPTH))),
    data: output(uint(p.WIDTH)),
  }),
  body: (m, p, io) => {
    const words = m.memory('words', p.WIDTH, p.DEPTH, 'FILE');
    m.always(io.clk, [set(io.data, words.at(io.address))]);
  },
});

const ram = defineModule({
  name: 'stock_ram',
  doc: '',
  parameters: {},
  ports: () => ({
    clk: input(bit),
    write: input(bit),
    write_address: input(uint(3)),
    write_data: input(uint(5)),
    read_address: input(uint(3)),
    read_data: output(uint(5)),
  }),
  body: (m, _p, io) => {
    const words = m.memory('words', 5, 8, null);
    m.always(io.clk, [
      when(io.write, [set(words.at(io.write_address), io.write_data)]),
      set(io.read_data, words.at(io.read_address)),
    ]);
  },
});

describe('the stock of a design', () => {
  test('has a memory for every round of a loop, with the values of its instance', () => {
    const top = defineModule({
      name: 'stock_top',
      doc: '',
      parameters: { BANKS: integer(2, 'Banks') },
      ports: (p) => ({
        clk: input(bit),
        address: input(uint(5)),
        data: output(uint(p.BANKS.times(6))),
      }),
      body: (m, p, io) => {
        m.forEach('bank', p.BANKS, (i, scope) =>
          scope.instance(
            'u_rom',
            rom,
            { clk: io.clk, address: io.address, data: io.data.part(i.times(6), 6) },
            { WIDTH: 6, DEPTH: 24, FILE: { text: 'a.mem' } },
          ),
        );
      },
    });
    const { memories, logic } = inventory(top, { BANKS: 3 });
    expect(memories.map((m) => m.path)).toEqual([0, 1, 2].map((i) => `g_bank[${i}].u_rom.words`));
    expect(memories[0]).toMatchObject({
      ...{ module: 'stock_rom', width: 6, depth: 24, image: 'a.mem', writes: [] },
      reads: [{ kind: 'clocked' }],
    });
    expect(logic).toMatchObject({ registers: 0, readRegisters: 18 });
  });

  test('knows ports of one memory that share their address, through the hierarchy', () => {
    const around = (sameAddress: boolean) =>
      defineModule({
        name: `stock_${sameAddress ? 'one' : 'two'}`,
        doc: '',
        parameters: {},
        ports: () => ({
          clk: input(bit),
          write: input(bit),
          here: input(uint(3)),
          there: input(uint(3)),
          write_data: input(uint(5)),
          read_data: output(uint(5)),
        }),
        body: (m, _p, io) => {
          m.instance('u_ram', ram, {
            clk: io.clk,
            write: io.write,
            write_address: io.here,
            write_data: io.write_data,
            read_address: sameAddress ? io.here : io.there,
            read_data: io.read_data,
          });
          m.unused('address', io.there);
        },
      });
    const addresses = (same: boolean) => {
      const [memory] = inventory(around(same)).memories;
      return [memory?.reads[0]?.address, memory?.writes[0]?.address];
    };
    const [one, two] = [addresses(true), addresses(false)];
    expect(one[0]).toBe(one[1]);
    expect(two[0]).not.toBe(two[1]);
  });

  test('tells a read at a register from one without a clock', () => {
    const queue = defineModule({
      name: 'stock_queue',
      doc: '',
      parameters: {},
      ports: () => ({
        clk: input(bit),
        next: input(uint(2)),
        data: input(uint(4)),
        oldest: output(uint(4)),
        other: output(uint(4)),
      }),
      body: (m, _p, io) => {
        const words = m.memory('words', 4, 4, null);
        const head = m.reg('head', uint(2));
        m.always(io.clk, [set(words.at(head), io.data), set(head, io.next)]);
        m.assign(io.oldest, words.at(head));
        m.assign(io.other, words.at(io.next));
      },
    });
    const [memory] = inventory(queue).memories;
    expect(memory?.reads.map((r) => r.kind)).toEqual(['addressed', 'unclocked']);
    expect(memory?.writes).toEqual([{ kind: 'clocked', address: 'head' }]);
  });

  test('says which branches lead to a port, and tells blocks from one another', () => {
    const memory = defineModule({
      name: 'stock_branches',
      doc: '',
      parameters: {},
      ports: () => ({
        clk: input(bit),
        write: input(bit),
        address: input(uint(2)),
        data: input(uint(4)),
        one: output(uint(4)),
        other: output(uint(4)),
      }),
      body: (m, _p, io) => {
        const words = m.unsetMemory('words', 4, 4);
        m.always(io.clk, [
          when(io.write, [set(words.at(io.address), io.data)], [set(io.one, words.at(io.address))]),
        ]);
        m.always(io.clk, [when(io.write, [], [set(io.other, words.at(io.address))])]);
      },
    });
    const [stock] = inventory(memory).memories;
    const [write] = stock?.writes ?? [];
    const [same, apart] = stock?.reads ?? [];
    const block = (branch = '') => branch.split('/')[0];
    expect(stock?.unset).toBe(true);
    expect(write?.branch).toMatch(/\/then\/0$/);
    expect(same?.branch).toMatch(/\/otherwise\/0$/);
    expect(block(same?.branch)).toBe(block(write?.branch));
    expect(block(apart?.branch)).not.toBe(block(write?.branch));
  });

  test('counts multiplications without extensions and constants, and the bits of the logic', () => {
    const maths = defineModule({
      name: 'stock_maths',
      doc: '',
      parameters: { BITS: integer(7, 'Bits') },
      ports: (p) => ({
        clk: input(bit),
        enable: input(bit),
        a: input(sint(p.BITS)),
        b: input(sint(5)),
        product: output(sint(p.BITS.plus(9))),
        sum: output(sint(p.BITS.plus(1))),
      }),
      body: (m, _p, io) => {
        m.always(io.clk, [when(io.enable, [set(io.product, io.a.mul(io.b.resize(9)))])]);
        m.assign(io.sum, io.a.add(io.enable.choose(io.a, io.a)));
      },
    });
    const { products, logic } = inventory(maths);
    expect(products).toEqual([{ path: 'product', a: 7, b: 5, width: 16, signed: true }]);
    expect(logic).toMatchObject({ registers: 16, adders: 8, multiplexers: 7 });
  });
});
