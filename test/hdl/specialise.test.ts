import { describe, expect, test } from 'vitest';
import {
  bit,
  clog2,
  concat,
  defineModule,
  emitDesign,
  emitModule,
  indexBits,
  input,
  integer,
  literal,
  type Module,
  modulesBelow,
  noted,
  option,
  output,
  type ParameterInts,
  parameterValue,
  type Scope,
  set,
  specialise,
  text,
  uint,
  when,
} from '../../generator/hdl/index.js';
import { CLEAN, lint } from '../support/lint.js';

const table = defineModule({
  name: 'table',
  doc: 'Read-only memory.',
  parameters: {
    WIDTH: integer(8, 'Bits of a word'),
    DEPTH: integer(2, 'Words'),
    INIT_FILE: text('', 'Image'),
  },
  ports: (p) => ({
    clk: input(bit),
    address: input(uint(indexBits(p.DEPTH))),
    data: output(uint(p.WIDTH)),
  }),
  body: (m, p, io) => {
    const words = m.memory('words', p.WIDTH, p.DEPTH, 'INIT_FILE');
    m.always(io.clk, [set(io.data, words.at(io.address))]);
  },
});

/** Two tables, of W and of 2 * W bits, or of one size when `alike`. */
const pair = (alike: boolean): Module =>
  defineModule({
    name: 'pair',
    doc: 'Two tables.',
    parameters: {
      W: integer(4, 'Bits'),
      DEPTH: integer(16, 'Words'),
      INIT_FILE: text('a.mem', 'Image'),
    },
    ports: (p) => ({
      clk: input(bit),
      address: input(uint(indexBits(p.DEPTH))),
      y: output(uint(p.W.times(alike ? 2 : 3))),
    }),
    body: (m, p, io) => {
      const ports = { clk: io.clk, address: io.address };
      const [a, b] = [m.net('a', uint(p.W)), m.net('b', uint(p.W.times(alike ? 1 : 2)))];
      const file = { INIT_FILE: { parameter: 'INIT_FILE' } };
      m.instance('u_a', table, { ...ports, data: a }, { WIDTH: p.W, DEPTH: p.DEPTH, ...file });
      m.instance('u_b', table, { ...ports, data: b }, { WIDTH: b.width, DEPTH: p.DEPTH, ...file });
      m.assign(io.y, concat(a, b));
    },
  });

const names = (module: Module): string[] => modulesBelow(module).map((m) => m.name);

