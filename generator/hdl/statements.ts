import { complain } from './diagnostics.js';
import type { Expr } from './expr.js';
import type { Statement } from './module.js';
import { expectBit, expectWidth } from './operands.js';

/** Widths of assignments and of conditions, those inside of a when() too. */
export function checkStatement(statement: Statement): void {
  if (statement.kind === 'set') {
    const { target, value, site } = statement;
    expectWidth(value.width, target.width, `set(${describe(target, site)})`, site);
    return;
  }
  expectBit(statement.test, 'the condition of when()', statement.site);
  for (const inner of [...statement.then, ...statement.otherwise]) checkStatement(inner);
}

/** A target as a complaint names it. */
export function describe(target: Expr, site?: string): string {
  const { node } = target;
  if (node.kind === 'cast') return describe(node.a, site);
  if (node.kind === 'name' || node.kind === 'part' || node.kind === 'select') return node.name;
  complain('NEEDS_NAME', 'an expression cannot be assigned to', site);
  return 'an expression';
}
