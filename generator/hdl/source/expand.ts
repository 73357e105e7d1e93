import type { Expr } from '../expr.js';
import type { Int } from '../int.js';
import type { Item, Module, Statement } from '../module.js';
import { chosen, clockedTargets, targetName } from '../verilog/lower.js';
import { dataOf } from './data.js';

export type SignalKind = 'wire' | 'register' | 'memory' | 'instance';

/** A signal or an instance of a design, where the module that has it stands in the hierarchy. */
export interface SignalNode {
  /** Name of the module. */
  readonly module: string;
  /** Generate blocks and name inside the module, `g_lane[0:3].sum`: `[0:3]` stands for each of the blocks. */
  readonly name: string;
  readonly kind: SignalKind;
  /** Where it is declared. */
  readonly site: string;
  /** Statements, assignments and instances that drive it. */
  readonly drivers: Set<string>;
  /** Paths of the signals its value is made of; not those that only decide. */
  readonly from: Set<string>;
  /** Some value it takes is more than bits of other signals. */
  computes: boolean;
}

/** A hierarchy spread out from its top. */
export interface Expansion {
  /** By path: instances and name, `core.u_array.g_slice[0:3].product`. */
  readonly nodes: ReadonlyMap<string, SignalNode>;
  /** Every module with the paths of its instances. */
  readonly modules: ReadonlyMap<string, { readonly site: string; readonly paths: Set<string> }>;
}

export interface ExpandOptions {
  /** Only the signals and instances of the top itself. Default: no. */
  readonly shallow?: boolean;
}

/** Values of parameters; loop variables have none. */
type Values = ReadonlyMap<string, number>;

/** A module or a generate block: what its names stand for. */
interface Block {
  readonly outer: Block | null;
  readonly prefix: string;
  readonly names: Map<string, string>;
}

/**
 * Every signal and instance of a hierarchy with its path. Generate conditions are decided by the parameters of each
 * instance; where a loop variable decides, both branches are there. The blocks of a loop share one path.
 */
