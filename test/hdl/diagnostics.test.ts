import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, test } from 'vitest';
import {
  bit,
  checkDesign,
  concat,
  type Diagnostic,
  type DiagnosticCode,
  defineModule,
  type Expr,
  emitModule,
  HdlError,
  input,
  integer,
  literal,
  type Module,
  output,
  repeat,
  type Scope,
  set,
  showSite,
  signedLiteral,
  sint,
  text,
  uint,
  when,
} from '../../generator/hdl/index.js';

interface Io {
  readonly clk: Expr<'u'>;
  readonly a: Expr<'u'>;
  readonly b: Expr<'u'>;
  readonly s: Expr<'s'>;
  readonly y: Expr<'u'>;
}

/** A module with inputs clk, a (8 bits), b (5 bits), s (8 bits, signed) and an output y of 8 bits. */
function moduleOf(body: (m: Scope, io: Io) => void, drivesY = false): Module {
  return defineModule({
    name: 'subject',
    doc: 'Subject of the test.',
    parameters: {},
    ports: () => ({
      clk: input(bit),
      a: input(uint(8)),
      b: input(uint(5)),
      s: input(sint(8)),
      y: output(uint(8)),
    }),
    body: (m, _p, io) => {
      m.unused('inputs', io.clk, io.a, io.b, io.s);
      if (!drivesY) m.assign(io.y, io.a);
      body(m, io);
    },
  });
}

const leaf = defineModule({
  name: 'leaf',
  doc: 'One port in, one out.',
  parameters: { WIDTH: integer(8, 'Bits', 2, 16) },
  ports: (p) => ({ d: input(uint(p.WIDTH)), q: output(uint(p.WIDTH)) }),
  body: (m, _p, io) => m.assign(io.q, io.d),
});

function complaintsOf(make: () => Module): readonly Diagnostic[] {
  return checkDesign(make());
}

const parameterised = (body: (m: Scope) => void, extra = {}): Module =>
  defineModule({
    name: 'subject',
    doc: 'Subject of the test.',
    parameters: { WIDTH: integer(4, 'Bits', 1, 8), ...extra },
    ports: (p) => ({ d: input(uint(p.WIDTH)), q: output(uint(p.WIDTH)) }),
    body: (m, _p, io) => {
      m.assign(io.q, io.d);
      body(m);
    },
  });

