import type { Item, Module } from './module.js';

/**
 * The hierarchy below `top` with other modules in place of some: `other` gives the one that takes the place of a module, or
 * the module itself, and has to keep its ports and parameters. What it gives is not looked into. Modules with nothing
 * replaced below them stay the objects that they are.
 */
export function replaceModules(top: Module, other: (module: Module) => Module): Module {
  const done = new Map<Module, Module>();
  const visit = (module: Module): Module => {
    const known = done.get(module);
    if (known !== undefined) return known;
    const given = other(module);
    const made = given === module ? within(module, visit) : given;
    done.set(module, made);
    return made;
  };
  return visit(top);
}

function within(module: Module, visit: (module: Module) => Module): Module {
  const items = withInstances(module.items, (item) => {
    const below = visit(item.module);
    return below === item.module ? item : { ...item, module: below };
  });
  return items === module.items ? module : { ...module, items };
}

/** Items with others in place of the instances, in loops and conditions too; the same list where nothing in it changes. */
export function withInstances(
  items: readonly Item[],
  other: (item: Extract<Item, { kind: 'instance' }>) => Item,
): readonly Item[] {
  const made = items.map((item): Item => {
    switch (item.kind) {
      case 'instance':
        return other(item);
      case 'for': {
        const inner = withInstances(item.items, other);
        return inner === item.items ? item : { ...item, items: inner };
      }
      case 'if': {
        const then = withInstances(item.then, other);
        const otherwise = withInstances(item.otherwise, other);
        const same = then === item.then && otherwise === item.otherwise;
        return same ? item : { ...item, then, otherwise };
      }
      default:
        return item;
    }
  });
  return made.every((item, i) => item === items[i]) ? items : made;
}
