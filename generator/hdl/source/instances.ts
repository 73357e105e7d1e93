import { Int } from '../int.js';
import type { Item, Module, TextValue } from '../module.js';
import { chosen } from '../verilog/lower.js';

/** One instance of a module somewhere below a top, with the values of its parameters. */
export interface PlacedInstance {
  readonly module: Module;
  /** The module that has it. */
  readonly parent: Module;
  /** Instance names and generate blocks from the top down, without the top: `u_core.g_lane[1].u_rom`. */
  readonly path: string;
  readonly numbers: ReadonlyMap<string, number>;
  readonly texts: ReadonlyMap<string, string>;
}

interface Values {
  readonly numbers: ReadonlyMap<string, number>;
  readonly texts: ReadonlyMap<string, string>;
}

/**
 * Every instance below `top`, in the order of the text, those above before those inside them: generate loops are
 * unrolled, and of a generate condition the branch that holds is taken. `top` has the defaults of its parameters.
 */
export function instancesBelow(top: Module): readonly PlacedInstance[] {
  const found: PlacedInstance[] = [];
  visit(top, '', defaults(top), found);
  return found;
}

function visit(module: Module, prefix: string, values: Values, found: PlacedInstance[]): void {
  const walk = (items: readonly Item[], place: string, at: (name: string) => number): void => {
    for (const item of items) {
      if (item.kind === 'instance') {
        const path = `${place}${item.name}`;
        const inner = passedOn(item, values, at);
        found.push({ module: item.module, parent: module, path, ...inner });
        visit(item.module, `${path}.`, inner, found);
      } else if (item.kind === 'for') {
        const count = item.count.evaluate(at);
        for (let i = 0; i < count; i++) {
          walk(item.items, `${place}${item.label}[${i}].`, (n) =>
            n === item.variable ? i : at(n),
          );
        }
      } else if (item.kind === 'if') {
        const taken = chosen(item, at);
        const label = taken ? item.label : item.otherwiseLabel;
        walk(taken ? item.then : item.otherwise, `${place}${label}.`, at);
      }
    }
  };
  walk(module.items, prefix, (name) => values.numbers.get(name) ?? Number.NaN);
}

function passedOn(
  { module, parameters }: Extract<Item, { kind: 'instance' }>,
  outer: Values,
  at: (name: string) => number,
): Values {
  const { numbers, texts } = defaults(module);
  const given = Object.entries(parameters);
  return {
    numbers: new Map([
      ...numbers,
      ...given.flatMap(([n, v]) => (v instanceof Int ? [[n, v.evaluate(at)] as const] : [])),
    ]),
    texts: new Map([
      ...texts,
      ...given.flatMap(([n, v]) => (v instanceof Int ? [] : [[n, textOf(v, outer)] as const])),
    ]),
  };
}

function textOf(value: TextValue, { texts }: Values): string {
  return 'text' in value ? value.text : (texts.get(value.parameter) ?? '');
}

/** A specialised module has its numbers in its text, and none to pass on. */
function defaults({ parameters }: Module): Values {
  const entries = Object.entries(parameters);
  return {
    numbers: new Map(
      entries.flatMap(([n, p]) => (p.kind === 'integer' ? [[n, p.value] as const] : [])),
    ),
    texts: new Map(entries.flatMap(([n, p]) => (p.kind === 'text' ? [[n, p.value] as const] : []))),
  };
}