/** One design per way to be refused: code, what is wrong, a piece of the message, the design. */
const REFUSED: readonly (readonly [DiagnosticCode, string, string, () => Module])[] = [
  [
    'WIDTH_MISMATCH',
    'an assignment',
    'y: 8 bits and 5 bits',
    () => moduleOf((m, io) => m.assign(io.y, io.b), true),
  ],
  [
    'WIDTH_MISMATCH',
    'operands',
    'operands of &: 5 bits and 8 bits',
    () => moduleOf((m, io) => m.unused('x', io.a.and(io.b))),
  ],
  [
    'WIDTH_MISMATCH',
    'values of a choice',
    'choose(): 5 bits and 8 bits',
    () => moduleOf((m, io) => m.unused('x', io.clk.choose(io.a, io.b))),
  ],
  [
    'WIDTH_MISMATCH',
    'a condition of many bits',
    'condition of choose() has 5 bits',
    () => moduleOf((m, io) => m.unused('x', io.b.choose(io.a, io.a))),
  ],
  [
    'WIDTH_MISMATCH',
    'a condition of many bits at the clock edge',
    'condition of when() has 5 bits',
    () =>
      moduleOf((m, io) => {
        const r = m.reg('r', uint(8));
        m.always(io.clk, [when(io.b, [set(r, io.a)])]);
        m.unused('r', r);
      }),
  ],
  [
    'WIDTH_MISMATCH',
    'a register',
    'set(r): 5 bits and 8 bits',
    () =>
      moduleOf((m, io) => {
        const r = m.reg('r', uint(5));
        m.always(io.clk, [set(r, io.a)]);
        m.unused('r', r);
      }),
  ],
  [
    'WIDTH_MISMATCH',
    'a resize that drops bits',
    'resize() cannot drop bits: 8 to 5',
    () => moduleOf((m, io) => m.unused('x', io.a.resize(5))),
  ],
  [
    'WIDTH_MISMATCH',
    'a product that drops bits',
    'mul() cannot drop bits: 16 to 15',
    () => moduleOf((m, io) => m.unused('x', m.wire('x', io.a.mul(io.a, 15)))),
  ],
  [
    'INDEX_RANGE',
    'a part beyond the value',
    'part(4, 5) of 8 bits',
    () => moduleOf((m, io) => m.unused('x', io.a.part(4, 5))),
  ],
  [
    'WIDTH_MISMATCH',
    'a port of an instance',
    'subject/u_leaf/d: 8 bits and 5 bits',
    () =>
      moduleOf((m, io) => {
        const q = m.net('q', uint(8));
        m.instance('u_leaf', leaf, { d: io.b, q });
        m.unused('q', q);
      }),
  ],
  [
    'INDEX_RANGE',
    'a generate loop that drives beyond the end',
    'subject/word: bits 8 to 9 of the 8 bits of word',
    () =>
      moduleOf((m, io) => {
        const word = m.net('word', uint(8));
        m.forEach('i', 5, (i, scope) => scope.assign(word.part(i.times(2), 2), io.a.part(0, 2)));
        m.unused('word', word);
      }),
  ],
  [
    'NEEDS_NAME',
    'a product inside an expression',
    'a product inside an expression',
    () => moduleOf((m, io) => m.unused('x', io.a.mul(io.a))),
  ],
  [
    'NEEDS_NAME',
    'a part of an expression',
    'part() of an expression',
    () => moduleOf((m, io) => m.unused('x', io.a.addWrap(io.a).part(0, 4))),
  ],
  [
    'NEEDS_NAME',
    'the sign of an expression',
    'sign extension of an expression',
    () => moduleOf((m, io) => m.unused('x', io.s.addWrap(io.s).resize(12))),
  ],
  [
    'NEEDS_NAME',
    'a sum as a factor',
    'a factor is an expression that can overflow',
    () => moduleOf((m, io) => m.unused('x', m.wire('x', io.a.addWrap(io.a).mul(io.a)))),
  ],
  [
    'NEEDS_NAME',
    'a sum as the number of a word',
    'the number of a word is an expression',
    () => moduleOf((m, io) => m.unused('x', io.a.word(io.a.part(0, 2).increment(), 2))),
  ],
  [
    'NEEDS_NAME',
    'a target that is an expression',
    'cannot be assigned to',
    () => moduleOf((m, io) => m.assign(io.y.and(io.a), io.a)),
  ],
  [
    'NEEDS_NAME',
    'an output on an expression',
    'subject/u_leaf/q: an output on an expression',
    () => moduleOf((m, io) => m.instance('u_leaf', leaf, { d: io.a, q: io.a.not() })),
  ],
  [
    'NAME_CLASH',
    'two signals',
    'subject/x: there is a wire x already',
    () =>
      moduleOf((m, io) => {
        m.unused('x', m.wire('x', io.a));
        m.reg('x', uint(8));
      }),
  ],
  [
    'NAME_CLASH',
    'a signal and a port in other letters',
    'subject/CLK: there is a port clk already; only the case differs',
    () => moduleOf((m, io) => m.unused('x', m.wire('CLK', io.a))),
  ],
  [
    'NAME_CLASH',
    'two blocks',
    'g_i',
    () =>
      moduleOf((m, io) => {
        m.forEach('i', 2, (i, scope) => scope.unused('bit', io.a.bit(i)));
        m.ifGenerate('i', 1, '==', 1, (scope) => scope.unused('b', io.b));
      }),
  ],
  [
    'NAME_CLASH',
    'a signal in a block and one around it',
    'subject/g_i/sum: there is a wire Sum already; only the case differs',
    () =>
      moduleOf((m, io) => {
        m.unused('sum', m.wire('Sum', io.a));
        m.forEach('i', 2, (i, scope) => scope.unused('bit', scope.wire('sum', io.a.bit(i))));
      }),
  ],
  [
    'NAME_CLASH',
    'the label of the other branch and an instance',
    'subject/g_kind_else: there is a generate block g_kind_else already',
    () =>
      moduleOf((m, io) => {
        const q = m.net('q', uint(8));
        const other = (scope: Scope): void => scope.unused('b', io.b);
        m.ifGenerate('kind', 1, '==', 1, (scope) => scope.unused('a', io.a), other);
        m.instance('g_kind_else', leaf, { d: io.a, q });
        m.unused('q', q);
      }),
  ],
  [
    'NAME_CLASH',
    'a localparam and a loop variable',
    'subject/i: there is a localparam I already; only the case differs',
    () =>
      moduleOf((m, io) => {
        m.unused('x', io.a.part(0, m.local('I', 4)));
        m.forEach('i', 2, (i, scope) => scope.unused('bit', io.a.bit(i)));
      }),
  ],
  [
    'NAME_CLASH',
    'a signal and the module',
    'subject/subject: there is a module subject already',
    () => moduleOf((m, io) => m.unused('x', m.wire('subject', io.a))),
  ],
  [
    'RESERVED_NAME',
    'a word of Verilog',
    'subject/wire: wire is a keyword of Verilog',
    () => moduleOf((m, io) => m.unused('x', m.wire('wire', io.a))),
  ],
  [
    'RESERVED_NAME',
    'a word of SystemVerilog',
    'subject/logic: logic is a keyword of SystemVerilog',
    () => moduleOf((m, io) => m.unused('x', m.wire('logic', io.a))),
  ],
  [
    'RESERVED_NAME',
    'a word of VHDL',
    'subject/signal: signal is a keyword of VHDL',
    () => moduleOf((m, io) => m.unused('x', m.wire('signal', io.a))),
  ],
  ['UNDRIVEN', 'a wire', 'subject/x', () => moduleOf((m) => m.unused('x', m.net('x', uint(3))))],
  ['UNDRIVEN', 'a port', 'subject/y', () => moduleOf(() => {}, true)],
  [
    'PARTLY_DRIVEN',
    'some bits',
    'subject/x: nothing drives bits 4 to 5 of the 8 bits of x',
    () =>
      moduleOf((m, io) => {
        const x = m.net('x', uint(8));
        m.assign(x.part(0, 4), io.a.part(0, 4));
        m.assign(x.part(6, 2), io.a.part(0, 2));
        m.unused('x', x);
      }),
  ],
  ['UNREAD', 'a wire', 'subject/x', () => moduleOf((m, io) => void m.wire('x', io.a))],
  [
    'DRIVEN_TWICE',
    'a wire with a value',
    'subject/x: bit',
    () =>
      moduleOf((m, io) => {
        const x = m.wire('x', io.a);
        m.assign(x, io.a);
        m.unused('x', x);
      }),
  ],
  [
    'DRIVEN_TWICE',
    'parts that overlap',
    'subject/x: bit 3 of x: driven at',
    () =>
      moduleOf((m, io) => {
        const x = m.net('x', uint(8));
        m.assign(x.part(0, 4), io.a.part(0, 4));
        m.assign(x.part(3, 5), io.b);
        m.unused('x', x);
      }),
  ],
  [
    'DRIVEN_TWICE',
    'an input',
    'subject/a: a is an input',
    () => moduleOf((m, io) => m.assign(io.a, io.a)),
  ],
  [
    'DRIVEN_TWICE',
    'two always blocks',
    'subject/r: bit 0 of r: driven at',
    () =>
      moduleOf((m, io) => {
        const r = m.reg('r', uint(8));
        m.always(io.clk, [set(r, io.a)]);
        m.always(io.clk, [set(r.bit(0), io.a.bit(1))]);
        m.unused('r', r);
      }),
  ],
  [
    'DRIVEN_TWICE',
    'a memory with two writers',
    'subject/words: bits 0 to 7 of words: driven at',
    () =>
      moduleOf((m, io) => {
        const words = m.memory('words', 8, 32, null);
        m.always(io.clk, [set(words.at(io.b), io.a)]);
        m.always(io.clk, [when(io.clk, [set(words.at(io.b), io.a)])]);
        m.unused('word', words.at(io.b));
      }),
  ],
  [
    'DRIVEN_TWICE',
    'a generate loop that drives the whole',
    'subject/x: bit',
    () =>
      moduleOf((m, io) => {
        const x = m.net('x', uint(8));
        m.forEach('i', 2, (i, scope) => scope.assign(x, repeat(8, io.a.bit(i))));
        m.unused('x', x);
      }),
  ],
  [
    'DRIVEN_TWICE',
    'an assignment and an instance',
    'subject/x: bit',
    () =>
      moduleOf((m, io) => {
        const x = m.wire('x', io.a);
        m.instance('u_leaf', leaf, { d: io.a, q: x });
        m.unused('x', x);
      }),
  ],
  [
    'NOT_A_REGISTER',
    'set() of a wire',
    'subject/x',
    () =>
      moduleOf((m, io) => {
        const x = m.net('x', uint(8));
        m.always(io.clk, [set(x, io.a)]);
        m.unused('x', x);
      }),
  ],
  [
    'NOT_A_REGISTER',
    'assign() of a register',
    'subject/r',
    () =>
      moduleOf((m, io) => {
        const r = m.reg('r', uint(8));
        m.assign(r, io.a);
        m.unused('r', r);
      }),
  ],
  [
    'UNCONNECTED_PORT',
    'an open port',
    'subject/u_leaf/q: output q is left open',
    () => moduleOf((m, io) => m.instance('u_leaf', leaf, { d: io.a } as never)),
  ],
  [
    'UNKNOWN_PARAMETER',
    'a parameter that is not there',
    'leaf has no integer parameter DEPTH',
    () =>
      moduleOf((m, io) => {
        const q = m.net('q', uint(8));
        m.instance('u_leaf', leaf, { d: io.a, q }, { DEPTH: 3 });
        m.unused('q', q);
      }),
  ],
  [
    'PARAMETER_RANGE',
    'a default',
    'subject/DEPTH: DEPTH is 9, expected 1 ... 8',
    () =>
      defineModule({
        name: 'subject',
        doc: 'Subject of the test.',
        parameters: { DEPTH: integer(9, 'Words', 1, 8) },
        ports: (p) => ({ d: input(uint(p.DEPTH)), q: output(uint(p.DEPTH)) }),
        body: (m, _p, io) => m.assign(io.q, io.d),
      }),
  ],
  [
    'PARAMETER_RANGE',
    'a value for an instance',
    'subject/u_leaf/WIDTH: WIDTH is 17, expected 2 ... 16',
    () =>
      moduleOf((m, io) => {
        const q = m.net('q', uint(17));
        m.instance('u_leaf', leaf, { d: io.a.resize(17), q }, { WIDTH: 17 });
        m.unused('q', q);
      }),
  ],
  [
    'PARAMETER_RANGE',
    'a value that follows from a parameter',
    'subject/u_leaf/WIDTH: WIDTH is 1, expected 2 ... 16',
    () =>
      defineModule({
        name: 'subject',
        doc: 'Subject of the test.',
        parameters: { WIDTH: integer(4, 'Bits') },
        ports: (p) => ({ d: input(uint(p.WIDTH.minus(3))), q: output(uint(p.WIDTH.minus(3))) }),
        body: (m, p, io) => m.instance('u_leaf', leaf, io, { WIDTH: p.WIDTH.minus(3) }),
      }),
  ],
  [
    'DEAD_PARAMETER',
    'a number',
    'subject/DEPTH',
    () => parameterised(() => {}, { DEPTH: integer(3, 'Words') }),
  ],
  [
    'DEAD_PARAMETER',
    'a text',
    'subject/IMAGE',
    () => parameterised(() => {}, { IMAGE: text('', 'File') }),
  ],
  [
    'DEAD_PARAMETER',
    'a localparam',
    'subject/HALF',
    () => parameterised((m) => void m.local('HALF', 2)),
  ],
  [
    'LITERAL_RANGE',
    'an unsigned constant',
    '8 in 3 unsigned bits',
    () => moduleOf((m) => m.unused('x', literal(8, 3))),
  ],
  [
    'LITERAL_RANGE',
    'a signed constant',
    '4 in 3 signed bits',
    () => moduleOf((m) => m.unused('x', signedLiteral(4, 3))),
  ],
  [
    'LITERAL_RANGE',
    'a comparison',
    '-1 in 8 unsigned bits',
    () => moduleOf((m, io) => m.unused('x', io.a.eq(-1))),
  ],
];

