import { Expr, literalOf, type Node, type Sign } from '../expr.js';
import { fits } from '../fits.js';
import { int } from '../int.js';
import type { Statement } from '../module.js';
import { isFixed } from '../verilog/fixed.js';
import { type FoldScope, folded } from './scope.js';

/** A value with numbers in place of parameters. Width and meaning stay; what has no bits disappears. */
export function foldExpr<S extends Sign>(value: Expr<S>, place: FoldScope): Expr<S> {
  const { sign, node } = value;
  const width = folded(value.width, place);
  const fold = <T extends Sign>(e: Expr<T>): Expr<T> => foldExpr(e, place);
  const as = (changed: Node): Expr<S> => new Expr(sign, width, changed);
  switch (node.kind) {
    case 'name':
      return as(node);
    case 'inBlock':
      return as({ ...node, index: folded(node.index, place) });
    case 'part':
      return foldPart(value, node, place);
    case 'select': {
      const changed = { ...node, index: fold(node.index), width };
      const meaning = place.names.get(node.name);
      // A signal of one bit has no words to choose from.
      if (meaning?.kind === 'signal' && meaning.type.width.equals(1)) return whole(value, place);
      return as({ ...changed, stride: folded(node.stride, place) });
    }
    case 'literal':
      return as({ ...node, width });
    case 'integer':
      return as({ ...node, value: folded(node.value, place) });
    case 'binary': {
      const a = fold(node.a);
      return as({
        ...node,
        a,
        b: /^(<<|>>)$/.test(node.op) ? fold(node.b) : number(fold(node.b), a),
      });
    }
    case 'unary':
      return as({ ...node, a: fold(node.a) });
    case 'choose':
      return as({ ...node, test: fold(node.test), yes: fold(node.yes), no: fold(node.no) });
    case 'concat': {
      const parts = node.parts.map(fold).filter((p) => !p.width.equals(0));
      const [only] = parts;
      return parts.length === 1 && only !== undefined && only.sign === sign && isFixed(only)
        ? (only as Expr<S>)
        : as({ ...node, parts });
    }
    case 'repeat':
      return as({ ...node, count: folded(node.count, place), a: fold(node.a) });
    case 'extend': {
      const a = fold(node.a) as Expr<S>;
      if (!a.width.equals(width)) return as({ ...node, a, width });
      // The braces keep a sum from growing where Verilog would compute it with more bits.
      return isFixed(a) ? a : as({ kind: 'concat', parts: [a] });
    }
    case 'cast':
      return as({ ...node, a: fold(node.a) });
  }
}

export function foldStatement(statement: Statement, place: FoldScope): Statement {
  if (statement.kind === 'set') {
    const { target, value } = statement;
    return { ...statement, target: foldExpr(target, place), value: foldExpr(value, place) };
  }
  const { test, then, otherwise } = statement;
  return {
    ...statement,
    test: foldExpr(test, place),
    then: then.map((s) => foldStatement(s, place)),
    otherwise: otherwise.map((s) => foldStatement(s, place)),
  };
}

/** Bits of a signal, or of a parameter used as a value, which becomes a literal. */
function foldPart<S extends Sign>(
  value: Expr<S>,
  node: Extract<Node, { kind: 'part' }>,
  place: FoldScope,
): Expr<S> {
  const [base, width] = [folded(node.base, place), folded(node.width, place)];
  const meaning = place.names.get(node.name);
  const part = new Expr(value.sign, width, { ...node, base, width });
  if (meaning?.kind === 'integer') {
    const [number, bits] = [meaning.value.constant, width.constant];
    if (number === undefined || bits === undefined) return part;
    return literalOf(BigInt.asUintN(bits, BigInt(number)), { sign: value.sign, width });
  }
  if (meaning === undefined) return part;
  const { type } = meaning;
  const all = base.equals(0) && width.equals(type.width);
  return type.width.equals(1) || (all && type.sign === 'u') ? whole(value, place) : part;
}

/** The named signal itself in place of its bits, unsigned as they are. */
function whole<S extends Sign>(value: Expr<S>, { names }: FoldScope): Expr<S> {
  const { name } = value.node as Extract<Node, { kind: 'part' | 'select' }>;
  const { type } = names.get(name) as { readonly type: { sign: Sign; width: Expr['width'] } };
  const named = new Expr(type.sign, type.width, { kind: 'name', name });
  if (type.sign === value.sign) return named as Expr<S>;
  return new Expr(value.sign, type.width, { kind: 'cast', a: named });
}

/** An integer beside an operand of as many bits as it needs: a literal. */
function number(b: Expr, a: Expr): Expr {
  if (b.node.kind !== 'integer') return b;
  const [value, width] = [b.node.value.constant, a.width.constant];
  if (value === undefined || width === undefined) return b;
  const like = { sign: a.sign, width: int(width) };
  return fits(BigInt(value), like) ? literalOf(BigInt(value), like) : b;
}
