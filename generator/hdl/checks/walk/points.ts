import type { Module } from '../../module.js';
import { type Uses, usesOf } from '../use/uses.js';
import { broken } from './broken.js';
import { type Elaborated, elaborate } from './elaborate.js';
import type { NameScope } from './scopes.js';

/** What the checks look at: what a module says, and its elaborations. */
export interface Subject {
  readonly module: Module;
  readonly uses: Uses;
  /** At the defaults of its parameters first, then at the values with which instances use it. */
  readonly points: readonly Elaborated[];
  /** Elaborations of the modules below. */
  readonly elaborations: Elaborations;
}

/** Elaborations of a hierarchy: one for every module and every combination of parameter values in use. */
export class Elaborations {
  private readonly uses = new Map<Module, Uses>();
  private readonly elaborated = new Map<Module, Map<string, Elaborated>>();

  usesOf(module: Module): Uses {
    const known = this.uses.get(module) ?? usesOf(module);
    this.uses.set(module, known);
    return known;
  }

  at(module: Module, values: ReadonlyMap<string, number>): Elaborated {
    const known = this.elaborated.get(module) ?? new Map<string, Elaborated>();
    this.elaborated.set(module, known);
    const key = [...values].join(';');
    const there = known.get(key) ?? elaborate(module, this.scope(module), values);
    known.set(key, there);
    return there;
  }

  atDefaults(module: Module): Elaborated {
    const values = Object.entries(module.parameters).flatMap(([name, p]) =>
      p.kind === 'integer' ? [[name, p.value] as const] : [],
    );
    return this.at(module, new Map(values));
  }

  private scope(module: Module): NameScope {
    return this.usesOf(module).scope;
  }
}

/** Every module with its elaborations. Values outside of a declared range are complained about and not elaborated. */
export function subjectsOf(modules: readonly Module[]): readonly Subject[] {
  const elaborations = new Elaborations();
  const points = new Map<Module, Set<Elaborated>>(modules.map((m) => [m, new Set()]));
  const visit = (elaborated: Elaborated): void => {
    const known = points.get(elaborated.module);
    if (known === undefined || known.has(elaborated) || !inRange(elaborated)) return;
    known.add(elaborated);
    for (const { item, values } of elaborated.instances) {
      if (!points.has(item.module) || !allowed(item.module, values)) continue;
      visit(elaborations.at(item.module, values));
    }
  };
  for (const module of modules) {
    const values = new Map(Object.entries(module.parameters).map(([n, p]) => [n, p.value]));
    if (allowed(module, values)) visit(elaborations.atDefaults(module));
  }
  return modules.map((module) => ({
    ...{ module, elaborations },
    uses: elaborations.usesOf(module),
    points: [...(points.get(module) as Set<Elaborated>)],
  }));
}

function inRange({ module, values }: Elaborated): boolean {
  return allowed(module, values);
}

/** Whether every integer has a value inside its declared range, and they are to each other as they have to be. */
export function allowed(module: Module, values: ReadonlyMap<string, number | string>): boolean {
  const inside = Object.entries(module.parameters).every(([name, p]) => {
    const value = values.get(name);
    return p.kind === 'text' || (typeof value === 'number' && value >= p.least && value <= p.most);
  });
  return inside && broken(module, values).length === 0;
}

/** The values of a point where they are not the defaults, for a complaint; empty at the defaults. */
export function showPoint({ module, values }: Elaborated): string {
  const others = [...values].filter(([name, value]) => module.parameters[name]?.value !== value);
  return others.length === 0 ? '' : ` (at ${others.map(([n, v]) => `${n} = ${v}`).join(', ')})`;
}
