import type { ChipMemories, MacroPort, MemoryMacro } from '../../accelerator/index.js';
import { render } from '../write/render.js';

/**
 * What a memory macro is taken for while no memory compiler has said it: a small SRAM of a 0.18 um process, typical
 * corner. Times in ns, capacitance in pF.
 */
export const MACRO_TIMING = {
  accessNs: 2,
  setupNs: 0.5,
  holdNs: 0,
  slewNs: 0.2,
  pinPf: 0.02,
} as const;

/** What the scripts for standard cells say about a design. */
export interface AsicFacts {
  readonly name: string;
  readonly core: string;
  readonly rtlFiles: readonly string[];
  /** Those of the models of macros. */
  readonly macroModels: readonly string[];
  readonly chip: ChipMemories;
}

/** Scripts of flow/ for standard cells, and the Liberty file that stands in for memory macros. */
export function asicFiles(facts: AsicFacts): ReadonlyMap<string, string> {
  const { name, core, rtlFiles, macroModels, chip } = facts;
  const macroModules = [...new Set(chip.macros.map(({ module }) => module))];
  const macroFiles = macroModules.map(
    (module) => macroModels.find((path) => path.endsWith(`/${module}.v`)) ?? `rtl/${module}.v`,
  );
  // what is in the list of macros has the name of its cell already
  const named = chip.macros.filter(({ listed }) => !listed);
  const script = {
    name,
    // the core first: the blocks are found below it
    kept: [
      { parent: name, instance: 'u_core', module: core },
      ...chip.blocks.map((block) => ({ parent: core, ...block })),
    ],
    logicFiles: rtlFiles.filter((file) => !macroFiles.includes(file)),
    macroFiles,
    macroModules: macroModules.filter((module) => named.some((macro) => macro.module === module)),
    macros: chip.macros,
    named,
  };
  return new Map([
    ['flow/asic.ys', render('design/asic.ys.hbs', script)],
    ['flow/asic_sta.tcl', render('design/asic_sta.tcl.hbs', { name })],
    ['flow/asic_memories.lib', memoriesLibrary(name, chip.macros)],
  ]);
}

/** Liberty text that stands in for macros until something better has them. */
export function memoriesLibrary(name: string, macros: readonly MemoryMacro[]): string {
  return render('design/asic_memories.lib.hbs', libraryContext(name, macros));
}

function libraryContext(name: string, macros: readonly MemoryMacro[]) {
  const widths = new Set(macros.flatMap(({ ports }) => ports.map(({ bits }) => bits)));
  return {
    name,
    ...MACRO_TIMING,
    buses: [...widths]
      .filter((bits) => bits > 1)
      .sort((a, b) => a - b)
      .map((bits) => ({ bits, high: bits - 1 })),
    macros: macros.map((macro) => ({
      ...macro,
      area: macro.area ?? 0,
      places: macro.instances.join(', '),
      pins: macro.ports.map(libraryPin),
    })),
  };
}

/** A port of one bit is a pin, any other a bus. */
function libraryPin({ name, direction, bits, clock }: MacroPort) {
  const bus = bits > 1;
  return {
    ...{ name, direction, bits, bus },
    group: bus ? 'bus' : 'pin',
    clock: name === clock,
    related: clock === name || direction === 'output' ? null : clock,
    output: direction === 'output' ? clock : null,
  };
}
