import type { LoweredNode } from '../lowered.js';
import type { Values } from './values.js';

/** Both inputs of a node of that operator, in either order. */
export function pairs(
  node: LoweredNode | null,
  op: string,
): readonly (readonly [string, string])[] {
  if (node?.op !== op) return [];
  const [a = '', b = ''] = node.inputs;
  return [
    [a, b],
    [b, a],
  ];
}

/** What an activation is of, or null for another operator. */
export function of(name: string, op: string, values: Values): string | null {
  const node = values.node(name);
  return node?.op === op ? (node.inputs[0] ?? '') : null;
}
