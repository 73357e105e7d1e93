import { complain, type Expr } from '../expr.js';
import { int } from '../int.js';
import type { VExpr } from './ast.js';
import { lowerInt, number } from './lower-int.js';

/** Names that are vectors with a symbolic or constant range; one-bit signals cannot be indexed. */
export type IsScalar = (name: string) => boolean;

/**
 * A value to Verilog. Every operator's operands have the width of its result (extension is written out), so
 * Verilog's context-dependent widths never apply. `direct` is true at the top of an assignment and in the
 * branches of a choice there: only there a product may stand and an increment is written `x + 1`.
 */
export function lowerExpr(value: Expr, scalar: IsScalar, direct = false): VExpr {
  const { node } = value;
  const lower = (e: Expr): VExpr => lowerExpr(e, scalar);
  switch (node.kind) {
    case 'name':
      return { kind: 'name', name: node.name };
    case 'inBlock':
      return { kind: 'inBlock', label: node.label, index: lowerInt(node.index), name: node.name };
    case 'part':
      return lowerPart(node, scalar);
    case 'select': {
      const index = lower(node.index);
      const a: VExpr = { kind: 'name', name: node.name };
      if (node.stride.equals(0) || node.stride.equals(1)) return { kind: 'index', a, index };
      const base: VExpr = { kind: 'binary', op: '*', a: index, b: lowerInt(node.stride) };
      return { kind: 'indexedRange', a, base, width: lowerInt(node.width) };
    }
    case 'literal':
      return lowerLiteral(node.value, value);
    case 'integer':
      return lowerInt(node.value);
    case 'binary': {
      if (node.op === '*' && !direct) complain('NEEDS_NAME', 'a product inside an expression');
      const one = node.b.node.kind === 'literal' && node.b.node.value === 1n;
      const b = direct && one && (node.op === '+' || node.op === '-') ? number(1) : lower(node.b);
      return { kind: 'binary', op: node.op, a: lower(node.a), b };
    }
    case 'unary':
      return { kind: 'unary', op: node.op, a: lower(node.a) };
    case 'choose':
      return {
        kind: 'choose',
        test: lower(node.test),
        yes: lowerExpr(node.yes, scalar, direct),
        no: lowerExpr(node.no, scalar, direct),
      };
    case 'concat':
      return { kind: 'concat', parts: node.parts.map(lower) };
    case 'repeat':
      return { kind: 'repeat', count: lowerInt(node.count), a: lower(node.a) };
    case 'extend':
      return lowerExtend(node.a, value, scalar);
    case 'cast':
      return {
        kind: 'call',
        fn: value.sign === 's' ? '$signed' : '$unsigned',
        args: [lower(node.a)],
      };
  }
}

function lowerPart(node: Extract<Expr['node'], { kind: 'part' }>, scalar: IsScalar): VExpr {
  const a: VExpr = { kind: 'name', name: node.name };
  if (scalar(node.name)) return a;
  if (node.width.equals(1)) return { kind: 'index', a, index: lowerInt(node.base) };
  if (node.base.constant !== undefined) {
    const high = lowerInt(node.base.plus(node.width).minus(1));
    return { kind: 'range', a, high, low: lowerInt(node.base) };
  }
  return { kind: 'indexedRange', a, base: lowerInt(node.base), width: lowerInt(node.width) };
}

function lowerLiteral(value: bigint, { width, sign }: Expr): VExpr {
  const fixed = width.constant;
  if (fixed !== undefined) {
    const text = `${fixed}'${sign === 's' ? 's' : ''}d${value}`;
    return { kind: 'number', text: fixed === 1 ? `1'b${value}` : text };
  }
  const zero: VExpr = { kind: 'number', text: "1'b0" };
  if (value === 0n) return { kind: 'repeat', count: lowerInt(width), a: zero };
  const bits = value.toString(2).length;
  const tail: VExpr = { kind: 'number', text: bits === 1 ? "1'b1" : `${bits}'d${value}` };
  const head: VExpr = { kind: 'repeat', count: lowerInt(width.minus(bits)), a: zero };
  const parts: VExpr = { kind: 'concat', parts: [head, tail] };
  return sign === 's' ? { kind: 'call', fn: '$signed', args: [parts] } : parts;
}

/** Sign or zero extension, written out as a concatenation. */
function lowerExtend(a: Expr, to: Expr, scalar: IsScalar): VExpr {
  if (a.node.kind === 'literal' && a.sign === 'u') {
    return lowerLiteral(a.node.value, to);
  }
  const lowered = lowerExpr(a, scalar);
  const count = lowerInt(to.width.minus(a.width));
  const inner = a.node.kind === 'cast' ? a.node.a : a;
  let top: VExpr = { kind: 'number', text: "1'b0" };
  if (a.sign === 's') {
    const node = inner.node;
    if (node.kind === 'name') {
      const name: VExpr = { kind: 'name', name: node.name };
      const last = lowerInt(inner.width.minus(int(1)));
      top = scalar(node.name) ? name : { kind: 'index', a: name, index: last };
    } else if (node.kind === 'part') {
      const last = node.base.plus(node.width).minus(1);
      top = { kind: 'index', a: { kind: 'name', name: node.name }, index: lowerInt(last) };
    } else {
      complain('NEEDS_NAME', 'sign extension of an expression');
    }
  }
  const bare = a.node.kind === 'cast' ? lowerExpr(a.node.a, scalar) : lowered;
  const more = to.width.minus(a.width).constant === 1;
  const head: VExpr = more ? top : { kind: 'repeat', count, a: top };
  const joined: VExpr = { kind: 'concat', parts: [head, bare] };
  return a.sign === 's' ? { kind: 'call', fn: '$signed', args: [joined] } : joined;
}
