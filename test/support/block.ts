import { emitModule, type Module, modulesBelow } from '../../generator/hdl/index.js';
import { type VerilatedBlock, verilate } from './verilated-block.js';

/** A hardware block at its default parameters, with what is below it; `mutate` edits the modules `mutated`. */
export function blockUnderTest(
  module: Module,
  mutate: (text: string) => string = (text) => text,
  mutated: readonly string[] = [module.name],
): Promise<VerilatedBlock> {
  const parameter = (name: string): number => {
    const p = module.parameters[name];
    if (p?.kind !== 'integer') throw new Error(`${module.name} has no integer parameter ${name}`);
    return p.value;
  };
  const sources = modulesBelow(module).map((m) => {
    const text = emitModule(m);
    return { name: `${m.name}.v`, text: mutated.includes(m.name) ? mutate(text) : text };
  });
  return verilate({
    top: module.name,
    sources,
    ports: Object.entries(module.ports)
      .filter(([name]) => name !== 'clk')
      .map(([name, port]) => ({
        name,
        width: port.type.width.evaluate(parameter),
        direction: port.direction,
      })),
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
