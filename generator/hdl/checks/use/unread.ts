import type { Diagnostic } from '../../diagnostics.js';
import { references } from '../walk/exprs.js';
import type { Subject } from '../walk/points.js';
import type { Declared } from '../walk/scopes.js';
import { lookUp } from './uses.js';

/** Signals, memories and inputs that nothing reads, in any branch. */
export function checkUnread(subject: Subject): Diagnostic[] {
  const read = readBy(subject);
  return subject.uses.declared
    .filter((d) => d.storage !== 'output' && !read.has(d))
    .map(({ path, site, storage }) => {
      const what = { input: 'input', reg: 'register', memory: 'memory', wire: 'wire' }[
        storage as Exclude<Declared['storage'], 'output'>
      ];
      return { code: 'UNREAD', path, message: `nothing reads this ${what}`, site };
    });
}

/** What something reads. */
export function readBy({ uses }: Subject): ReadonlySet<Declared> {
  const read = new Set<Declared>();
  for (const { value, scope } of uses.reads) {
    references(value, (node) => {
      const declared = lookUp(node, scope);
      if (declared !== undefined) read.add(declared);
    });
  }
  return read;
}
