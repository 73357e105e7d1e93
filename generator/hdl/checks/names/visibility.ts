import { type Diagnostic, joinPath } from '../../diagnostics.js';
import type { Int } from '../../int.js';
import { integersIn, lookUp } from '../use/uses.js';
import { references } from '../walk/exprs.js';
import { firstOfEach } from '../walk/first.js';
import type { Subject } from '../walk/points.js';
import type { NameScope } from '../walk/scopes.js';

/** Names of other modules, and of generate blocks that the line is not in. */
export function checkVisibility({ uses }: Subject): Diagnostic[] {
  const found: Diagnostic[] = [];
  const lost = (name: string, { path }: NameScope, site: string, what: string): void => {
    const message = `there is no ${what} ${name} here`;
    found.push({ code: 'NOT_VISIBLE', path: joinPath(path, name), message, site });
  };
  const check = (value: Int, scope: NameScope, site: string): void => {
    for (const name of value.names) {
      if (!scope.ints.has(name)) lost(name, scope, site, 'parameter or loop variable');
    }
  };
  for (const { value, scope, site } of uses.reads) {
    references(value, (node) => {
      const parameter = node.kind === 'part' && scope.ints.has(node.name);
      if (!parameter && lookUp(node, scope) === undefined) lost(node.name, scope, site, 'signal');
    });
    integersIn(value, (int) => check(int, scope, site));
  }
  for (const { target, scope, site } of uses.driven) {
    if (lookUp(target, scope) === undefined) lost(target.name, scope, site, 'signal');
    if (target.kind === 'part')
      for (const int of [target.base, target.width]) check(int, scope, site);
  }
  for (const { value, scope, site } of uses.ints) check(value, scope, site);
  return firstOfEach(found);
}
