import { CHECKS } from './checks/all.js';
import { checkModules, hierarchy } from './checks/names/modules.js';
import { type Subject, subjectsOf } from './checks/walk/points.js';
import {
  collect,
  type Diagnostic,
  HdlError,
  joinPath,
  severityOf,
  type Waiver,
  withoutWaived,
} from './diagnostics.js';
import type { Module } from './module.js';
import { withLocators } from './verilog/locators.js';
import { lowerModule } from './verilog/lower.js';
import { printModule } from './verilog/print.js';

export interface CheckOptions {
  /** Waivers of this call, beside those of the modules. */
  readonly waivers?: readonly Waiver[];
}

export interface EmitOptions extends CheckOptions {
  /**
   * Names the author's file and line above each module, group of declarations, always block, instance and generate
   * block, as `// @[path:line]`, where they are known. Default: no.
   */
  readonly source?: boolean;
  /** A text above each module, as comment. Default: none. */
  readonly notice?: string;
}

/** A hierarchy as Verilog-2005. */
export interface EmittedDesign {
  /** Text of every module by its name, leaves first: one file each. */
  readonly modules: ReadonlyMap<string, string>;
  /** What is doubtful about it and not waived. */
  readonly warnings: readonly Diagnostic[];
}

/**
 * Everything that is wrong or doubtful about a module and all modules below it: of each module its errors, or its
 * warnings when it has none. Bits are looked at with the default values of the parameters, and with every value that
 * an instance passes on.
 */
export function checkDesign(
  top: Module,
  { waivers = [] }: CheckOptions = {},
): readonly Diagnostic[] {
  const modules = hierarchy(top);
  const found = subjectsOf(modules).flatMap(complaintsAbout);
  const broken = found.some((d) => severityOf(d.code) === 'error');
  return withoutWaived([...found, ...(broken ? [] : checkModules(modules))], waivers);
}

/**
 * Verilog of a module and of all modules below it.
 * @throws HdlError with all that `checkDesign` finds, where an error is among it.
 */
export function emitDesign(top: Module, options: EmitOptions = {}): EmittedDesign {
  const warnings = checkDesign(top, options);
  if (warnings.some((d) => severityOf(d.code) === 'error')) throw new HdlError(warnings);
  const texts = modulesBelow(top).map((m) => [m.name, verilogOf(m, options)] as const);
  return { modules: new Map(texts), warnings };
}

/**
 * Verilog of one module; its warnings go unseen.
 * @throws HdlError with everything that is wrong with this module, where an error is among it.
 */
export function emitModule(module: Module, options: Pick<EmitOptions, 'source'> = {}): string {
  const found = subjectsOf([module]).flatMap(complaintsAbout);
  if (found.some((d) => severityOf(d.code) === 'error')) throw new HdlError(found);
  return verilogOf(module, options);
}

function verilogOf(module: Module, { source = false, notice }: EmitOptions): string {
  const lowered = lowerModule(module);
  return printModule(source ? withLocators(lowered) : lowered, notice);
}

/** `top` and every module below it, one for each name, leaves first. */
export function modulesBelow(top: Module): Module[] {
  return [...new Map(hierarchy(top).map((module) => [module.name, module])).values()];
}

/** The errors of a module, or its warnings less those that it waives. */
function complaintsAbout(subject: Subject): readonly Diagnostic[] {
  const { name, diagnostics, waivers } = subject.module;
  const [, lowering] = collect(name, () => lowerModule(subject.module));
  const found = [...diagnostics, ...lowering, ...CHECKS.flatMap((check) => check(subject))];
  const errors = found.filter((d) => severityOf(d.code) === 'error');
  // What is likely not meant is seen once what is wrong is right.
  if (errors.length > 0) return errors;
  return withoutWaived(
    found,
    waivers.map((waiver) => ({ ...waiver, path: joinPath(name, waiver.path ?? '**') })),
  );
}
