import type { Expr } from '../../expr.js';
import { type ScopeRound, type Signal, signalAt } from '../walk/elaborate.js';

/** Called with every bit of a signal that a bit depends on. */
export type VisitBit = (signal: Signal, bit: number) => void;

/** The bits that bit number `bit` of a value depends on. */
export function valueBits(value: Expr, bit: number, place: ScopeRound, visit: VisitBit): void {
  const { node } = value;
  const widthOf = (e: Expr): number => e.width.evaluate(place.at);
  const at = (e: Expr, n: number): void => {
    if (n >= 0 && n < widthOf(e)) valueBits(e, n, place, visit);
  };
  const upTo = (e: Expr, n: number): void => {
    for (let i = 0; i <= Math.min(n, widthOf(e) - 1); i++) at(e, i);
  };
  const all = (e: Expr): void => upTo(e, widthOf(e) - 1);
  const take = (signal: Signal | undefined, n: number): void => {
    if (signal !== undefined && n >= 0 && n < signal.width) visit(signal, n);
  };
  switch (node.kind) {
    case 'name':
    case 'inBlock':
      take(signalAt(node, place), bit);
      return;
    case 'part':
      take(signalAt(node, place), node.base.evaluate(place.at) + bit);
      return;
    case 'select': {
      all(node.index);
      const signal = signalAt(node, place);
      const stride = node.stride.evaluate(place.at);
      // The words of a memory are registers.
      if (signal === undefined || stride === 0) return;
      for (let n = bit; n < signal.width; n += stride) take(signal, n);
      return;
    }
    case 'binary':
      binary(node.op, node.a, node.b, bit, { at, upTo, all, widthOf });
      return;
    case 'unary':
      if (node.op === '~' || node.op === '!') at(node.a, bit);
      else if (node.op === '-') upTo(node.a, bit);
      else all(node.a);
      return;
    case 'choose':
      all(node.test);
      at(node.yes, bit);
      at(node.no, bit);
      return;
    case 'concat': {
      let low = 0;
      for (const part of [...node.parts].reverse()) {
        at(part, bit - low);
        low += widthOf(part);
      }
      return;
    }
    case 'repeat':
      at(node.a, bit % widthOf(node.a));
      return;
    case 'extend':
      at(node.a, value.sign === 's' ? Math.min(bit, widthOf(node.a) - 1) : bit);
      return;
    case 'cast':
      at(node.a, bit);
  }
}

type Binary = Extract<Expr['node'], { kind: 'binary' }>;

function binary(
  op: Binary['op'],
  a: Expr,
  b: Expr,
  bit: number,
  {
    at,
    upTo,
    all,
    widthOf,
  }: Readonly<Record<'at' | 'upTo', (e: Expr, n: number) => void>> & {
    readonly all: (e: Expr) => void;
    readonly widthOf: (e: Expr) => number;
  },
): void {
  switch (op) {
    case '&':
    case '|':
    case '^':
      at(a, bit);
      at(b, bit);
      return;
    case '+':
    case '-':
    case '*':
      upTo(a, bit);
      upTo(b, bit);
      return;
    case '<<':
    case '<<<':
      upTo(a, bit);
      all(b);
      return;
    case '>>':
      for (let i = bit; i < widthOf(a); i++) at(a, i);
      all(b);
      return;
    default:
      all(a);
      all(b);
  }
}
