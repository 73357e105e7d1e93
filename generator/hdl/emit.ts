import { checkDrivers } from './checks/drivers.js';
import { checkInstances } from './checks/instances.js';
import { checkNames } from './checks/names.js';
import { checkParameters } from './checks/parameters.js';
import { checkRanges } from './checks/ranges.js';
import { checkUse } from './checks/use.js';
import { collect, HdlError } from './diagnostics.js';
import type { Module } from './module.js';
import { lowerModule, walk } from './verilog/lower.js';
import { printModule } from './verilog/print.js';

const CHECKS = [
  checkNames,
  checkUse,
  checkDrivers,
  checkParameters,
  checkRanges,
  checkInstances,
] as const;

/** Verilog-2005 text of one module. Throws one HdlError with everything that is wrong with it. */
export function emitModule(module: Module): string {
  const [lowered, complaints] = collect(() => lowerModule(module));
  const found = [
    ...module.diagnostics,
    ...complaints.map((d) => ({ ...d, message: `${module.name}: ${d.message}` })),
    ...CHECKS.flatMap((check) => check(module)),
  ];
  if (found.length > 0) throw new HdlError(found);
  return printModule(lowered);
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
