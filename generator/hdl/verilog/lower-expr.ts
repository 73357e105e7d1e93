import { complain } from '../diagnostics.js';
import type { Expr } from '../expr.js';
import type { VExpr } from './ast.js';
import { isFixed } from './fixed.js';
import { lowerInt, number } from './lower-int.js';

/** Where a value stands: the author's line, and what may be written there. */
export interface LoweringScope {
  readonly site: string;
  /** At the top of an assignment and in the branches of a choice there: only there a product may stand. */
  readonly direct?: boolean;
}

/**
 * A value to Verilog. Every operator's operands have the width of its result (extension is written out), so
 * Verilog's context-dependent widths never apply. Where a wider context cannot be avoided (products, places of
 * words, comparisons with a parameter), operands must be such that widening does not change them.
 */
export function lowerExpr(value: Expr, place: LoweringScope): VExpr {
  const { node } = value;
  const { site } = place;
  const lower = (e: Expr): VExpr => lowerExpr(e, { site });
  const fixed = (e: Expr, what: string): VExpr => {
    if (!isFixed(e)) complain('NEEDS_NAME', `${what} is an expression that can overflow`, site);
    return lower(e);
  };
  switch (node.kind) {
    case 'name':
      return { kind: 'name', name: node.name };
    case 'inBlock':
      return { kind: 'inBlock', label: node.label, index: lowerInt(node.index), name: node.name };
    case 'part':
      return lowerPart(node);
    case 'select': {
      const a: VExpr = { kind: 'name', name: node.name };
      if (node.stride.equals(0) || node.stride.equals(1)) {
        return { kind: 'index', a, index: lower(node.index) };
      }
      const index = fixed(node.index, 'the number of a word');
      const base: VExpr = { kind: 'binary', op: '*', a: index, b: lowerInt(node.stride) };
      return { kind: 'indexedRange', a, base, width: lowerInt(node.width) };
    }
    case 'literal':
      return lowerLiteral(node.value, value);
    case 'integer':
      return lowerInt(node.value);
    case 'binary':
      return lowerBinary(node, place, lower, fixed);
    case 'unary':
      return { kind: 'unary', op: node.op, a: lower(node.a) };
    case 'choose':
      return {
        kind: 'choose',
        test: lower(node.test),
        yes: lowerExpr(node.yes, place),
        no: lowerExpr(node.no, place),
      };
    case 'concat':
      return { kind: 'concat', parts: node.parts.map(lower) };
    case 'repeat':
      return { kind: 'repeat', count: lowerInt(node.count), a: lower(node.a) };
    case 'extend':
      return lowerExtend(node.a, value, site);
    case 'cast':
      return lowerCast(lower(node.a), value.sign === 's' ? '$signed' : '$unsigned');
  }
}

/** The bits of a concatenation are unsigned before they are cast, and need no cast back. */
function lowerCast(a: VExpr, fn: '$signed' | '$unsigned'): VExpr {
  const [bits] = a.kind === 'call' && a.fn === '$signed' ? a.args : [];
  return fn === '$unsigned' && bits?.kind === 'concat' ? bits : { kind: 'call', fn, args: [a] };
}

function lowerBinary(
  { op, a, b }: Extract<Expr['node'], { kind: 'binary' }>,
  { site, direct = false }: LoweringScope,
  lower: (e: Expr) => VExpr,
  fixed: (e: Expr, what: string) => VExpr,
): VExpr {
  if (op === '*') {
    if (!direct) complain('NEEDS_NAME', 'a product inside an expression', site);
    return { kind: 'binary', op, a: fixed(a, 'a factor'), b: fixed(b, 'a factor') };
  }
  if (b.node.kind === 'integer' && op !== '>>') {
    return { kind: 'binary', op, a: fixed(a, `the left side of ${op}`), b: lower(b) };
  }
  if ((op === '&' || op === '|') && a.sign === 'u' && a.width.equals(1)) {
    return { kind: 'binary', op: `${op}${op}`, a: lower(a), b: lower(b) };
  }
  const step = isOne(b) && a.sign === 'u' && (op === '+' || op === '-');
  return { kind: 'binary', op, a: lower(a), b: step ? bitOne : lower(b) };
}

const bitOne: VExpr = { kind: 'number', text: "1'b1" };

/** A one of as many bits as a parameter says: one bit of it does as well. */
function isOne({ node, width }: Expr): boolean {
  return node.kind === 'literal' && node.value === 1n && width.constant === undefined;
}

function lowerPart(node: Extract<Expr['node'], { kind: 'part' }>): VExpr {
  const a: VExpr = { kind: 'name', name: node.name };
  if (node.width.equals(1)) return { kind: 'index', a, index: lowerInt(node.base) };
  if (node.base.constant !== undefined) {
    const high = lowerInt(node.base.plus(node.width).minus(1));
    return { kind: 'range', a, high, low: lowerInt(node.base) };
  }
  return { kind: 'indexedRange', a, base: lowerInt(node.base), width: lowerInt(node.width) };
}

function lowerLiteral(value: bigint, { width, sign }: Expr): VExpr {
  const fixed = width.constant;
  const s = sign === 's' ? 's' : '';
  if (fixed !== undefined) {
    // The lowest value has no positive twin: written as its bit pattern.
    if (value === -(1n << BigInt(fixed - 1))) {
      const text = `${fixed}'sh${BigInt.asUintN(fixed, value).toString(16)}`;
      return { kind: 'number', text };
    }
    if (value < 0n) {
      return { kind: 'unary', op: '-', a: { kind: 'number', text: `${fixed}'sd${-value}` } };
    }
    return { kind: 'number', text: `${fixed}'${s}${fixed === 1 ? 'b' : 'd'}${value}` };
  }
  const zero: VExpr = { kind: 'number', text: "1'b0" };
  const bits = value.toString(2).length;
  const tail: VExpr = { kind: 'number', text: bits === 1 ? "1'b1" : `${bits}'d${value}` };
  const head = (count: Expr['width']): VExpr => ({
    kind: 'repeat',
    count: lowerInt(count),
    a: zero,
  });
  const whole: VExpr =
    value === 0n ? head(width) : { kind: 'concat', parts: [head(width.minus(bits)), tail] };
  return sign === 's' ? { kind: 'call', fn: '$signed', args: [whole] } : whole;
}

/** Sign or zero extension, written out as a concatenation. */
function lowerExtend(a: Expr, to: Expr, site: string): VExpr {
  if (a.node.kind === 'literal' && a.node.value >= 0n) return lowerLiteral(a.node.value, to);
  const more = to.width.minus(a.width);
  const inner = a.node.kind === 'cast' ? a.node.a : a;
  const top: VExpr = a.sign === 's' ? signBit(inner, site) : { kind: 'number', text: "1'b0" };
  const head: VExpr = more.constant === 1 ? top : { kind: 'repeat', count: lowerInt(more), a: top };
  const joined: VExpr = { kind: 'concat', parts: [head, lowerExpr(inner, { site })] };
  return a.sign === 's' ? { kind: 'call', fn: '$signed', args: [joined] } : joined;
}

function signBit({ node, width }: Expr, site: string): VExpr {
  if (node.kind === 'part') {
    const last = node.base.plus(node.width).minus(1);
    return { kind: 'index', a: { kind: 'name', name: node.name }, index: lowerInt(last) };
  }
  if (node.kind !== 'name') {
    complain('NEEDS_NAME', 'sign extension of an expression', site);
    return number(0);
  }
  const a: VExpr = { kind: 'name', name: node.name };
  return width.equals(1) ? a : { kind: 'index', a, index: lowerInt(width.minus(1)) };
}
