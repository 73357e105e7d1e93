import type { Diagnostic } from '../../diagnostics.js';
import type { Module } from '../../module.js';
import { lowerModule, walk } from '../../verilog/lower.js';
import { printModule } from '../../verilog/print.js';

/** `top` and every module below it, leaves first; each object once. */
export function hierarchy(top: Module): readonly Module[] {
  const order = new Set<Module>();
  const visit = (module: Module): void => {
    if (order.has(module)) return;
    walk(module.items, (item) => {
      if (item.kind === 'instance') visit(item.module);
    });
    order.add(module);
  };
  visit(top);
  return [...order];
}

/** Modules of one name, or names that differ only in case, that are not the same Verilog. */
export function checkModules(modules: readonly Module[]): Diagnostic[] {
  const first = new Map<string, Module>();
  return modules.flatMap((module): Diagnostic[] => {
    const { name, site } = module;
    const other = first.get(name.toLowerCase());
    if (other === undefined) {
      first.set(name.toLowerCase(), module);
      return [];
    }
    if (other.name === name && textOf(other) === textOf(module)) return [];
    const message = `there is another module ${other.name}, and it is not the same`;
    return [{ code: 'MODULE_CLASH', path: name, message, site }];
  });
}

function textOf(module: Module): string {
  return printModule(lowerModule(module));
}