describe('the eDSL refuses', () => {
  test.each(REFUSED)('%s: %s', (code, _, message, make) => {
    const found = complaintsOf(make);
    expect([...new Set(found.map((d) => d.code))]).toEqual([code]);
    expect(found.map((d) => `${d.path}: ${d.message}`).join('\n')).toContain(message);
    for (const { site } of found) {
      expect(showSite(site)).toMatch(/^test\/hdl\/diagnostics\.test\.ts:\d+:\d+$/);
    }
  });
});

describe('a complaint', () => {
  it('names the line of the author, and all of a module come together', () => {
    const found = complaintsOf(() =>
      moduleOf((m, io) => {
        m.wire('x', io.a.and(io.b)); // two complaints: widths, and nobody reads it
        m.unused('product', io.a.mul(io.a)); // a product inside an expression
        m.wire('begin', io.a); // a keyword that nobody reads
      }),
    );
    expect(found.map((d) => d.code).sort()).toEqual([
      'NEEDS_NAME',
      'RESERVED_NAME',
      'WIDTH_MISMATCH',
    ]);
    const source = readFileSync(fileURLToPath(import.meta.url), 'utf8').split('\n');
    const lineOf = (code: string): string | undefined => {
      const site = found.find((d) => d.code === code)?.site ?? '';
      return source[Number(site.split(':').at(-2)) - 1]?.split('// ')[1];
    };
    expect(lineOf('WIDTH_MISMATCH')).toContain('two complaints');
    expect(lineOf('NEEDS_NAME')).toBe('a product inside an expression');
    expect(lineOf('RESERVED_NAME')).toBe('a keyword that nobody reads');
  });

  it('says what to do', () => {
    expect(() => emitModule(moduleOf((m) => m.unused('x', m.net('x', uint(3)))))).toThrow(
      /error UNDRIVEN in subject\/x: .*\n {2}at test\/hdl\/\S+:\d+:\d+\n(.*\|.*\n)+ {2}fix: assign it/,
    );
  });

  it('outside of any module is thrown at once', () => {
    expect(() => literal(9, 3)).toThrow(HdlError);
  });

  it('of one module is not lost to a module that is defined inside it', () => {
    const make = (): Module =>
      moduleOf((m, io) => {
        m.unused('x', io.a.and(io.b));
        moduleOf(() => {});
      });
    expect(complaintsOf(make).map((d) => d.code)).toEqual(['WIDTH_MISMATCH']);
  });
});

