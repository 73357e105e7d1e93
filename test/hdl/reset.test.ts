import { describe, expect, test } from 'vitest';
import {
  bit,
  checkDesign,
  defineModule,
  type Expr,
  emitDesign,
  input,
  literal,
  output,
  type Port,
  type Scope,
  set,
  uint,
  when,
} from '../../generator/hdl/index.js';

type Io = Readonly<Record<'clk' | 'reset' | 'start' | 'y', Expr<'u'>>>;

/** Paths of the registers that decide without a reset, in a module whose reset has a given name. */
function unreset(body: (m: Scope, io: Io) => void, reset = 'rst'): string[] {
  const ports = (): Record<string, Port<'u'>> => ({
    clk: input(bit),
    [reset]: input(bit),
    start: input(bit),
    y: output(uint(8)),
  });
  const design = defineModule({
    name: 'subject',
    doc: 'Subject of the test.',
    parameters: {},
    ports,
    body: (m, _p, { clk, start, y, [reset]: rst }) => {
      m.unused('inputs', clk as Expr, rst as Expr, start as Expr);
      body(m, { clk, start, y, reset: rst } as Io);
    },
  });
  const found = checkDesign(design);
  expect(found.filter(({ code }) => code !== 'NO_RESET')).toEqual([]);
  return found.map(({ path }) => path);
}

const [zero, one] = [literal(0, 1), literal(1, 1)];

/** y counts while `busy`. */
const counts = (m: Scope, { clk, y }: Io, busy: Expr<'u'>): void =>
  m.always(clk, [when(busy, [set(y, y.increment())])]);

describe('a register that decides needs a reset', () => {
  test('read in the condition itself, or through wires', () => {
    const found = unreset((m, io) => {
      const busy = m.reg('busy', bit);
      const ready = m.reg('ready', bit);
      m.always(io.clk, [set(busy, io.start), set(ready, io.start)]);
      counts(m, io, m.wire('go', busy.and(m.wire('late', ready.not()))));
    });
    expect(found).toEqual(['subject/busy', 'subject/ready']);
  });

  test('set only where something else than the reset decides', () => {
    const found = unreset((m, io) => {
      const busy = m.reg('busy', bit);
      m.always(io.clk, [
        when(io.reset.and(io.start), [set(busy, zero)], [when(io.start, [set(busy, one)])]),
      ]);
      counts(m, io, busy);
    });
    expect(found).toEqual(['subject/busy']);
  });

  test('set in every branch of something else than the reset', () => {
    const found = unreset((m, io) => {
      const busy = m.reg('busy', bit);
      m.always(io.clk, [when(io.start, [set(busy, one)], [set(busy, zero)])]);
      counts(m, io, busy);
    });
    expect(found).toEqual(['subject/busy']);
  });

  test('set in the wrong branch of an active-low reset', () => {
    const found = unreset((m, io) => {
      const busy = m.reg('busy', bit);
      m.always(io.clk, [when(io.reset, [set(busy, zero)], [when(io.start, [set(busy, one)])])]);
      counts(m, io, busy);
    }, 'rst_n');
    expect(found).toEqual(['subject/busy']);
  });
});

describe('no complaint about a register', () => {
  const resets: readonly (readonly [string, string, (rst: Expr<'u'>) => Expr<'u'>])[] = [
    ['the reset itself', 'rst', (rst) => rst],
    ['the reset or something', 'reset', (rst) => rst.or(literal(0, 1))],
    ['an active-low reset, inverted', 'aresetn', (rst) => rst.not()],
    ['an active-low reset of a stream', 's_axis_aresetn', (rst) => rst.not()],
    ['an active-low reset with a suffix', 'rst_ni', (rst) => rst.not()],
  ];
  test.each(resets)('that is set under %s', (_, name, test) => {
    const found = unreset((m, io) => {
      const busy = m.reg('busy', bit);
      const clear = m.wire('clear', test(io.reset));
      m.always(io.clk, [when(clear, [set(busy, zero)], [when(io.start, [set(busy, one)])])]);
      counts(m, io, busy);
    }, name);
    expect(found).toEqual([]);
  });

  test('that carries data', () => {
    const found = unreset((m, io) => {
      const data = m.reg('data', uint(8));
      m.always(io.clk, [when(io.start, [set(data, io.y)]), set(io.y, data)]);
    });
    expect(found).toEqual([]);
  });
});

/** Two registers that decide without a reset, one of them in a generate block. */
const design = (options: Parameters<typeof emitDesign>[1] = {}) =>
  defineModule({
    name: 'core',
    doc: 'Subject of the test.',
    parameters: {},
    ports: () => ({ clk: input(bit), y: output(uint(8)) }),
    ...options,
    body: (m, _p, io) => {
      const busy = m.reg('busy', bit);
      m.always(io.clk, [set(busy, busy.not()), when(busy, [set(io.y, io.y.increment())])]);
      m.forEach('lane', 2, (_, scope) => {
        const active = scope.reg('active', bit);
        scope.always(io.clk, [when(active, [set(active, io.y.bit(0))])]);
      });
    },
  });

const pathsOf = (options: Parameters<typeof emitDesign>[1]) =>
  emitDesign(design(), options).warnings.map(({ path }) => path);

describe('a warning is waived', () => {
  test('by its code', () => {
    expect(pathsOf({})).toEqual(['core/busy', 'core/g_lane/active']);
    expect(pathsOf({ waivers: [{ code: 'UNREAD' }] })).toEqual(['core/busy', 'core/g_lane/active']);
    expect(pathsOf({ waivers: [{ code: 'NO_RESET' }] })).toEqual([]);
  });

  test('by its path, with * inside a step and ** over steps', () => {
    const waived = (path: string) => pathsOf({ waivers: [{ code: 'NO_RESET', path }] });
    expect(waived('core/*')).toEqual(['core/g_lane/active']);
    expect(waived('core/**')).toEqual([]);
    expect(waived('c*e/g_*/active')).toEqual(['core/busy']);
    expect(waived('core/bus')).toEqual(['core/busy', 'core/g_lane/active']);
    expect(waived('core.busy')).toEqual(['core/busy', 'core/g_lane/active']);
  });

  test('at the module, below its name', () => {
    const found = (path: string) =>
      checkDesign(design({ waivers: [{ code: 'NO_RESET', path, why: 'a test' }] }));
    expect(found('busy').map(({ path }) => path)).toEqual(['core/g_lane/active']);
    expect(found('core/busy')).toHaveLength(2);
  });

  test('an error cannot be', () => {
    // @ts-expect-error TypeScript refuses the code of an error
    emitDesign(design(), { waivers: [{ code: 'UNDRIVEN' }] });
    const broken = defineModule({
      name: 'broken',
      doc: 'Subject of the test.',
      parameters: {},
      ports: () => ({ y: output(bit) }),
      body: () => undefined,
    });
    expect(() => emitDesign(broken, { waivers: [{ code: 'UNDRIVEN' as never }] })).toThrow(
      'UNDRIVEN',
    );
  });
});
