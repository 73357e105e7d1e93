import type { Expr } from '../../expr.js';
import { Int } from '../../int.js';
import type { Item, Module, Statement } from '../../module.js';
import { chosen } from '../../verilog/lower.js';
import { type Reference, targetOf } from './exprs.js';
import type { Declared, NameScope } from './scopes.js';

/** One signal or memory of an elaborated module; inside a generate loop, that of one iteration. */
export interface Signal {
  readonly declared: Declared;
  /** As the author reads it: `g_lane[2].word`. */
  readonly name: string;
  readonly width: number;
  readonly depth: number;
  readonly drives: Drive[];
}

/** Bits low ... high - 1 of a signal, driven by one assignment, instance or always block. */
export interface Drive {
  readonly low: number;
  readonly high: number;
  readonly by: object;
  readonly clocked: boolean;
  readonly site: string;
  readonly source: Source;
}

/** Where driven bits come from. */
export type Source =
  | { readonly kind: 'value'; readonly value: Expr; readonly place: ScopeRound }
  | { readonly kind: 'output'; readonly instance: Instance; readonly port: string };

/** What the names at a place mean, in one iteration of the loops around it. */
export interface ScopeRound {
  readonly signals: ReadonlyMap<string, Signal>;
  readonly blocks: ReadonlyMap<string, readonly ScopeRound[]>;
  /** Values of parameters and loop variables; NaN for other names. */
  readonly at: (name: string) => number;
  readonly prefix: string;
}

export interface Instance {
  readonly item: Extract<Item, { kind: 'instance' }>;
  readonly place: ScopeRound;
  /** Values of the integer parameters of its module. */
  readonly values: ReadonlyMap<string, number>;
}

/** A module with numbers for its parameters: generate loops unrolled, the branch taken of every condition. */
export interface Elaborated {
  readonly module: Module;
  readonly values: ReadonlyMap<string, number>;
  readonly signals: readonly Signal[];
  readonly ports: ReadonlyMap<string, Signal>;
  readonly instances: readonly Instance[];
  readonly reads: readonly {
    readonly value: Expr;
    readonly place: ScopeRound;
    readonly site: string;
  }[];
  /** What drives a part: its place must lie inside the signal too. */
  readonly targets: readonly {
    readonly target: Reference;
    readonly place: ScopeRound;
    readonly site: string;
  }[];
}

interface Draft {
  readonly signals: Signal[];
  readonly instances: Instance[];
  readonly reads: { value: Expr; place: ScopeRound; site: string }[];
  readonly targets: { target: Reference; place: ScopeRound; site: string }[];
}

export function elaborate(
  module: Module,
  scope: NameScope,
  values: ReadonlyMap<string, number>,
): Elaborated {
  const draft: Draft = { signals: [], instances: [], reads: [], targets: [] };
  const at = (name: string): number => values.get(name) ?? Number.NaN;
  const ports = new Map(
    Object.keys(module.ports).map((name) => {
      const signal = signalOf(scope.names.get(name) as Declared, at, '');
      return [name, signal] as const;
    }),
  );
  draft.signals.push(...ports.values());
  unroll(module.items, scope, { signals: ports, blocks: new Map(), at, prefix: '' }, draft);
  return { module, values, ports, ...draft };
}

/** The signal behind a name at a place; undefined for parameters and what is not there. */
export function signalAt(node: Reference, place: ScopeRound): Signal | undefined {
  if (node.kind !== 'inBlock') return place.signals.get(node.name);
  return place.blocks.get(node.label)?.[node.index.evaluate(place.at)]?.signals.get(node.name);
}

function signalOf(declared: Declared, at: ScopeRound['at'], prefix: string): Signal {
  const { width, depth } = declared;
  const name = `${prefix}${declared.name}`;
  return { declared, name, width: width.evaluate(at), depth: depth.evaluate(at), drives: [] };
}

function unroll(
  items: readonly Item[],
  scope: NameScope,
  outer: ScopeRound,
  draft: Draft,
): ScopeRound {
  const { at, prefix } = outer;
  const signals = new Map(outer.signals);
  const blocks = new Map(outer.blocks);
  const place: ScopeRound = { signals, blocks, at, prefix };
  for (const item of items) {
    if (item.kind !== 'signal' && item.kind !== 'memory') continue;
    const declared = scope.names.get(item.name) as Declared;
    if (signals.get(item.name)?.declared === declared) continue;
    const signal = signalOf(declared, at, prefix);
    signals.set(item.name, signal);
    draft.signals.push(signal);
  }
  for (const item of items) elaborateItem(item, scope, place, draft, blocks);
  return place;
}

