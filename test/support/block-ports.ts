import type { Module } from '../../generator/hdl/index.js';
import type { BlockPort } from './verilated-block.js';

/** Value of an integer parameter of a module: given, or its default. */
export function parameterOf(
  module: Module,
  given: Readonly<Record<string, number | string>> = {},
): (name: string) => number {
  return (name) => {
    const value = given[name] ?? module.parameters[name]?.value;
    if (typeof value !== 'number')
      throw new Error(`${module.name} has no integer parameter ${name}`);
    return value;
  };
}

/** Ports of a module, without the clock, with their widths at given parameters. */
export function portsOf(
  module: Module,
  given: Readonly<Record<string, number | string>> = {},
): readonly BlockPort[] {
  const at = parameterOf(module, given);
  return Object.entries(module.ports)
    .filter(([name]) => name !== 'clk')
    .map(([name, { direction, type }]) => ({ name, direction, width: type.width.evaluate(at) }));
}
