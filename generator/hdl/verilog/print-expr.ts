import type { VExpr } from './ast.js';

const PRECEDENCE: Readonly<Record<string, number>> = {
  '*': 10,
  '/': 10,
  '+': 9,
  '-': 9,
  '<<<': 8,
  '>>': 8,
  '<': 7,
  '<=': 7,
  '>': 7,
  '>=': 7,
  '==': 6,
  '!=': 6,
  '&': 5,
  '^': 4,
  '|': 3,
  '&&': 2,
  '||': 1,
};
const UNARY = 11;
const CHOOSE = 0;
/** Associative operators print without parentheses around the same operator on the left or the right. */
const ASSOCIATIVE = new Set(['+', '*', '&', '|', '^']);

/** Text of an expression; parentheses where precedence needs them, and around mixed operators. */
export function printExpr(e: VExpr): string {
  switch (e.kind) {
    case 'name':
    case 'number':
      return e.kind === 'name' ? e.name : e.text;
    case 'inBlock':
      return `${e.label}[${printExpr(e.index)}].${e.name}`;
    case 'string':
      return `"${e.text}"`;
    case 'unary':
      return `${e.op}${wrap(e.a, UNARY)}`;
    case 'binary':
      return `${operand(e.a, e.op, 'left')} ${e.op} ${operand(e.b, e.op, 'right')}`;
    case 'choose':
      return `${wrap(e.test, 1)} ? ${wrap(e.yes, 1)} : ${wrap(e.no, CHOOSE)}`;
    case 'concat':
      return `{${e.parts.map(printExpr).join(', ')}}`;
    case 'repeat':
      return `{${repetition(e.count)}{${printExpr(e.a)}}}`;
    case 'index':
      return `${printExpr(e.a)}[${printExpr(e.index)}]`;
    case 'range':
      return `${printExpr(e.a)}[${printExpr(e.high)}:${printExpr(e.low)}]`;
    case 'indexedRange':
      return `${printExpr(e.a)}[${printExpr(e.base)} +: ${printExpr(e.width)}]`;
    case 'call':
      return `${e.fn}(${e.args.map(printExpr).join(', ')})`;
  }
}

function repetition(count: VExpr): string {
  return count.kind === 'binary' || count.kind === 'choose' || count.kind === 'call'
    ? `(${printExpr(count)})`
    : printExpr(count);
}

function precedence(e: VExpr): number {
  if (e.kind === 'binary') return PRECEDENCE[e.op] as number;
  if (e.kind === 'choose') return CHOOSE;
  return UNARY + 1;
}

function wrap(e: VExpr, least: number): string {
  const text = printExpr(e);
  const isUnary = e.kind === 'unary' && least === UNARY;
  return (e.kind === 'binary' || e.kind === 'choose' || isUnary) &&
    precedence(e) < Math.max(least, 1)
    ? `(${text})`
    : isUnary
      ? `(${text})`
      : text;
}

/** Operands of another binary operator are put in parentheses unless both are additive or multiplicative. */
function operand(e: VExpr, op: string, side: 'left' | 'right'): string {
  const text = printExpr(e);
  if (e.kind === 'choose') return `(${text})`;
  if (e.kind !== 'binary') return text;
  const [mine, outer] = [precedence(e), PRECEDENCE[op] as number];
  if (e.op === op && ASSOCIATIVE.has(op)) return text;
  const arithmetic = mine >= 9 && outer >= 9;
  if (arithmetic && (mine > outer || (mine === outer && side === 'left'))) return text;
  return `(${text})`;
}
