import { describe, expect, test } from 'vitest';
import {
  ceilPower2,
  defineModule,
  emitModule,
  input,
  integer,
  output,
  requires,
  specialise,
  uint,
} from '../../generator/hdl/index.js';
import { CLEAN, lint } from '../support/lint.js';

const inverter = defineModule({
  name: 'inverter',
  doc: 'Inverts WIDTH bits, COPIES times.',
  parameters: {
    WIDTH: integer(8, 'Bits', 1, 30),
    COPIES: integer(2, 'How often'),
    TRIM: integer(0, 'Copies left out', -1, 1),
    UNIT: integer(1, 'Only one value will do', 1, 1),
  },
  ports: (p) => ({
    d: input(uint(p.WIDTH)),
    q: output(uint(p.WIDTH.times(p.COPIES.minus(p.TRIM)).times(p.UNIT))),
  }),
  body: (m, p, io) => {
    m.forEach('copy', p.COPIES.minus(p.TRIM).times(p.UNIT), (copy, scope) => {
      scope.assign(io.q.part(copy.times(p.WIDTH), p.WIDTH), io.d.not());
    });
  },
});
const text = emitModule(inverter);

/** What the three tools say of an instance with these parameters. */
function instance(parameters: Readonly<Record<string, number>>) {
  const { WIDTH = 8, COPIES = 2, TRIM = 0 } = parameters;
  const values = Object.entries(parameters).map(([k, v]) => `.${k}(${v})`);
  const user = [
    `module user (input wire [${WIDTH - 1}:0] d, output wire [${WIDTH * (COPIES - TRIM) - 1}:0] q);`,
    `  inverter #(${values.join(', ')}) u_inverter (.d(d), .q(q));`,
    'endmodule',
    '',
  ];
  const files = new Map([
    ['rtl/inverter.v', text],
    ['rtl/user.v', user.join('\n')],
  ]);
  return lint(files, 'user');
}

describe('parameters out of their range', () => {
  test.each([
    [{ WIDTH: 0 }, 'WIDTH_must_be_1_to_30'],
    [{ WIDTH: 31 }, 'WIDTH_must_be_1_to_30'],
    [{ COPIES: 0 }, 'COPIES_must_be_at_least_1'],
    [{ COPIES: -1 }, 'COPIES_must_be_at_least_1'],
    [{ TRIM: -2 }, 'TRIM_must_be_minus_1_to_1'],
    [{ TRIM: 2, COPIES: 4 }, 'TRIM_must_be_minus_1_to_1'],
    [{ UNIT: 2 }, 'UNIT_must_be_1'],
  ])('%o stops Verilator, Icarus and Yosys with %s', async (parameters, message) => {
    for (const said of Object.values(await instance(parameters))) {
      expect(said).toMatch(/^exit [1-9]/);
      expect(said).toContain(message);
    }
  });

  test.each([
    [{ WIDTH: 40 }, 'WIDTH_must_be_1_to_30'],
    [{ COPIES: 0 }, 'COPIES_must_be_at_least_1'],
  ])('%o of the top stops them too', async (parameters, message) => {
    const files = new Map([['rtl/inverter.v', text]]);
    for (const said of Object.values(await lint(files, 'inverter', parameters))) {
      expect(said).toMatch(/^exit [1-9]/);
      expect(said).toContain(message);
    }
  });

  test.each([{ WIDTH: 1 }, { WIDTH: 30 }, { COPIES: 1 }, { TRIM: 1 }, { TRIM: -1 }])(
    '%o is in range: nobody complains',
    async (parameters) => {
      expect(await instance(parameters)).toEqual(CLEAN);
    },
  );

  const extender = defineModule({
    name: 'extender',
    doc: 'Extends.',
    parameters: { NARROW: integer(6, 'Bits in'), WIDE: integer(8, 'Bits out') },
    relations: (p) => [requires(p.WIDE, '>=', p.NARROW.plus(1), 'WIDE must be more than NARROW')],
    ports: (p) => ({ d: input(uint(p.NARROW)), q: output(uint(p.WIDE)) }),
    body: (m, p, io) => m.assign(io.q, io.d.resize(p.WIDE)),
  });
  const files = new Map([['rtl/extender.v', emitModule(extender)]]);

  test.each([{ NARROW: 8 }, { WIDE: 6 }, { NARROW: 20, WIDE: 12 }])(
    '%o are not to each other as they have to be, which stops all three',
    async (values) => {
      for (const said of Object.values(await lint(files, 'extender', values))) {
        expect(said).toMatch(/^exit [1-9]/);
        expect(said).toContain('WIDE_must_be_more_than_NARROW');
      }
    },
  );

  test.each([{ NARROW: 7 }, { WIDE: 7 }, { NARROW: 20, WIDE: 21 }])(
    '%o are: nobody complains',
    async (values) => expect(await lint(files, 'extender', values)).toEqual(CLEAN),
  );

  const tree = defineModule({
    name: 'tree',
    doc: 'Takes a power of two.',
    parameters: { LEAVES: integer(4, 'Leaves') },
    relations: (p) => [
      requires(p.LEAVES, '==', ceilPower2(p.LEAVES), 'LEAVES must be a power of two'),
    ],
    ports: (p) => ({ d: input(uint(p.LEAVES)), q: output(uint(p.LEAVES)) }),
    body: (m, _p, io) => m.assign(io.q, io.d),
  });
  const trees = new Map([['rtl/tree.v', emitModule(tree)]]);

  test.each([3, 5, 6, 1023])('%i is no power of two, which stops all three', async (LEAVES) => {
    for (const said of Object.values(await lint(trees, 'tree', { LEAVES }))) {
      expect(said).toMatch(/^exit [1-9]/);
      expect(said).toContain('LEAVES_must_be_a_power_of_two');
    }
  });

  test.each([1, 2, 4, 1024])('%i is one: nobody complains', async (LEAVES) =>
    expect(await lint(trees, 'tree', { LEAVES })).toEqual(CLEAN),
  );

  test('a relation says what it is in words that make a name', () => {
    expect(() => requires(1, '<', 2, 'WIDE >= NARROW')).toThrow(/INVALID_NAME .*"WIDE >= NARROW"/);
  });

  test('without parameters there is nothing to guard', () => {
    expect(text).toContain('parameter_error');
    expect(emitModule(specialise(inverter))).not.toContain('parameter_error');
  });
});