function elaborateItem(
  item: Item,
  scope: NameScope,
  place: ScopeRound,
  draft: Draft,
  blocks: Map<string, readonly ScopeRound[]>,
): void {
  const { at, prefix } = place;
  const { site } = item;
  const read = (value: Expr): unknown => draft.reads.push({ value, place, site });
  const inner = (below: readonly Item[]): NameScope => scope.inner.get(below) as NameScope;
  switch (item.kind) {
    case 'signal': {
      const { value } = item;
      if (value === null) return;
      read(value);
      const signal = place.signals.get(item.name) as Signal;
      const source: Source = { kind: 'value', value, place };
      signal.drives.push({ low: 0, high: signal.width, by: {}, clocked: false, site, source });
      return;
    }
    case 'assign':
      read(item.value);
      drive(item.target, place, draft, {
        ...{ by: {}, clocked: false, site },
        source: { kind: 'value', value: item.value, place },
      });
      return;
    case 'always': {
      const by = {};
      read(item.clock);
      for (const s of item.body) elaborateStatement(s, place, draft, by);
      return;
    }
    case 'instance': {
      const instance: Instance = { item, place, values: valuesOf(item, at) };
      draft.instances.push(instance);
      for (const [port, value] of Object.entries(item.ports)) {
        if (item.module.ports[port]?.direction !== 'output') read(value);
        else
          drive(value, place, draft, {
            ...{ by: {}, clocked: false, site },
            source: { kind: 'output', instance, port },
          });
      }
      return;
    }
    case 'unused':
      for (const value of item.values) read(value);
      return;
    case 'for': {
      const count = item.count.evaluate(at);
      const iterations: ScopeRound[] = [];
      blocks.set(item.label, iterations);
      for (let i = 0; i < count; i++) {
        const numbers = (name: string): number => (name === item.variable ? i : at(name));
        const outer = { ...place, at: numbers, prefix: `${prefix}${item.label}[${i}].` };
        iterations.push(unroll(item.items, inner(item.items), outer, draft));
      }
      return;
    }
    case 'if': {
      const taken = chosen(item, at);
      const label = taken ? item.label : item.otherwiseLabel;
      const below = taken ? item.then : item.otherwise;
      unroll(below, inner(below), { ...place, prefix: `${prefix}${label}.` }, draft);
    }
  }
}

function elaborateStatement(s: Statement, place: ScopeRound, draft: Draft, by: object): void {
  const { site } = s;
  if (s.kind === 'set') {
    draft.reads.push({ value: s.value, place, site });
    const source: Source = { kind: 'value', value: s.value, place };
    drive(s.target, place, draft, { by, clocked: true, site, source });
    return;
  }
  draft.reads.push({ value: s.test, place, site });
  for (const inner of [...s.then, ...s.otherwise]) elaborateStatement(inner, place, draft, by);
}

function drive(
  value: Expr,
  place: ScopeRound,
  draft: Draft,
  what: Omit<Drive, 'low' | 'high'>,
): void {
  const target = targetOf(value);
  if (target === null) return;
  draft.targets.push({ target, place, site: what.site });
  if (target.kind === 'select') {
    draft.reads.push({ value: target.index, place, site: what.site });
  }
  const signal = signalAt(target, place);
  if (signal === undefined) return;
  const low = target.kind === 'part' ? target.base.evaluate(place.at) : 0;
  const high = target.kind === 'part' ? low + target.width.evaluate(place.at) : signal.width;
  signal.drives.push({ ...what, low, high });
}

function valuesOf(
  { module, parameters }: Instance['item'],
  at: (name: string) => number,
): ReadonlyMap<string, number> {
  const values = new Map<string, number>();
  for (const [name, parameter] of Object.entries(module.parameters)) {
    if (parameter.kind !== 'integer') continue;
    const given = parameters[name];
    values.set(name, given instanceof Int ? given.evaluate(at) : parameter.value);
  }
  return values;
}
