import type { Expr, Node } from '../expr.js';
import { countOperator, isConstant, type LogicCount } from './logic.js';
import { addressText, type InventoryScope, type MemoryDraft } from './scope.js';
import type { MemoryPort, ProductStock } from './stock.js';

/** What the values of a module add to its stock. */
export interface ValueDraft {
  readonly logic: LogicCount;
  readonly products: ProductStock[];
}

/** Counts the operators of a value that no register takes as it is; its memory reads have no clock. */
export function countValue(value: Expr, place: InventoryScope, draft: ValueDraft, name = ''): void {
  const { node } = value;
  countOperator(value, place, draft.logic);
  if (node.kind === 'binary' && node.op === '*') countProduct(value, node, place, draft, name);
  const read = readOf(value, place);
  if (read !== null) {
    const { index } = read.node;
    const register = index.node.kind === 'name' && place.registers.has(index.node.name);
    read.memory.reads.push(port(register ? 'addressed' : 'unclocked', index, place));
  }
  for (const operand of operandsOf(node)) countValue(operand, place, draft, name);
}

/** The memory that a value reads, when it is nothing else. */
export function readOf(
  value: Expr,
  { memories }: InventoryScope,
): {
  readonly memory: MemoryDraft;
  readonly node: Extract<Node, { kind: 'select' }>;
} | null {
  const { node } = value;
  if (node.kind === 'cast') return readOf(node.a, { memories } as InventoryScope);
  if (node.kind !== 'select') return null;
  const memory = memories.get(node.name);
  return memory === undefined ? null : { memory, node };
}

export function port(
  kind: MemoryPort['kind'],
  address: Expr,
  place: InventoryScope,
  branch = '',
): MemoryPort {
  return { kind, address: addressText(address, place), ...(branch.includes('/') && { branch }) };
}

function countProduct(
  value: Expr,
  { a, b }: Extract<Node, { kind: 'binary' }>,
  place: InventoryScope,
  draft: ValueDraft,
  name: string,
): void {
  if (isConstant(a) || isConstant(b)) return;
  draft.products.push({
    path: `${place.prefix}${name}`,
    a: factorBits(a, place),
    b: factorBits(b, place),
    // what is asked for beyond that are copies of the sign, which cost nothing
    width: Math.min(value.width.evaluate(place.at), a.width.plus(b.width).evaluate(place.at)),
    signed: value.sign === 's',
  });
}

/** Bits of a factor without an extension. */
function factorBits(factor: Expr, place: InventoryScope): number {
  const { node } = factor;
  if (node.kind === 'extend' && node.a.sign === factor.sign) return factorBits(node.a, place);
  return factor.width.evaluate(place.at);
}

function operandsOf(node: Node): readonly Expr[] {
  switch (node.kind) {
    case 'binary':
      return [node.a, node.b];
    case 'choose':
      return [node.test, node.yes, node.no];
    case 'concat':
      return node.parts;
    case 'select':
      return [node.index];
    case 'unary':
    case 'repeat':
    case 'extend':
    case 'cast':
      return [node.a];
    default:
      return [];
  }
}
