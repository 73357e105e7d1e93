import type { VExpr } from './ast.js';
import { type Doc, flat, group, line, nest, softLine } from './doc.js';

const PRECEDENCE: Readonly<Record<string, number>> = {
  '*': 10,
  '/': 10,
  '+': 9,
  '-': 9,
  '<<': 8,
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
/** Associative operators print without parentheses around the same operator on the left or the right. */
const ASSOCIATIVE = new Set(['+', '*', '&', '|', '^', '&&', '||']);

/** Text of an expression on one line. */
export function printExpr(e: VExpr): string {
  return flat(exprDoc(e));
}

/**
 * Text of an expression: parentheses where precedence needs them and around mixed operators. A line that is too long
 * ends behind an operator, a comma or an opening bracket.
 */
export function exprDoc(e: VExpr): Doc {
  switch (e.kind) {
    case 'name':
      return e.name;
    case 'number':
      return e.text;
    case 'inBlock':
      return [e.label, '[', exprDoc(e.index), '].', e.name];
    case 'string':
      return `"${e.text}"`;
    case 'unary':
      return [e.op, isPrimary(e.a) ? exprDoc(e.a) : inParentheses(e.a)];
    case 'binary':
      return group(...chain(e).flatMap((term, i) => (i === 0 ? [term] : [` ${e.op}`, line, term])));
    case 'choose':
      return group(decision(e.test), ' ?', line, branch(e.yes), ' :', line, branch(e.no));
    case 'concat':
      return bracketed('{', listed(e.parts), '}');
    case 'repeat':
      return [
        '{',
        isPrimary(e.count) && e.count.kind !== 'call' ? exprDoc(e.count) : inParentheses(e.count),
        '{',
        exprDoc(e.a),
        '}}',
      ];
    case 'index':
      return [exprDoc(e.a), bracketed('[', exprDoc(e.index), ']')];
    case 'range':
      return [exprDoc(e.a), bracketed('[', [exprDoc(e.high), ':', exprDoc(e.low)], ']')];
    case 'indexedRange':
      return [exprDoc(e.a), bracketed('[', [exprDoc(e.base), ' +:', line, width(e.width)], ']')];
    case 'call':
      return [e.fn, '(', e.args.every(isPrimary) ? listed(e.args) : nest(listed(e.args)), ')'];
  }
}

/** Between brackets that stand on lines of their own where the line breaks. */
export function bracketed(open: string, doc: Doc, close: string): Doc {
  return group(open, nest(softLine, doc), softLine, close);
}

/** As many on a line as there is room for. */
function listed(parts: readonly VExpr[]): Doc {
  return parts.map((part, i) => (i === 0 ? exprDoc(part) : [',', group(line, exprDoc(part))]));
}

function inParentheses(e: VExpr): Doc {
  return ['(', nest(exprDoc(e)), ')'];
}

/** A width behind `+:`; Verilog needs no parentheses around a choice there, readers do. */
function width(e: VExpr): Doc {
  return e.kind === 'choose' ? inParentheses(e) : exprDoc(e);
}

/** What decides a choice: a comparison stands as it is, what joins several is put in parentheses. */
function decision(e: VExpr): Doc {
  const joins = e.kind === 'binary' && (PRECEDENCE[e.op] as number) < (PRECEDENCE['=='] as number);
  return joins ? inParentheses(e) : branch(e);
}

/** Part of a choice; one inside of another is put in parentheses. */
function branch(e: VExpr): Doc {
  return e.kind === 'choose' ? inParentheses(e) : exprDoc(e);
}

/** Operands of neighbouring operators of one kind. */
function chain(e: Extract<VExpr, { kind: 'binary' }>): readonly Doc[] {
  const { op, a, b } = e;
  const same = (x: VExpr): x is typeof e =>
    x.kind === 'binary' && x.op === op && ASSOCIATIVE.has(op);
  return [
    ...(same(a) ? chain(a) : [operand(a, op, 'left')]),
    ...(same(b) ? chain(b) : [operand(b, op, 'right')]),
  ];
}

/** Reads the same wherever it stands. */
function isPrimary(e: VExpr): boolean {
  return e.kind !== 'binary' && e.kind !== 'choose' && e.kind !== 'unary';
}

/** Operands of another binary operator are put in parentheses unless both are additive or multiplicative. */
function operand(e: VExpr, op: string, side: 'left' | 'right'): Doc {
  const reduces = e.kind === 'unary' && /[&|^]/.test(e.op);
  if (e.kind === 'choose' || reduces) return inParentheses(e);
  if (e.kind !== 'binary') return exprDoc(e);
  const [mine, outer] = [PRECEDENCE[e.op] as number, PRECEDENCE[op] as number];
  const arithmetic = mine >= 9 && outer >= 9;
  return arithmetic && (mine > outer || (mine === outer && side === 'left'))
    ? exprDoc(e)
    : inParentheses(e);
}
