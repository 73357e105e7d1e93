import { type Int, int, parameterInt } from '../int.js';
import type { Item, Module, Parameter, Type } from '../module.js';

/** Numbers for the integer parameters of a module; those left out keep their defaults. */
export type Values = Readonly<Record<string, number>>;

/** What a name stands for where it is read: a declaration, or an integer that was folded. */
export type Meaning =
  | { readonly kind: 'signal'; readonly type: Type }
  | { readonly kind: 'integer'; readonly value: Int };

/** Names that are visible in one scope of a module, with the numbers of its parameters. */
export interface FoldScope {
  readonly numbers: ReadonlyMap<string, number>;
  readonly names: ReadonlyMap<string, Meaning>;
}

/** Whether numbers stand in place of a parameter. */
export function isFolded(p: Parameter | undefined): boolean {
  return p?.kind === 'integer' && p.stays !== true;
}

/** The integer parameters of a module with the numbers they take. */
export function numbersOf(module: Module, values: Values): ReadonlyMap<string, number> {
  for (const name of Object.keys(values)) {
    if (!isFolded(module.parameters[name])) {
      throw new RangeError(`${module.name} has no integer parameter ${name} to be specialised`);
    }
  }
  return new Map(
    Object.entries(module.parameters).flatMap(([name, p]) =>
      p.kind === 'integer' && isFolded(p) ? [[name, values[name] ?? p.value] as const] : [],
    ),
  );
}

/** An elaboration-time integer with parameters and localparams as numbers; generate variables are left, and
 * parameters that stay. */
export function folded(value: Int, { numbers }: FoldScope): Int {
  return value.substitute((name) => {
    const number = numbers.get(name);
    return number === undefined ? parameterInt(name) : int(number);
  });
}

/** The scope of a module: its parameters and ports. */
export function outermost(module: Module, numbers: ReadonlyMap<string, number>): FoldScope {
  const names = new Map<string, Meaning>();
  for (const [name, value] of numbers) names.set(name, { kind: 'integer', value: int(value) });
  const place = { numbers, names };
  for (const [name, { type }] of Object.entries(module.ports)) {
    names.set(name, { kind: 'signal', type: foldedType(type, place) });
  }
  return place;
}

/** The scope of a list of items inside another one. */
export function inside(outer: FoldScope, items: readonly Item[]): FoldScope {
  const names = new Map(outer.names);
  const place = { ...outer, names };
  for (const item of items) {
    if (item.kind === 'signal') {
      names.set(item.name, { kind: 'signal', type: foldedType(item.type, place) });
    }
    if (item.kind === 'local') {
      names.set(item.name, { kind: 'integer', value: folded(item.value, place) });
    }
  }
  return place;
}

export function foldedType<T extends Type>(type: T, place: FoldScope): T {
  return { ...type, width: folded(type.width, place) };
}
