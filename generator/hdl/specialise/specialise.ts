import type { Module } from '../module.js';
import { word } from '../verilog/guards.js';
import { foldItems, type ModuleAt } from './items.js';
import { foldedType, isFolded, numbersOf, outermost, type Values } from './scope.js';

/**
 * The module of one size: numbers in place of the integer parameters, in its ports, its items and everything below
 * it. Text parameters, which name memory images, stay, and so do options. Ports keep their names. A module below that has one size in
 * all of the design keeps its name; one of several sizes gets the values that tell them apart behind it,
 * e.g. `dut_rom_width8_depth2`. Pure; the complaints of the author's description stay with the module.
 * @throws RangeError for a value of a parameter that is not there, and where the parameters of an instance depend on
 * the variable of a generate loop.
 */
export function specialise(module: Module, values: Values = {}): Module {
  const sizes = sizesBelow(module, values);
  const names = sizeNames(sizes);
  const done = new Map<string, Module>();
  const at: ModuleAt = (child, given) => {
    const size = sizeOf(child, given);
    const name = names.get(size.key) as string;
    const known = done.get(name);
    if (known !== undefined) return known;
    const made = build(child, size.numbers, name, at);
    done.set(name, made);
    return made;
  };
  return at(module, values);
}

/** A module with the numbers of its parameters. */
interface Size {
  readonly module: Module;
  readonly numbers: ReadonlyMap<string, number>;
  readonly key: string;
}

function sizeOf(module: Module, values: Values): Size {
  const numbers = numbersOf(module, values);
  const key = [module.name, ...[...numbers].map(([name, n]) => `${name}=${n}`)].join(' ');
  return { module, numbers, key };
}

/** Every size of every module at and below `top`. */
function sizesBelow(top: Module, values: Values): readonly Size[] {
  const sizes = new Map<string, Size>();
  const visit: ModuleAt = (module, given) => {
    const size = sizeOf(module, given);
    if (!sizes.has(size.key)) {
      sizes.set(size.key, size);
      build(module, size.numbers, module.name, visit);
    }
    return module;
  };
  visit(top, values);
  return [...sizes.values()];
}

/** Names of the sizes by key: they follow from the values, so that an edit elsewhere renames nothing. */
function sizeNames(sizes: readonly Size[]): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const { module, numbers, key } of sizes) {
    const all = sizes.filter((s) => s.module.name === module.name);
    const ending = telling(all).map((p) => `_${p.toLowerCase()}${word(numbers.get(p) as number)}`);
    const name = `${module.name}${ending.join('')}`;
    if ([...names.values()].includes(name)) throw new RangeError(`two modules are called ${name}`);
    names.set(key, name);
  }
  return names;
}

/** The first parameters that tell the sizes of one module apart. */
function telling(sizes: readonly Size[]): readonly string[] {
  const groupsBy = (parameters: readonly string[]): number =>
    new Set(sizes.map((s) => parameters.map((p) => s.numbers.get(p)).join())).size;
  const chosen: string[] = [];
  for (const parameter of sizes[0]?.numbers.keys() ?? []) {
    if (groupsBy([...chosen, parameter]) > groupsBy(chosen)) chosen.push(parameter);
  }
  return chosen;
}

function build(
  module: Module,
  numbers: ReadonlyMap<string, number>,
  name: string,
  at: ModuleAt,
): Module {
  const place = outermost(module, numbers);
  const sizes = [...numbers].map(([parameter, n]) => `${parameter}\xa0=\xa0${n}`);
  return {
    ...module,
    name,
    doc: sizes.length === 0 ? module.doc : `${module.doc}\nHere ${sizes.join(', ')}.`,
    parameters: Object.fromEntries(
      Object.entries(module.parameters).filter(([, p]) => !isFolded(p)),
    ),
    relations: [],
    numbers: Object.fromEntries(numbers),
    ports: Object.fromEntries(
      Object.entries(module.ports).map(([port, p]) => [
        port,
        { ...p, type: foldedType(p.type, place) },
      ]),
    ),
    items: foldItems(module.items, place, at),
  };
}
