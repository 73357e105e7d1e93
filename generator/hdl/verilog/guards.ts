import { LARGEST, type Module } from '../module.js';
import type { CompareOp, Relation } from '../relation.js';
import type { VExpr, VGuard } from './ast.js';
import { lowerInt, number } from './lower-int.js';

/**
 * Ranges of the integer parameters, and relations between them, as conditions that must not hold, each with the message that elaboration stops
 * with. Verilog-2005 has no $error at elaboration; a module that does not exist stops every tool and names itself.
 */
export function guards(module: Module): readonly VGuard[] {
  const ranges = Object.entries(module.parameters).flatMap(([name, p]) =>
    p.kind === 'integer' ? [guard(name, p.least, p.most)] : [],
  );
  return [...ranges, ...module.relations.map(relation)];
}

const OPPOSITE: Readonly<Record<CompareOp, CompareOp>> = {
  ...{ '==': '!=', '!=': '==' },
  ...{ '<': '>=', '>=': '<' },
  ...{ '>': '<=', '<=': '>' },
};

function relation({ a, op, b, message }: Relation): VGuard {
  const test: VExpr = { kind: 'binary', op: OPPOSITE[op], a: lowerInt(a), b: lowerInt(b) };
  return { test, message: message.replaceAll(' ', '_') };
}

function guard(name: string, least: number, most: number): VGuard {
  const parameter: VExpr = { kind: 'name', name };
  const below: VExpr = { kind: 'binary', op: '<', a: parameter, b: number(least) };
  if (most >= LARGEST) return { test: below, message: `${name}_must_be_at_least_${word(least)}` };
  const above: VExpr = { kind: 'binary', op: '>', a: parameter, b: number(most) };
  const range = least === most ? word(least) : `${word(least)}_to_${word(most)}`;
  return {
    test: { kind: 'binary', op: '||', a: below, b: above },
    message: `${name}_must_be_${range}`,
  };
}

/** Name of the generate block of a guard: it is never elaborated, and tools ask for one. */
export function guardLabel(message: string): string {
  return `g_${message.toLowerCase()}`;
}

/** A number as part of an identifier. */
export function word(value: number): string {
  return value < 0 ? `minus_${-value}` : String(value);
}
