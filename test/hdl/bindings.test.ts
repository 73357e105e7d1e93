import { describe, expect, test } from 'vitest';
import { type Bindings, bindingsOf } from '../../generator/hdl/source/bindings.js';
import { wordsOf } from '../../generator/hdl/source/naming.js';

/** What is found, each under the text that follows its place. */
function found(text: string): Readonly<Record<string, string>> {
  const lines = text.split('\n');
  const bindings: Bindings = bindingsOf(text);
  return Object.fromEntries(
    Object.entries(bindings).map(([place, { name, doc }]) => {
      const [line, column] = place.split(':').map(Number) as [number, number];
      const word = /^\w+/.exec(lines[line - 1]?.slice(column - 1) as string)?.[0];
      return [`${line} ${word}`, doc === '' ? name : `${name}: ${doc}`];
    }),
  );
}

describe('a declaration has the name of', () => {
  test.each([
    ['a variable', 'const total = m.wire(a);', { '1 wire': 'total' }],
    ['a variable that may change', 'let total = m.wire(a);', { '1 wire': 'total' }],
    [
      'a variable, each method',
      'const a = m.reg(x), b = m.net(y);\nconst c = m.local(4);',
      { '1 reg': 'a', '1 net': 'b', '2 local': 'c' },
    ],
    [
      'a variable, over several lines',
      'const total = scope\n  .wire(\n    a,\n  );',
      { '2 wire': 'total' },
    ],
    [
      'a variable, through what only types see',
      'const total = (m.wire(a)! as B) satisfies C;',
      { '1 wire': 'total' },
    ],
    ['a variable with a type', "const total: Expr<'u'> = m.wire<'u'>(a);", { '1 wire': 'total' }],
    [
      'a key',
      'f({ total: m.wire(a), other: { inner: m.reg(b) } });',
      { '1 wire': 'total', '1 reg': 'inner' },
    ],
    [
      'a variable of a function',
      "const f = () => { const total = m.wire(m.wire('x', a)); };",
      { '1 wire': 'total' },
    ],
  ])('%s', (_, text, names) => expect(found(text)).toEqual(names));
});

describe('a declaration has no name that is', () => {
  test.each([
    ['an argument', 'f(m.wire(a));'],
    ['part of a value', 'const total = m.wire(a).not();'],
    ['one of two', 'const total = x ? m.wire(a) : b;'],
    ['an element', 'const totals = [m.wire(a)];'],
    ['taken apart', 'const { node } = m.wire(a); const [x] = m.wire(b);'],
    ['assigned later', 'let total; total = m.wire(a);'],
    ['returned', 'const total = () => m.wire(a);'],
    ['under a key that is computed', "const x = { [total]: m.wire(a), 'b c': m.wire(b) };"],
    ['the default of a parameter', 'function f(total = m.wire(a)) {}'],
    ['made by another method', 'const total = m.instance(a); const other = wire(b);'],
  ])('%s', (_, text) => expect(found(text)).toEqual({}));
});

test('the comment above goes with it: JSDoc up to a tag, lines of //, no blank line between', () => {
  expect(
    found(`
/** Sum of all,
 *  so far.
 * @remarks not this */
const total = m.wire(a);
// Another
// thing.
const other = m.wire(b); // not this
const third = m.wire(b);
// Far away.

const fourth = m.wire(b);
// biome-ignore lint/x: this speaks to a tool
const fifth = m.wire(b),
  sixth = m.wire(b);
/* Near. */ const seventh = m.wire({
  // A key.
  key: m.wire(b),
});
`),
  ).toEqual({
    '5 wire': 'total: Sum of all, so far.',
    '8 wire': 'other: Another thing.',
    '9 wire': 'third',
    '12 wire': 'fourth',
    '14 wire': 'fifth',
    '15 wire': 'sixth',
    '16 wire': 'seventh: Near.',
    '18 wire': 'key: A key.',
  });
});

test('JavaScript that was compiled has the same bindings', () => {
  expect(found('export const f = (m) => {\n    // Sum.\n    const total = m.wire(a);\n};')).toEqual(
    {
      '3 wire': 'total: Sum.',
    },
  );
});

test('a text that is no program has none, and nothing is thrown', () => {
  expect(found('const = m.wire(; } {{{')).toEqual({});
});

test.each([
  ['total', 'total', 'TOTAL'],
  ['tileLast', 'tile_last', 'TILE_LAST'],
  ['x0Row', 'x0_row', 'X0_ROW'],
  ['frameID', 'frame_id', 'FRAME_ID'],
  ['HTMLPage', 'html_page', 'HTML_PAGE'],
  ['u_core', 'u_core', 'U_CORE'],
])('%s is %s, and %s as an integer', (name, lower, upper) => {
  expect(wordsOf(name, 'lower')).toBe(lower);
  expect(wordsOf(name, 'upper')).toBe(upper);
});
