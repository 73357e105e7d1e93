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
  const items = inItems(module.items, visit);
  return items === module.items ? module : { ...module, items };
}

/** The same list where nothing in it changes. */
function inItems(items: readonly Item[], visit: (module: Module) => Module): readonly Item[] {
  const made = items.map((item): Item => {
    switch (item.kind) {
      case 'instance': {
        const module = visit(item.module);
        return module === item.module ? item : { ...item, module };
      }
      case 'for': {
        const inner = inItems(item.items, visit);
        return inner === item.items ? item : { ...item, items: inner };
      }
      case 'if': {
        const [then, otherwise] = [inItems(item.then, visit), inItems(item.otherwise, visit)];
        const same = then === item.then && otherwise === item.otherwise;
        return same ? item : { ...item, then, otherwise };
      }
      default:
        return item;
    }
  });
  return made.every((item, i) => item === items[i]) ? items : made;
}
