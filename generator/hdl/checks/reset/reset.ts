import { type Diagnostic, showSite } from '../../diagnostics.js';
import type { Expr } from '../../expr.js';
import type { Statement } from '../../module.js';
import { lookUp, type Uses } from '../use/uses.js';
import { references, targetOf } from '../walk/exprs.js';
import { firstOfEach } from '../walk/first.js';
import type { Subject } from '../walk/points.js';
import type { Declared, NameScope } from '../walk/scopes.js';
import { isReset, truthInReset } from './reset-truth.js';

/**
 * Registers that the condition of a when() reads, directly or through wires, and that no branch of a reset sets: what
 * they decide is unknown after power-up. Registers that only carry data need no reset.
 */
export function checkReset({ uses, module }: Subject): Diagnostic[] {
  const clocked = new Set<Declared>();
  const reset = new Set<Declared>();
  for (const { body, scope } of uses.clocked) {
    for (const s of body) {
      eachSet(s, scope, clocked);
      inReset(s, scope, uses, reset);
    }
  }
  const without = Object.keys(module.ports).some(isReset)
    ? 'no reset sets it'
    : 'the module has no reset';
  const tests = uses.clocked.flatMap(({ body, scope }) =>
    body.flatMap(conditions).map((when) => ({ when, scope })),
  );
  return firstOfEach(
    tests.flatMap(({ when: { test, site }, scope }) =>
      [...registersBehind(test, scope, uses, clocked)]
        .filter((register) => !reset.has(register))
        .map((register) => ({
          ...({ code: 'NO_RESET', path: register.path, site: register.site } as const),
          message: `it decides at ${showSite(site)}, and ${without}`,
        })),
    ),
  );
}

type When = Extract<Statement, { kind: 'when' }>;

function conditions(s: Statement): readonly When[] {
  return s.kind === 'set' ? [] : [s, ...[...s.then, ...s.otherwise].flatMap(conditions)];
}

/** Registers that a value depends on through wires. */
function registersBehind(
  value: Expr,
  scope: NameScope,
  uses: Uses,
  clocked: ReadonlySet<Declared>,
): ReadonlySet<Declared> {
  const seen = new Set<Declared>();
  const visit = (value: Expr, scope: NameScope): void =>
    references(value, (node) => {
      const declared = lookUp(node, scope);
      if (declared === undefined || declared.storage === 'memory' || seen.has(declared)) return;
      seen.add(declared);
      if (clocked.has(declared)) return;
      for (const { value, scope } of uses.assigned.get(declared) ?? []) visit(value, scope);
    });
  visit(value, scope);
  return new Set([...seen].filter((declared) => clocked.has(declared)));
}

function eachSet(s: Statement, scope: NameScope, into: Set<Declared>): void {
  if (s.kind === 'when') {
    for (const inner of [...s.then, ...s.otherwise]) eachSet(inner, scope, into);
    return;
  }
  const target = targetOf(s.target);
  const declared = target === null ? undefined : lookUp(target, scope);
  if (declared !== undefined) into.add(declared);
}

/** Adds the registers that a reset sets for certain. */
function inReset(s: Statement, scope: NameScope, uses: Uses, into: Set<Declared>): void {
  if (s.kind === 'set') return;
  const truth = truthInReset(s.test, scope, uses);
  const taken = truth === true ? s.then : truth === false ? s.otherwise : [];
  for (const inner of taken) {
    if (inner.kind === 'set') eachSet(inner, scope, into);
    else inReset(inner, scope, uses, into);
  }
}
