import type { Item } from '../../module.js';
import type { NameScope } from '../walk/scopes.js';

type Instance = Extract<Item, { kind: 'instance' }>;

/** Every instance of a module, those inside generate blocks too, with the scope that it stands in. */
export function eachInstance(
  items: readonly Item[],
  scope: NameScope,
): readonly (readonly [Instance, NameScope])[] {
  const inside = (below: readonly Item[]) =>
    eachInstance(below, scope.inner.get(below) as NameScope);
  return items.flatMap((item) => {
    if (item.kind === 'instance') return [[item, scope] as const];
    if (item.kind === 'for') return inside(item.items);
    return item.kind === 'if' ? [...inside(item.then), ...inside(item.otherwise)] : [];
  });
}
