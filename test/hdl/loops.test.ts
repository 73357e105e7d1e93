import { describe, expect, test } from 'vitest';
import {
  checkDesign,
  concat,
  defineModule,
  type Expr,
  input,
  integer,
  literal,
  type Module,
  output,
  type Scope,
  set,
  uint,
} from '../../generator/hdl/index.js';

/** What the checks say about a module with an input a and an output y of 8 bits. */
function complaints(
  body: (m: Scope, a: Expr<'u'>, y: Expr<'u'>, clk: Expr<'u'>) => void,
): string[] {
  const design: Module = defineModule({
    name: 'subject',
    doc: 'Subject of the test.',
    parameters: {},
    ports: () => ({ clk: input(uint(1)), a: input(uint(8)), y: output(uint(8)) }),
    body: (m, _p, io) => {
      m.unused('inputs', io.a, io.clk);
      body(m, io.a, io.y, io.clk);
    },
  });
  return checkDesign(design).map(({ code, path, message }) => `${code} ${path}: ${message}`);
}

/** q = d and z = e, beside each other. */
const two = defineModule({
  name: 'two',
  doc: 'Two ways through one module.',
  parameters: { WIDTH: integer(8, 'Bits', 1, 64) },
  ports: (p) => ({
    d: input(uint(p.WIDTH)),
    e: input(uint(p.WIDTH)),
    q: output(uint(p.WIDTH)),
    z: output(uint(p.WIDTH)),
  }),
  body: (m, _p, io) => {
    m.assign(io.q, io.d.not());
    m.assign(io.z, io.e.not());
  },
});

/** Rotates its word by a bit: output bit n depends on input bit n - 1. */
const rotate = defineModule({
  name: 'rotate',
  doc: 'Rotates by a bit.',
  parameters: {},
  ports: () => ({ d: input(uint(8)), q: output(uint(8)) }),
  body: (m, _p, io) => m.assign(io.q, concat(io.d.part(0, 7), io.d.bit(7))),
});

describe('a combinational loop is found', () => {
  test('through two wires', () => {
    const found = complaints((m, a, y) => {
      const first = m.net('first', uint(8));
      const second = m.wire('second', first.and(a));
      m.assign(first, second.xor(a));
      m.assign(y, first);
    });
    expect(found).toEqual(['COMBINATIONAL_LOOP subject/first: first[0] -> second[0] -> first[0]']);
  });

  test('through the index of a selection, and through the condition of a choice', () => {
    const found = complaints((m, a, y) => {
      const place = m.net('place', uint(2));
      m.assign(place, a.word(place, 2));
      const flag = m.net('flag', uint(1));
      m.assign(flag, flag.choose(a.bit(0), a.bit(1)));
      m.assign(y, concat(place, place, place, flag, flag));
    });
    expect(found.sort()).toEqual([
      'COMBINATIONAL_LOOP subject/flag: flag -> flag',
      'COMBINATIONAL_LOOP subject/place: place[0] -> place[0]',
    ]);
  });

  test('from the last block of a generate loop to the first', () => {
    const found = complaints((m, a, y) => {
      const ring = m.net('ring', uint(8));
      m.forEach('i', 7, (i, scope) => scope.assign(ring.bit(i.plus(1)), ring.bit(i).and(a.bit(i))));
      m.assign(ring.bit(0), ring.bit(7));
      m.assign(y, ring);
    });
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(/^COMBINATIONAL_LOOP subject\/ring: ring\[\d\] -> ring\[\d\] -> /);
    expect(found[0]?.split(' -> ')).toHaveLength(9);
  });

  test('through an instance of an instance, at the parameters in use only', () => {
    const gate = defineModule({
      name: 'gate',
      doc: 'Combinational for one bit, a zero for more.',
      parameters: { WIDTH: integer(2, 'Bits', 1, 8) },
      ports: (p) => ({ d: input(uint(p.WIDTH)), q: output(uint(p.WIDTH)) }),
      body: (m, p, io) =>
        m.ifGenerate(
          'one',
          p.WIDTH,
          '==',
          1,
          (scope) => scope.assign(io.q, io.d),
          (scope) => {
            scope.unused('d', io.d);
            scope.assign(io.q, literal(0, p.WIDTH));
          },
        ),
    });
    const around = (width: number) =>
      complaints((m, a, y) => {
        const q = m.net('q', uint(width));
        m.instance('u_gate', gate, { d: q, q }, { WIDTH: width });
        m.unused('q', q);
        m.assign(y, a);
      });
    expect(around(2)).toEqual([]);
    expect(around(1)).toEqual(['COMBINATIONAL_LOOP subject/q: q -> u_gate (d to q) -> q']);
  });

  test('that a carry makes: a bit of a sum depends on every lower bit', () => {
    const found = complaints((m, a, y) => {
      const low = m.net('low', uint(4));
      const sum = m.wire('sum', concat(a.part(0, 4), low).addWrap(a));
      m.assign(low, sum.part(4, 4));
      m.assign(y, sum);
    });
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(/^COMBINATIONAL_LOOP subject\/low: low\[\d\] -> sum\[\d\] -> /);
  });
});

