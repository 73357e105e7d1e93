import { type Atom, type Int, int, type Term } from '../int.js';
import type { VExpr } from './ast.js';

/** Elaboration-time integer to Verilog: the normal form, positive terms first. */
export function lowerInt(value: Int): VExpr {
  if (value.terms.length === 0) return number(0);
  let sum: VExpr | null = null;
  // A positive term leads where there is one: 26 - N instead of -1 * N + 26.
  const lead = value.terms.find((t) => t.coefficient > 0) ?? (value.terms[0] as Term);
  for (const term of [lead, ...value.terms.filter((t) => t !== lead)]) {
    const negative = term.coefficient < 0;
    const product = lowerTerm(
      negative && sum !== null ? { ...term, coefficient: -term.coefficient } : term,
    );
    sum = sum === null ? product : { kind: 'binary', op: negative ? '-' : '+', a: sum, b: product };
  }
  return sum as VExpr;
}

export function number(value: number): VExpr {
  return { kind: 'number', text: String(value) };
}

function lowerTerm({ coefficient, atoms }: Term): VExpr {
  const factors = atoms.map(lowerAtom);
  if (coefficient !== 1 || factors.length === 0) factors.unshift(number(coefficient));
  return factors.reduce((a, b) => ({ kind: 'binary', op: '*', a, b }));
}

function lowerAtom(atom: Atom): VExpr {
  if (atom.kind !== 'call') return { kind: 'name', name: atom.name };
  const [x, y] = atom.args as [Int, Int];
  const a = lowerInt(x);
  switch (atom.fn) {
    case 'clog2':
      return { kind: 'call', fn: '$clog2', args: [a] };
    case 'indexBits':
      return {
        kind: 'choose',
        test: { kind: 'binary', op: '>', a, b: number(1) },
        yes: { kind: 'call', fn: '$clog2', args: [a] },
        no: number(1),
      };
    case 'ceilPower2': {
      const bits: VExpr = { kind: 'call', fn: '$clog2', args: [a] };
      return { kind: 'binary', op: '<<', a: number(1), b: bits };
    }
    case 'max': {
      const b = lowerInt(y);
      return { kind: 'choose', test: { kind: 'binary', op: '>', a, b }, yes: a, no: b };
    }
    case 'div':
      return { kind: 'binary', op: '/', a, b: lowerInt(y) };
    case 'ceilDiv':
      return { kind: 'binary', op: '/', a: lowerInt(x.plus(y).minus(int(1))), b: lowerInt(y) };
  }
}
