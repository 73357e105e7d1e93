import { describe, expect, test } from 'vitest';
import type { VExpr } from '../../generator/hdl/verilog/ast.js';
import { layout } from '../../generator/hdl/verilog/doc.js';
import { comment, trailing } from '../../generator/hdl/verilog/print-comment.js';
import { exprDoc, printExpr } from '../../generator/hdl/verilog/print-expr.js';

const name = (text: string): VExpr => ({ kind: 'name', name: text });
const binary = (op: string, a: VExpr, b: VExpr): VExpr => ({ kind: 'binary', op, a, b });
const [a, b, c] = ['alpha', 'beta', 'gamma'].map(name) as [VExpr, VExpr, VExpr];
const shown = (e: VExpr, width: number): string => layout(exprDoc(e), 0, width).join('\n');

describe('a line that is too long', () => {
  const sum = binary('+', binary('+', a, b), c);
  const choice: VExpr = { kind: 'choose', test: binary('<', a, b), yes: sum, no: c };
  const select: VExpr = { kind: 'indexedRange', a, base: sum, width: b };
  const signed: VExpr = { kind: 'call', fn: '$signed', args: [select] };
  const joined: VExpr = { kind: 'concat', parts: [a, b, c, a, b, c] };

  test.each<[string, VExpr, number, string[]]>([
    ['an operator, all of one kind', sum, 16, ['alpha +', 'beta +', 'gamma']],
    ['the parts of a choice', choice, 24, ['alpha < beta ?', 'alpha + beta + gamma :', 'gamma']],
    [
      'a choice, and what is in it',
      binary('&', choice, a),
      20,
      ['(alpha < beta ?', '    alpha +', '    beta +', '    gamma :', '    gamma) &', 'alpha'],
    ],
    ['a place', signed, 30, ['$signed(alpha[', '    alpha + beta + gamma +:', '    beta', '])']],
    [
      'commas, as many as fit',
      joined,
      24,
      ['{', '    alpha, beta, gamma,', '    alpha, beta, gamma', '}'],
    ],
  ])('ends behind %s', (_, e, width, lines) => {
    const text = shown(e, width);
    expect(text.split('\n')).toEqual(lines);
    // nothing but the space between its words has changed
    expect(text.replace(/\s+/g, '')).toBe(printExpr(e).replace(/\s+/g, ''));
    expect(text.split('\n').every((line) => line.length <= width)).toBe(true);
  });

  test('stays whole where it fits to the last column', () => {
    expect(shown(sum, printExpr(sum).length)).toBe('alpha + beta + gamma');
    expect(shown(sum, printExpr(sum).length - 1)).toBe('alpha +\nbeta +\ngamma');
  });
});

describe('parentheses', () => {
  const either = binary('||', a, b);
  test.each<[VExpr, string]>([
    [{ kind: 'choose', test: either, yes: a, no: b }, '(alpha || beta) ? alpha : beta'],
    [{ kind: 'choose', test: binary('==', a, b), yes: a, no: b }, 'alpha == beta ? alpha : beta'],
    [binary('||', { kind: 'unary', op: '&', a }, b), '(&alpha) || beta'],
    [{ kind: 'unary', op: '!', a: { kind: 'unary', op: '|', a } }, '!(|alpha)'],
    [binary('-', a, binary('-', b, c)), 'alpha - (beta - gamma)'],
    [binary('-', binary('-', a, b), c), 'alpha - beta - gamma'],
    [binary('&&', binary('&&', a, b), c), 'alpha && beta && gamma'],
    [binary('&&', either, c), '(alpha || beta) && gamma'],
  ])('%#: %o', (e, text) => expect(printExpr(e)).toBe(text));
});

describe('a comment', () => {
  const ORDERS = ['synopsys', 'synthesis', 'pragma', 'verilator', 'translate_off', 'Verilator'];

  test.each(ORDERS)('never begins with %s', (word) => {
    for (let before = 0; before < 120; before++) {
      const text = `${'x '.repeat(before / 2)}${'y'.repeat(before % 2)} ${word} lint_off, and more`;
      for (const line of [...comment(text, '  '), trailing(text)]) {
        expect(line.trim()).not.toMatch(new RegExp(`^//\\s*${word}`, 'i'));
        expect(line).toContain(' // ');
      }
    }
    expect(comment(`${word} off`, '')).toEqual([`// '${word}' off`]);
    expect(comment(`a\n\xa0${word} off`, '')).toEqual(['// a', `// '${word}' off`]);
  });

  test('is ASCII: signs that have a like there, letters without accents', () => {
    expect(comment('σ(u) ≤ 1 × 2 … “naïve” – 例 5 µm', '')).toEqual([
      '// sigma(u) <= 1 x 2 ... "naive" - ? 5 um',
    ]);
  });

  test('keeps its paragraphs, and the columns of the page', () => {
    expect(comment(`${'word '.repeat(19)}A\xa0=\xa01`, '').slice(1)).toEqual(['// A = 1']);
    const lines = comment(`${'word '.repeat(40)}\nNext.`, '    ');
    expect(lines.every((line) => line.length <= 100 && line.startsWith('    // '))).toBe(true);
    expect(lines.at(-1)).toBe('    // Next.');
  });
});
