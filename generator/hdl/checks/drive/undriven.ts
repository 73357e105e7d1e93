import type { Diagnostic } from '../../diagnostics.js';
import { lookUp } from '../use/uses.js';
import type { Subject } from '../walk/points.js';

/** Signals that nothing drives anywhere: no assignment, no always block, no instance. */
export function checkUndriven({ uses }: Subject): Diagnostic[] {
  const driven = new Set(uses.driven.map(({ target, scope }) => lookUp(target, scope)));
  return uses.declared
    .filter((d) => d.storage !== 'input' && d.storage !== 'memory' && d.value === null)
    .filter((d) => !driven.has(d))
    .map(({ path, site, storage }) => {
      const what = storage === 'output' ? 'output' : storage === 'reg' ? 'register' : 'wire';
      return { code: 'UNDRIVEN', path, message: `nothing drives this ${what}`, site };
    });
}