describe('no combinational loop is', () => {
  test('a ripple through one word, bit by bit', () => {
    const found = complaints((m, a, y) => {
      const chain = m.net('chain', uint(9));
      m.assign(chain.bit(0), a.bit(0));
      m.forEach('i', 8, (i, scope) =>
        scope.assign(chain.bit(i.plus(1)), chain.bit(i).xor(a.bit(i))),
      );
      m.assign(y, chain.part(1, 8));
    });
    expect(found).toEqual([]);
  });

  test('a word whose parts are made of its other parts', () => {
    const found = complaints((m, a, y) => {
      const word = m.net('word', uint(12));
      m.assign(word.part(0, 4), word.part(8, 4));
      m.assign(word.part(4, 4), word.part(0, 4));
      m.assign(word.part(8, 4), a.part(0, 4));
      m.assign(y, word.part(0, 8));
    });
    expect(found).toEqual([]);
  });

  test('the fold of a generate loop', () => {
    const found = complaints((m, a, y) => {
      m.assign(y.part(1, 7), literal(0, 7));
      const or = m.orOver('i', 8, 'so_far', 1, (i, scope) => scope.wire('one', a.bit(i)));
      m.assign(y.bit(0), or);
    });
    expect(found).toEqual([]);
  });

  test('a way through a register, or through a memory', () => {
    const found = complaints((m, a, y, clk) => {
      const count = m.reg('count', uint(8));
      const words = m.memory('words', 8, 256, null);
      const word = m.wire('word', words.at(count));
      m.always(clk, [set(count, word.addWrap(a)), set(words.at(word), count)]);
      m.assign(y, count);
    });
    expect(found).toEqual([]);
  });

  test('two ways through one instance that are not joined', () => {
    const found = complaints((m, a, y) => {
      const [q, z] = [m.net('q', uint(8)), m.net('z', uint(8))];
      m.instance('u_two', two, { d: a, e: q, q, z });
      m.assign(y, z);
    });
    expect(found).toEqual([]);
  });

  test('a way through an instance back to another bit, that ends', () => {
    const found = complaints((m, a, y) => {
      const [d, q] = [m.net('d', uint(8)), m.net('q', uint(8))];
      m.instance('u_rotate', rotate, { d, q });
      m.assign(d, concat(q.part(1, 7), a.bit(0)));
      m.unused('q', q);
      m.assign(y, d);
    });
    expect(found).toEqual([]);
  });
});

test('a way through an instance that does not end is a loop', () => {
  const found = complaints((m, a, y) => {
    const [d, q] = [m.net('d', uint(8)), m.net('q', uint(8))];
    m.instance('u_rotate', rotate, { d, q });
    m.assign(d, q.and(a));
    m.assign(y, d);
  });
  expect(found).toHaveLength(1);
  expect(found[0]?.match(/u_rotate \(d to q\)/g)).toHaveLength(4);
});