describe('a specialised hierarchy', () => {
  test('has numbers in place of parameters, everywhere below too', () => {
    const { modules, warnings } = emitDesign(specialise(pair(false), { W: 3 }));
    expect(warnings).toEqual([]);
    expect(modules.get('pair')).toMatchInlineSnapshot(`
      "// Two tables.
      // Here W = 3, DEPTH = 16.
      \`default_nettype none

      module pair #(
        // Image
        parameter INIT_FILE = "a.mem"
      ) (
        input wire        clk,
        input wire  [3:0] address,
        output wire [8:0] y
      );

        wire [2:0] a;
        wire [5:0] b;

        table_width3 #(
          .INIT_FILE (INIT_FILE)
        ) u_a (
          .clk     (clk),
          .address (address),
          .data    (a)
        );

        table_width6 #(
          .INIT_FILE (INIT_FILE)
        ) u_b (
          .clk     (clk),
          .address (address),
          .data    (b)
        );

        assign y = {a, b};

      endmodule

      \`default_nettype wire
      "
    `);
    expect(modules.get('table_width6')).toContain('reg [5:0] words[0:15];');
  });

  test('has one module for each size, called by the values that tell them apart', () => {
    expect(names(specialise(pair(false)))).toEqual(['table_width4', 'table_width8', 'pair']);
    expect(names(specialise(pair(false), { DEPTH: 8 }))).toEqual([
      ...['table_width4', 'table_width8', 'pair'],
    ]);
    expect(names(specialise(pair(true)))).toEqual(['table', 'pair']);
  });

  test('keeps options, at every level, with both branches', () => {
    const inner = defineModule({
      name: 'inner',
      doc: 'With or without a delay.',
      parameters: { W: integer(4, 'Bits'), LATE: option(1, 'with a register') },
      ports: (p) => ({ clk: input(bit), d: input(uint(p.W)), q: output(uint(p.W)) }),
      body: (m, p, io) =>
        m.ifGenerate(
          'late',
          p.LATE,
          '==',
          1,
          (late) => {
            const held = late.reg('held', uint(p.W));
            late.always(io.clk, [set(held, io.d)]);
            late.assign(io.q, held);
          },
          (now) => now.assign(io.q, io.d),
        ),
    });
    const outer = defineModule({
      name: 'outer',
      doc: 'Hands the option on.',
      parameters: { LATE: noted(option(1, 'with a register'), 'none of the images') },
      ports: () => ({ clk: input(bit), d: input(uint(3)), q: output(uint(3)) }),
      body: (m, p, io) => m.instance('u_inner', inner, io, { W: 3, LATE: p.LATE }),
    });
    expect(specialise(outer).parameters.LATE?.note).toBe('none of the images');
    const { modules } = emitDesign(specialise(outer));
    expect(modules.get('outer')).not.toContain('none of the images');
    expect(modules.get('outer')).toContain('inner #(\n    .LATE (LATE)\n  ) u_inner (');
    const text = modules.get('inner') as string;
    expect(text).toContain('parameter LATE = 1\n');
    expect(text).not.toContain('parameter W');
    expect(text).toMatch(
      /if \(LATE == 1\) begin : g_late[\s\S]*reg \[2:0\] held[\s\S]*g_late_else/,
    );
    expect(() => specialise(outer, { LATE: 0 })).toThrow('no integer parameter LATE');
  });

  test('lints clean, smallest sizes too', async () => {
    for (const values of [{}, { W: 1, DEPTH: 1 }]) {
      const { modules } = emitDesign(specialise(pair(false), values));
      const files = new Map([...modules].map(([name, text]) => [`rtl/${name}.v`, text]));
      const bits = 'DEPTH' in values ? 1 : 4;
      const image = `${'0\n'.repeat(bits === 1 ? 1 : 16)}`;
      expect(await lint(files.set('a.mem', image), 'pair')).toEqual(CLEAN);
    }
  });

  test('leaves the module it came from as it was', () => {
    const module = pair(false);
    const before = emitModule(module);
    specialise(module, { W: 9 });
    expect(emitModule(module)).toBe(before);
  });

  test('refuses a parameter that is not there', () => {
    expect(() => specialise(table, { HEIGHT: 3 })).toThrow('table has no integer parameter HEIGHT');
    expect(() => specialise(table, { INIT_FILE: 3 })).toThrow(
      'table has no integer parameter INIT_FILE',
    );
  });
});

/** The body of a module over an 8-bit and a W-bit input, specialised: without its frame. */
function specialised(
  values: Readonly<Record<string, number>>,
  body: (
    m: Scope,
    p: ParameterInts<typeof parameters>,
    io: Record<'clk' | 'a' | 'w', ReturnType<typeof literal>>,
  ) => void,
): string {
  const module = defineModule({
    name: 'piece',
    doc: 'A piece.',
    parameters,
    ports: (p) => ({
      clk: input(bit),
      a: input(uint(8)),
      w: input(uint(p.W)),
      i: input(uint(p.N)),
      z: output(uint(p.N)),
    }),
    body: (m, p, io) => {
      m.unused('inputs', io.clk, io.a, io.w);
      m.assign(io.z, io.i);
      body(m, p, io);
    },
  });
  const text = emitModule(specialise(module, values));
  const start = text.indexOf('assign z = i;\n') + 'assign z = i;\n'.length;
  return text.slice(start, text.indexOf('endmodule')).replace(/^ {2}/gm, '').trim();
}
const parameters = { W: integer(4, 'Bits'), N: integer(2, 'Count') };

