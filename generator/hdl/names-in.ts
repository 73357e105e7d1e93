import { Int } from './int.js';
import type { Item } from './module.js';

/** Names of the parameters, localparams and loop variables that items depend on; not those of modules below. */
export function namesIn(items: readonly Item[]): ReadonlySet<string> {
  const names = new Set<string>();
  const visit = (value: unknown, key = ''): void => {
    if (value instanceof Int) for (const name of value.names) names.add(name);
    else if (typeof value === 'object' && value !== null && key !== 'module') {
      for (const [own, inner] of Object.entries(value)) visit(inner, own);
    }
  };
  visit(items);
  return names;
}
