import { describe, expect, test } from 'vitest';
import { planDesign } from '../../generator/accelerator/index.js';
import { top } from '../../generator/accelerator/top.js';
import {
  emitModule,
  isKeyword,
  type Module,
  modulesBelow,
  showRange,
  specialise,
} from '../../generator/hdl/index.js';
import { walk } from '../../generator/hdl/verilog/lower.js';
import { randomShape } from '../support/random-shapes.js';

/** Words of Verilog that are no names: functions, and compiler directives with what they say. */
const SYSTEM = ['$clog2', '$signed', '$unsigned', '$readmemh', '`default_nettype', 'none'];

/** What the author of a module wrote: its name, parameters, ports, and what its scopes declare. */
function written(module: Module): readonly string[] {
  const names = [module.name, ...Object.keys(module.parameters), ...Object.keys(module.ports)];
  walk(module.items, (item) => {
    if (item.kind === 'for') names.push(item.variable);
    if ('name' in item && item.kind !== 'unused') names.push(item.name);
    if (item.kind === 'instance') {
      const { name, parameters, ports } = item.module;
      names.push(name, ...Object.keys(parameters), ...Object.keys(ports));
    }
  });
  return names;
}

/** What docs/edsl/style.md derives from that, row by row of its table. */
function derived(module: Module): readonly string[] {
  const names: string[] = [];
  walk(module.items, (item) => {
    if (item.kind === 'for') names.push(`g_${item.variable}`);
    if (item.kind === 'if') {
      expect(item.label).toMatch(/^g_[a-z]/);
      expect(item.otherwiseLabel).toMatch(/^g_[a-z]/);
      names.push(item.label, item.otherwiseLabel);
    }
    if (item.kind === 'memory') {
      const endings = ['image', 'image_in_folder', 'clear'];
      names.push(`${item.name}_index`, ...endings.map((ending) => `g_${item.name}_${ending}`));
    }
    if (item.kind === 'unused') {
      expect(item.name).toMatch(/^unused_[a-z]/);
      names.push(item.name);
    }
  });
  for (const [name, p] of Object.entries(module.parameters)) {
    if (p.kind === 'integer') {
      const range = showRange(p).replace(' … ', ' to ').replaceAll('-', 'minus ');
      names.push(...guarded(`${name} must be ${range}`), 'parameter_error');
    }
  }
  for (const { message } of module.relations) names.push(...guarded(message));
  return names;
}

/** The module that does not exist, and the block it stands in. */
function guarded(message: string): readonly string[] {
  const name = message.replaceAll(' ', '_');
  return [name, `g_${name.toLowerCase()}`];
}

const shapes = [1, 2, 5].map((seed) => {
  const shape = randomShape(seed);
  return top(planDesign(shape.model(1), { ...shape.options, name: 'dut' }).configuration);
});
const modules = shapes.flatMap((module, n) => [
  ...modulesBelow(module).map((m) => [`${m.name} of shape ${n}`, m] as const),
  ...modulesBelow(specialise(module)).map(
    (m) => [`${m.name} of shape ${n}, in numbers`, m] as const,
  ),
]);

describe.each(modules)('the Verilog of %s', (_, module) => {
  const text = emitModule(module, { source: true });

  test('has no name but those of its author, and what follows from them', () => {
    const code = text.replace(/\/\/.*$/gm, '').replace(/"[^"]*"/g, '');
    const words = code.match(/[`$]?[A-Za-z_]\w*|\d+'s?[bdh]\w+/g) ?? [];
    const known = new Set([...written(module), ...derived(module), ...SYSTEM]);
    const names = words.filter((word) => !/^\d/.test(word) && !isKeyword(word));
    expect([...new Set(names.filter((name) => !known.has(name)))]).toEqual([]);
  });

  test('has lines of ASCII, at most 100 columns, without tabs and without spaces at the end', () => {
    const odd = text
      .split('\n')
      .filter((line) => !/^(?:[\x20-\x7e]{0,99}[\x21-\x7e])?$/.test(line));
    expect(odd).toEqual([]);
  });
});
