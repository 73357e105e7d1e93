import { describe, expect, test } from 'vitest';
import {
  bit,
  defineModule,
  emitDesign,
  gathered,
  input,
  integer,
  type Module,
  output,
  specialise,
  uint,
} from '../../generator/hdl/index.js';
import { CLEAN, lint } from '../support/lint.js';
import { type VerilatedBlock, verilate } from '../support/verilated-block.js';

/** A leaf that says nothing of itself, and one that says what its input is. */
const silent = defineModule({
  name: 'silent_leaf',
  doc: 'A leaf.',
  parameters: {},
  ports: () => ({ a: input(bit), y: output(bit) }),
  body: (m, _, io) => m.assign(io.y, io.a.not()),
});
const SAID = { high: output(bit, 'a is 1'), low: output(bit, 'a is 0') };
const saying = defineModule({
  name: 'saying_leaf',
  doc: 'Its place.',
  parameters: {},
  ports: () => ({ a: input(bit), y: output(bit), ...SAID }),
  body: (m, _, io) => {
    m.assign(io.y, io.a.not());
    m.assign(io.high, io.a);
    m.assign(io.low, io.a.not());
  },
});
const plain = defineModule({
  name: 'plain',
  doc: 'A module with no leaf below.',
  parameters: {},
  ports: () => ({ a: input(bit), y: output(bit) }),
  body: (m, _, io) => m.assign(io.y, io.a.not()),
});
const middle = defineModule({
  name: 'middle',
  doc: 'Leaves in a loop, in one branch of a condition, and beside both.',
  parameters: { LEAVES: integer(3, 'in the loop') },
  ports: (p) => ({
    a: input(uint(p.LEAVES)),
    b: input(bit),
    c: input(bit),
    y: output(uint(p.LEAVES)),
    z: output(bit),
    w: output(bit),
  }),
  body: (m, p, io) => {
    m.forEach('leaf', p.LEAVES, (i, inner) =>
      inner.instance('u_leaf', silent, { a: io.a.bit(i), y: io.y.bit(i) }),
    );
    m.ifGenerate(
      'several',
      p.LEAVES,
      '>',
      1,
      (scope) => scope.instance('u_branch', silent, { a: io.b, y: io.z }),
      (scope) => scope.instance('u_plain', plain, { a: io.b, y: io.z }),
      'one',
    );
    m.instance('u_beside', silent, { a: io.c, y: io.w });
  },
});
const top = defineModule({
  name: 'top',
  doc: 'A module on the way with three leaves in its loop, one with one, and a plain one.',
  parameters: {},
  ports: () => ({
    a: input(uint(4)),
    b: input(uint(2)),
    c: input(uint(2)),
    d: input(bit),
    y: output(uint(4)),
    z: output(uint(2)),
    w: output(uint(2)),
    v: output(bit),
  }),
  body: (m, _, io) => {
    const wide = { a: io.a.part(0, 3), b: io.b.bit(0), c: io.c.bit(0) };
    m.instance('u_wide', middle, {
      ...{ ...wide, y: io.y.part(0, 3), z: io.z.bit(0), w: io.w.bit(0) },
    });
    const narrow = { a: io.a.bit(3), b: io.b.bit(1), c: io.c.bit(1) };
    m.instance(
      'u_narrow',
      middle,
      { ...narrow, y: io.y.bit(3), z: io.z.bit(1), w: io.w.bit(1) },
      { LEAVES: 1 },
    );
    m.instance('u_plain', plain, { a: io.d, y: io.v });
  },
});

const made = gathered(top, {
  replace: (module: Module) => (module === silent ? saying : null),
  ports: SAID,
});

describe.each([
  ['with parameters', made],
  ['with numbers in their place', specialise(made)],
] as const)('outputs that are led up from other modules, %s', (_title, design) => {
  const { modules } = emitDesign(design);
  const files = new Map([...modules].map(([name, text]) => [`${name}.v`, text]));

  test('lint without a warning', async () => {
    expect(await lint(files, 'top')).toEqual(CLEAN);
  });

  test('are high where one of any of them is', async () => {
    const block: VerilatedBlock = await verilate({
      top: 'top',
      clock: null,
      sources: [...files].map(([name, text]) => ({ name, text })),
      ports: Object.entries(made.ports).map(([name, { direction, type }]) => ({
        ...{ name, direction, width: type.width.constant as number },
      })),
    });
    const cases = Array.from({ length: 512 }, (_, n) => {
      return { a: n & 15, b: (n >> 4) & 3, c: (n >> 6) & 3, d: n >> 8 };
    });
    const seen = await block.run(cases);
    // the second bit of b goes to the branch without a leaf, d to the plain module
    const leaves = cases.map(({ a, b, c }) => a | ((b & 1) << 4) | (c << 5));
    expect(seen.map(({ high }) => high)).toEqual(leaves.map((all) => (all === 0 ? 0n : 1n)));
    expect(seen.map(({ low }) => low)).toEqual(leaves.map((all) => (all === 127 ? 0n : 1n)));
  });

  test('leave modules with nothing replaced below as they are', () => {
    expect(modules.get('plain')).toBe(emitDesign(top).modules.get('plain'));
    expect(modules.has('silent_leaf')).toBe(false);
  });
});

test('a design in which nothing is replaced stays', () => {
  expect(gathered(top, { replace: () => null, ports: SAID })).toEqual({
    ...top,
    portTypes: top.ports,
  });
});