describe('at given numbers', () => {
  const choice = (m: Scope, p: ParameterInts<typeof parameters>, label = 'wide'): void => {
    const yes = (then: Scope) => then.unused('more', literal(1, 1));
    const no = (other: Scope) => other.unused('less', literal(0, 1));
    m.ifGenerate(label, p.W, '>', 4, yes, no);
  };

  test('a generate condition is its branch', () => {
    expect(specialised({ W: 5 }, (m, p) => choice(m, p))).toBe(
      "wire unused_more = &{1'b0, 1'b1, 1'b0};",
    );
    expect(specialised({ W: 4 }, (m, p) => choice(m, p))).toBe(
      "wire unused_less = &{1'b0, 1'b0, 1'b0};",
    );
  });

  test('branches with the same names keep blocks of their own', () => {
    const text = specialised({ W: 5 }, (m, p) => {
      choice(m, p, 'first');
      choice(m, p, 'second');
    });
    expect(text).toContain('if (1 == 1) begin : g_first\n');
    expect(text).toContain('if (1 == 1) begin : g_second\n');
  });

  test('a generate loop stays, with a number as its bound; one without rounds goes', () => {
    const loop = (m: Scope, p: ParameterInts<typeof parameters>): void =>
      m.forEach('k', p.N.minus(1), (k, scope) => {
        const value = scope.local('VALUE', k.times(p.W));
        scope.unused('value', parameterValue(value, 8));
      });
    expect(specialised({ N: 4 }, loop)).toMatchInlineSnapshot(`
      "genvar k;
      generate
        for (k = 0; k < 3; k = k + 1) begin : g_k
          localparam VALUE = 4 * k;

          wire unused_value = &{1'b0, VALUE[7:0], 1'b0};
        end
      endgenerate"
    `);
    expect(specialised({ N: 1 }, loop)).toBe('');
  });

  test('a parameter as a value is a literal, modulo its width', () => {
    const value = (m: Scope, p: ParameterInts<typeof parameters>): void =>
      m.unused('value', parameterValue(m.local('TWICE', p.W.times(2)), 4));
    expect(specialised({ W: 7 }, value)).toBe("wire unused_value = &{1'b0, 4'd14, 1'b0};");
    expect(specialised({ W: 9 }, value)).toBe("wire unused_value = &{1'b0, 4'd2, 1'b0};");
  });

  test('a comparison with a parameter that fits is one with a literal', () => {
    const at = (W: number): string =>
      specialised({ W }, (m, p, { a }) => m.unused('at', a.eq(p.W.times(10))));
    expect(at(20)).toBe("wire unused_at = &{1'b0, a == 8'd200, 1'b0};");
    expect(at(30)).toBe("wire unused_at = &{1'b0, a == 300, 1'b0};");
  });

  test('what has no bits is not written', () => {
    const text = specialised({ N: 1 }, (m, p, { a }) => {
      const none = clog2(p.N);
      m.unused('joined', concat(a, literal(0, none)));
      m.unused('wider', a.resize(none.plus(8)));
    });
    expect(text).toBe(
      "wire unused_joined = &{1'b0, a, 1'b0};\nwire unused_wider = &{1'b0, a, 1'b0};",
    );
  });

  test('a sum that needed no extension is still cut to its width', () => {
    const text = specialised({ N: 1 }, (m, p, { a }) => {
      const sum = a.addWrap(a).resize(clog2(p.N).plus(8));
      m.unused('at', sum.eq(p.W.times(100)));
    });
    expect(text).toBe("wire unused_at = &{1'b0, {a + a} == 400, 1'b0};");
  });

  test('a signal of one bit is read whole', () => {
    const text = specialised({ W: 1 }, (m, p, { clk, w }) => {
      const kept = m.reg('kept', uint(p.W));
      m.always(clk, [when(w.bit(p.W.minus(1)), [set(kept, w.word(clk, p.W))])]);
      m.unused('kept', kept.part(0, p.W));
    });
    expect(text).toContain('  if (w) begin\n    kept <= w;');
  });

  test('an instance whose parameters follow the loop is refused', () => {
    const make = () =>
      specialised({ N: 3 }, (m, p, { clk, a }) => {
        m.forEach('k', p.N, (k, scope) => {
          const data = scope.net('data', uint(k.plus(1)));
          const ports = { clk, address: a.bit(0), data };
          scope.instance('u_t', table, ports, { WIDTH: k.plus(1) });
          scope.unused('data', data);
        });
      });
    expect(make).toThrow('u_t.WIDTH differs between the rounds of a generate loop');
  });
});
