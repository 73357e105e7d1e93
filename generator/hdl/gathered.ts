import type { Expr } from './expr.js';
import { genvarInt, type Int } from './int.js';
import { bit, type Item, type Module, named, type Port, type TypedModule, uint } from './module.js';
import { anyOf, low } from './values.js';

/** How the modules of a design change when some of those below are replaced by others that say more. */
export interface Gathering<Q extends Record<string, Port<'u'>>> {
  /** What stands in place of a module, with the same ports and those that are gathered; null: it stays, with what is below it. */
  readonly replace: (module: Module) => Module | null;
  /** The outputs that are led up, of one bit each, the same in every module on the way. */
  readonly ports: Q;
}

/** The flags of a list of items, by port; null: nothing below has any. */
type Flags = Readonly<Record<string, Expr<'u'>>> | null;

interface Gathered {
  readonly items: readonly Item[];
  readonly flags: Flags;
}

/**
 * The design below `module` with the replacements, and each output of the gathering led up from there to its own ports: in every
 * module on the way it is high where that of any module below is. Modules without such a one below stay as they are; pure.
 */
export function gathered<Q extends Record<string, Port<'u'>>>(
  module: Module,
  { replace, ports }: Gathering<Q>,
): TypedModule {
  const names = Object.keys(ports);
  const done = new Map<Module, Module>();
  const at = (old: Module): Module => {
    const known = done.get(old);
    if (known !== undefined) return known;
    const made = replace(old) ?? rebuilt(old);
    done.set(old, made);
    return made;
  };
  const rebuilt = (old: Module): Module => {
    const { items, flags } = through(old.items);
    if (flags === null) return old;
    const site = items.at(-1)?.site ?? old.site;
    const driven = names.map((name): Item => {
      const value = flags[name] as Expr<'u'>;
      return { kind: 'assign', target: named(name, bit), value, site };
    });
    return { ...old, items: [...items, ...driven], ports: { ...old.ports, ...ports } };
  };
  const through = (items: readonly Item[]): Gathered => {
    const parts = items.map(ofItem);
    const flags = parts.flatMap((part) => (part.flags === null ? [] : [part.flags]));
    if (flags.length === 0) return { items, flags: null };
    return {
      items: parts.flatMap((part) => part.items),
      flags: Object.fromEntries(
        names.map((name) => [name, anyOf(...flags.map((own) => own[name] as Expr<'u'>))]),
      ),
    };
  };
  const ofItem = (item: Item): Gathered => {
    switch (item.kind) {
      case 'instance': {
        const below = at(item.module);
        if (below === item.module) break;
        const wires = nets(item.name, item.site, bit.width);
        const connected = { ...item, module: below, ports: { ...item.ports, ...wires.values } };
        return { items: [...wires.items, connected], flags: wires.values };
      }
      case 'for': {
        const inner = through(item.items);
        if (inner.flags === null) break;
        const wires = nets(item.variable, item.site, item.count);
        const round = genvarInt(item.variable);
        const own = driving(inner, item.site, (name) =>
          (wires.values[name] as Expr<'u'>).bit(round),
        );
        return {
          items: [...wires.items, { ...item, items: own }],
          flags: mapped(wires.values, (value) => value.any()),
        };
      }
      case 'if': {
        const [then, otherwise] = [through(item.then), through(item.otherwise)];
        if (then.flags === null && otherwise.flags === null) break;
        const wires = nets(item.label.replace(/^g_/, ''), item.site, bit.width);
        const branch = (inner: Gathered) =>
          driving(inner, item.site, (name) => wires.values[name] as Expr<'u'>);
        const made = { ...item, then: branch(then), otherwise: branch(otherwise) };
        return { items: [...wires.items, made], flags: wires.values };
      }
      default:
    }
    return { items: [item], flags: null };
  };
  /** A wire for each output, `width` bits, and its declaration. */
  const nets = (of: string, site: string, width: Int) => {
    const values = Object.fromEntries(
      names.map((name) => [name, named(`${of}_${name}`, uint(width))] as const),
    );
    const items = names.map((name): Item => {
      const { doc } = ports[name] as Port<'u'>;
      const type = uint(width);
      const signal = { name: `${of}_${name}`, type, storage: 'wire', value: null, doc } as const;
      return { kind: 'signal', ...signal, site };
    });
    return { values, items };
  };
  /** The items of a block, which drive the wires of what is around it; low where nothing in it has flags. */
  const driving = (
    { items, flags }: Gathered,
    site: string,
    target: (name: string) => Expr<'u'>,
  ): readonly Item[] => [
    ...items,
    ...names.map((name): Item => {
      return { kind: 'assign', target: target(name), value: flags?.[name] ?? low, site };
    }),
  ];
  const made = at(module);
  return { ...made, portTypes: made.ports };
}

function mapped(
  values: Readonly<Record<string, Expr<'u'>>>,
  change: (value: Expr<'u'>) => Expr<'u'>,
): Readonly<Record<string, Expr<'u'>>> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, change(value)]));
}
