import type { Expr, Node } from '../../expr.js';
import type { Int } from '../../int.js';

/** A value that names a signal. */
export type Reference = Extract<Node, { kind: 'name' | 'inBlock' | 'part' | 'select' }>;

/** Visits every signal that a value names, the indices of its selections too. */
export function references(value: Expr, visit: (node: Reference) => void): void {
  const { node } = value;
  switch (node.kind) {
    case 'name':
    case 'inBlock':
    case 'part':
      visit(node);
      return;
    case 'select':
      visit(node);
      references(node.index, visit);
      return;
    default:
      for (const operand of operands(node)) references(operand, visit);
  }
}

/** Values that a value is made of, where it names no signal itself. */
export function operands(node: Node): readonly Expr[] {
  switch (node.kind) {
    case 'binary':
      return [node.a, node.b];
    case 'choose':
      return [node.test, node.yes, node.no];
    case 'concat':
      return node.parts;
    case 'unary':
    case 'repeat':
    case 'extend':
    case 'cast':
      return [node.a];
    default:
      return [];
  }
}

/** Elaboration-time integers that are written in a value. */
export function integers({ node, width }: Expr): readonly Int[] {
  switch (node.kind) {
    case 'inBlock':
      return [node.index];
    case 'part':
      return [node.base, node.width];
    case 'select':
      return [node.stride, node.width];
    case 'integer':
      return [node.value];
    case 'literal':
      return [width];
    case 'repeat':
      return [node.count];
    case 'extend':
      return [node.width];
    default:
      return [];
  }
}

/** The signal, part or word that a target is: casts change no bits. */
export function targetOf(target: Expr): Reference | null {
  const { node } = target;
  if (node.kind === 'cast') return targetOf(node.a);
  return node.kind === 'name' || node.kind === 'part' || node.kind === 'select' ? node : null;
}
