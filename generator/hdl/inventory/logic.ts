import type { Expr, Node } from '../expr.js';
import type { InventoryScope } from './scope.js';
import type { LogicStock } from './stock.js';

/** What a part of a module adds to the stock of logic. */
export type LogicCount = { -readonly [K in keyof LogicStock]: number };

export const noLogic = (): LogicCount => ({
  registers: 0,
  readRegisters: 0,
  adders: 0,
  multiplexers: 0,
  gates: 0,
});

export function addLogic(to: LogicCount, more: LogicStock): void {
  for (const key of Object.keys(to) as (keyof LogicStock)[]) to[key] += more[key];
}

/** Adds the operators of one value; those of its operands are counted by the caller. */
export function countOperator(
  { node, width }: Expr,
  place: InventoryScope,
  logic: LogicCount,
): void {
  const bits = (of: Expr): number => of.width.evaluate(place.at);
  const own = width.evaluate(place.at);
  switch (node.kind) {
    case 'binary':
      countBinary(node, own, bits, logic);
      return;
    case 'unary':
      if (node.op === '-') logic.adders += own;
      else if (node.op === '&' || node.op === '|' || node.op === '^') logic.gates += bits(node.a);
      return;
    case 'choose':
      logic.multiplexers += own;
      return;
    case 'select':
      if (!place.memories.has(node.name)) logic.multiplexers += own * (2 ** bits(node.index) - 1);
      return;
    default:
  }
}

function countBinary(
  { op, a }: Extract<Node, { kind: 'binary' }>,
  own: number,
  bits: (of: Expr) => number,
  logic: LogicCount,
): void {
  switch (op) {
    case '+':
    case '-':
      logic.adders += own;
      return;
    case '<':
    case '<=':
    case '>':
    case '>=':
      logic.adders += bits(a);
      return;
    case '&':
    case '|':
    case '^':
    case '==':
    case '!=':
      logic.gates += bits(a);
      return;
    default:
  }
}

/** A number that is known when the design is described. */
export function isConstant({ node }: Expr): boolean {
  if (node.kind === 'cast' || node.kind === 'extend') return isConstant(node.a);
  return node.kind === 'literal' || node.kind === 'integer';
}
