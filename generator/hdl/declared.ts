import { callSite } from './diagnostics.js';
import { type Case, nameAt } from './source/naming.js';

/** What declares something: its name, unless it is that of the variable it is bound to, what it is, and a comment. */
export type Given<V> =
  | readonly [name: string, what: V, doc?: string | undefined]
  | readonly [what: V, doc?: string | undefined];

/** Name, comment and place of a declaration. */
export function declared<V>(method: string, given: Given<V>, letters?: Case) {
  const site = callSite();
  if (typeof given[0] === 'string') {
    const [name, what, doc = ''] = given as readonly [string, V, string?];
    return { name, what, doc, site };
  }
  const [what, doc = ''] = given as readonly [V, string?];
  return { name: nameAt(site, method, letters), what, doc, site };
}
