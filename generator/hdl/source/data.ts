import type { Expr } from '../expr.js';

/** A name that is read; `label`: in the generate block of that label. */
export interface DataRead {
  readonly label: string | null;
  readonly name: string;
}

/** What the bits of a value are made of. */
export interface Data {
  readonly reads: readonly DataRead[];
  /** It is more than bits of the names, side by side or extended. */
  readonly computes: boolean;
}

const NOTHING: Data = { reads: [], computes: false };

/**
 * The names whose bits a value is made of. What only decides is not among them: conditions, comparisons, addresses,
 * amounts of shifts, and a bit that is repeated, which is a mask or a sign.
 */
export function dataOf({ node }: Expr): Data {
  switch (node.kind) {
    case 'name':
    case 'part':
    case 'select':
      return { reads: [{ label: null, name: node.name }], computes: false };
    case 'inBlock':
      return { reads: [{ label: node.label, name: node.name }], computes: false };
    case 'concat':
      return joined(node.parts);
    case 'cast':
    case 'extend':
      return dataOf(node.a);
    case 'choose':
      return computed([node.yes, node.no]);
    case 'unary':
      return computed(node.op === '~' || node.op === '-' ? [node.a] : []);
    case 'binary':
      if (/^(<<<?|>>)$/.test(node.op)) return computed([node.a]);
      return computed(/^[-+*&|^]$/.test(node.op) ? [node.a, node.b] : []);
    case 'repeat':
    case 'literal':
    case 'integer':
      return NOTHING;
  }
}

function joined(parts: readonly Expr[]): Data {
  const all = parts.map(dataOf);
  return { reads: all.flatMap(({ reads }) => reads), computes: all.some((d) => d.computes) };
}

function computed(parts: readonly Expr[]): Data {
  return { ...joined(parts), computes: true };
}
