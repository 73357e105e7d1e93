import { planDesign } from '../../generator/accelerator/index.js';
import type { Configuration } from '../../generator/accelerator/plan/configuration.js';
import { emitModule, type Module, modulesBelow } from '../../generator/hdl/index.js';
import { TABLE_BITS } from '../../generator/network/table-scheme.js';
import { portsOf } from './block-ports.js';
import { randomShape } from './random-shapes.js';
import { type VerilatedBlock, verilate } from './verilated-block.js';

/** A real configuration with other numbers where a test needs them. */
export function blockConfiguration(changes: Partial<Configuration> = {}): Configuration {
  const shape = randomShape(29, TABLE_BITS.usual);
  return { ...planDesign(shape.model(1), shape.options).configuration, ...changes, name: 'dut' };
}

/** A hardware block at its default parameters, with what is below it; `mutate` edits the modules `mutated`. */
export function blockUnderTest(
  module: Module,
  mutate: (text: string) => string = (text) => text,
  mutated: readonly string[] = [module.name],
): Promise<VerilatedBlock> {
  const sources = modulesBelow(module).map((m) => {
    const text = emitModule(m);
    return { name: `${m.name}.v`, text: mutated.includes(m.name) ? mutate(text) : text };
  });
  return verilate({
    top: module.name,
    sources,
    ports: portsOf(module),
  });
}

/** A replacement that must hit: a mutation that changes nothing proves nothing. */
export function edit(from: string | RegExp, to: string): (text: string) => string {
  return (text) => {
    const edited = text.replace(from, to);
    if (edited === text) throw new Error(`nothing to replace: ${from}`);
    return edited;
  };
}
