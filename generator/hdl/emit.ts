import { checkInstances } from './checks/instances.js';
import { checkNames } from './checks/names.js';
import { checkUse } from './checks/use.js';
import { HdlError } from './diagnostics.js';
import { pending } from './expr.js';
import type { Module } from './module.js';
import { lowerModule, walk } from './verilog/lower.js';
import { printModule } from './verilog/print.js';

const CHECKS = [checkNames, checkUse, checkInstances] as const;

/** Verilog-2005 text of one module. Throws one HdlError with everything that is wrong with it. */
export function emitModule(module: Module): string {
  pending.length = 0;
  const text = printModule(lowerModule(module));
  const found = [...module.diagnostics, ...pending.splice(0), ...CHECKS.flatMap((c) => c(module))];
  if (found.length > 0) throw new HdlError(found);
  return text;
}

/** `top` and every module below it, each once, leaves first. */
export function modulesBelow(top: Module): Module[] {
  const order = new Map<string, Module>();
  const visit = (module: Module): void => {
    walk(module.items, (item) => {
      if (item.kind === 'instance') visit(item.module);
    });
    order.set(module.name, module);
  };
  visit(top);
  return [...order.values()];
}