describe('the eDSL accepts', () => {
  test('parts driven by a generate loop, and what is left by an assignment', () => {
    const make = (): Module =>
      moduleOf((m, io) => {
        m.forEach('i', 3, (i, scope) =>
          scope.forEach('j', 2, (j, inner) =>
            inner.assign(io.y.part(i.times(2).plus(j), 1), io.a.bit(j)),
          ),
        );
        m.assign(io.y.part(6, 2), io.a.part(0, 2));
      }, true);
    expect(complaintsOf(make)).toEqual([]);
  });

  test('the same signal driven in both branches of a generate condition', () => {
    const make = (): Module =>
      moduleOf((m, io) => {
        const yes = (scope: Scope): void => scope.assign(io.y, io.a);
        const no = (scope: Scope): void => scope.assign(io.y, io.a.not());
        m.ifGenerate('kind', 1, '<', 2, yes, no);
      }, true);
    expect(complaintsOf(make)).toEqual([]);
  });

  test('one name in blocks beside each other', () => {
    const make = (): Module =>
      moduleOf((m, io) => {
        const inside = (scope: Scope): void => scope.unused('x', scope.wire('word', io.a));
        m.ifGenerate('kind', 1, '==', 1, inside, inside);
        m.forEach('i', 2, (_, scope) => inside(scope));
      });
    expect(complaintsOf(make)).toEqual([]);
  });

  test('one always block that sets a register in several places', () => {
    const make = (): Module =>
      moduleOf((m, io) => {
        const r = m.reg('r', uint(8));
        m.always(io.clk, [
          set(r, io.a),
          when(io.b.bit(0), [set(r.bit(0), io.b.bit(1))], [set(r, concat(io.b, io.b.part(0, 3)))]),
        ]);
        m.unused('r', r);
      });
    expect(complaintsOf(make)).toEqual([]);
  });

  test('a parameter that only a port width, a loop, an instance or a memory needs', () => {
    const rom = defineModule({
      name: 'rom',
      doc: 'Memory.',
      parameters: {
        WIDTH: integer(4, 'Bits'),
        COUNT: integer(2, 'Copies'),
        DEPTH: integer(8, 'Words'),
        INNER: integer(4, 'Bits of the instance'),
        IMAGE: text('', 'Image'),
      },
      ports: (p) => ({ clk: input(bit), d: input(uint(p.WIDTH)), q: output(uint(p.WIDTH)) }),
      body: (m, p, io) => {
        const words = m.memory('words', 4, p.DEPTH, 'IMAGE');
        const word = m.reg('word', uint(4));
        m.always(io.clk, [set(word, words.at(literal(0, 3)))]);
        m.unused('word', word);
        m.forEach('i', p.COUNT, (_, scope) => {
          const q = scope.net('copy', uint(p.INNER));
          scope.instance('u_leaf', leaf, { d: literal(0, p.INNER), q }, { WIDTH: p.INNER });
          scope.unused('inner', q);
        });
        m.assign(io.q, io.d);
      },
    });
    expect(complaintsOf(() => rom)).toEqual([]);
  });
});