export function expand(top: Module, { shallow = false }: ExpandOptions = {}): Expansion {
  const nodes = new Map<string, SignalNode>();
  const modules = new Map<string, { readonly site: string; readonly paths: Set<string> }>();

  const visitModule = (module: Module, path: string, values: Values): void => {
    const seen = modules.get(module.name) ?? { site: module.site, paths: new Set() };
    modules.set(module.name, seen);
    seen.paths.add(path);
    const root: Block = { outer: null, prefix: '', names: new Map() };
    const clocked = new Set(clockedTargets(module.items));
    const declare = (block: Block, name: string, kind: SignalKind, site: string): SignalNode => {
      const inside = `${block.prefix}${name}`;
      block.names.set(name, inside);
      const node = nodes.get(`${path}.${inside}`) ?? {
        ...{ module: module.name, name: inside, kind, site },
        ...{ drivers: new Set(), from: new Set(), computes: false },
      };
      nodes.set(`${path}.${inside}`, node);
      return node;
    };
    for (const [name, port] of Object.entries(module.ports)) {
      declare(root, name, clocked.has(name) ? 'register' : 'wire', port.site);
    }
    visitItems(module.items, root);

    function visitItems(items: readonly Item[], block: Block): void {
      for (const item of items) {
        if (item.kind === 'signal') {
          declare(block, item.name, item.storage === 'reg' ? 'register' : 'wire', item.site);
        } else if (item.kind === 'memory') declare(block, item.name, 'memory', item.site);
        else if (item.kind === 'unused') declare(block, item.name, 'wire', item.site);
      }
      for (const item of items) visitItem(item, block);
    }

    function visitItem(item: Item, block: Block): void {
      switch (item.kind) {
        case 'signal':
          if (item.value !== null) drive(item.name, item.value, item.site, block);
          return;
        case 'assign':
          drive(targetName(item.target), item.value, item.site, block);
          return;
        case 'always':
          for (const statement of item.body) visitStatement(statement, block);
          return;
        case 'instance': {
          declare(block, item.name, 'instance', item.site);
          const below = `${path}.${block.prefix}${item.name}`;
          if (!shallow) visitModule(item.module, below, passedOn(item, values));
          for (const [name, value] of Object.entries(item.ports)) {
            const port = `${below}.${name}`;
            if (item.module.ports[name]?.direction === 'output') {
              const target = nodes.get(pathOf(targetName(value), block));
              target?.drivers.add(item.site);
              target?.from.add(port);
            } else if (nodes.has(port)) {
              take(nodes.get(port) as SignalNode, value, item.site, block);
            }
          }
          return;
        }
        case 'for': {
          const count = known(item.count, values);
          const range = count === undefined ? '*' : count === 1 ? '0' : `0:${count - 1}`;
          visitItems(item.items, inner(block, `${item.label}[${range}]`, item.label));
          return;
        }
        case 'if': {
          const [a, b] = [known(item.a, values), known(item.b, values)];
          const decided = a !== undefined && b !== undefined;
          const yes = decided && chosen(item, (name) => values.get(name) as number);
          if (!decided || yes) visitItems(item.then, inner(block, item.label));
          if (!decided || !yes) visitItems(item.otherwise, inner(block, item.otherwiseLabel));
          return;
        }
        default:
      }
    }

    function visitStatement(statement: Statement, block: Block): void {
      if (statement.kind === 'set') {
        drive(targetName(statement.target), statement.value, statement.site, block);
      } else {
        for (const s of [...statement.then, ...statement.otherwise]) visitStatement(s, block);
      }
    }

    /** A block below, which the names above see by its label. */
    function inner(outer: Block, place: string, label = place): Block {
      const prefix = `${outer.prefix}${place}.`;
      outer.names.set(label, prefix);
      return { outer, prefix, names: new Map() };
    }

    /** Empty for a parameter. */
    function pathOf(name: string, block: Block): string {
      for (let at: Block | null = block; at !== null; at = at.outer) {
        const inside = at.names.get(name);
        if (inside !== undefined) return `${path}.${inside}`;
      }
      return '';
    }

    function drive(name: string, value: Expr, site: string, block: Block): void {
      const node = nodes.get(pathOf(name, block));
      if (node !== undefined) take(node, value, site, block);
    }

    function take(node: SignalNode, value: Expr, site: string, block: Block): void {
      const { reads, computes } = dataOf(value);
      node.drivers.add(site);
      node.computes ||= computes;
      for (const { label, name } of reads) {
        const from = label === null ? pathOf(name, block) : `${pathOf(label, block)}${name}`;
        if (from !== '') node.from.add(from);
      }
    }
  };

  visitModule(top, top.name, defaults(top));
  return { nodes, modules };
}

function defaults(module: Module): Values {
  return new Map(
    Object.entries(module.parameters).flatMap(([name, p]) =>
      p.kind === 'integer' ? [[name, p.value] as const] : [],
    ),
  );
}

/** Values of the parameters of an instance; one that a loop variable decides has none. */
function passedOn(item: Extract<Item, { kind: 'instance' }>, values: Values): Values {
  const given = Object.entries(item.parameters).map(([name, value]) =>
    'terms' in value ? ([name, known(value, values)] as const) : ([name, undefined] as const),
  );
  const all = new Map<string, number | undefined>([...defaults(item.module), ...given]);
  return new Map([...all].flatMap(([k, v]) => (v === undefined ? [] : [[k, v] as const])));
}

class LoopVariable extends Error {}

/** The number that an integer is, where no loop variable is in it. */
function known(value: Int, values: Values): number | undefined {
  try {
    return value.evaluate((name) => {
      const number = values.get(name);
      if (number === undefined) throw new LoopVariable(name);
      return number;
    });
  } catch (error) {
    if (error instanceof LoopVariable) return undefined;
    throw error;
  }
}
