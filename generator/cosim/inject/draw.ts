import { createHash } from 'node:crypto';
import type { Change } from './change.js';
import { KINDS, type Kind } from './kinds.js';
import { statements } from './statements.js';
import { ModuleText } from './text.js';

/** A change of one module of a design, described so that it is found again in another edition of the text. */
export interface Mutant extends Change {
  /** Without the name of the design. */
  readonly module: string;
  readonly kind: Kind;
  /** The line of the module where the change begins, white space reduced. */
  readonly line: string;
  /** How many such lines of the module stand before it. */
  readonly before: number;
  /** Characters of that line before the change, white space reduced. */
  readonly at: number;
  /** The text that is replaced, white space reduced. */
  readonly from: string;
}

/** What a mutant is known by. */
export type MutantKey = Omit<Mutant, 'kind' | 'start' | 'end'>;

/** What makes two mutants the same, whatever the lines between them. */
export function keyOf({ module, line, before, at, from, to }: MutantKey): string {
  return [module, line, before, at, from, reduced(to)].join(' | ');
}

/** All mutants of one module, by kind; a change that two kinds allow is of the first one. */
export function mutantsOf(module: string, text: string): ReadonlyMap<Kind, readonly Mutant[]> {
  const parsed = new ModuleText(module, text);
  const found = statements(parsed);
  const place = placesOf(text);
  const seen = new Set<string>();
  const byKind = new Map<Kind, readonly Mutant[]>();
  for (const kind of Object.keys(KINDS) as Kind[]) {
    const mutants: Mutant[] = [];
    for (const change of KINDS[kind](parsed, found)) {
      const same = `${change.start} ${change.end} ${change.to}`;
      if (seen.has(same) || text.slice(change.start, change.end) === change.to) continue;
      seen.add(same);
      mutants.push({ module, kind, ...change, ...place(change) });
    }
    if (mutants.length > 0) byKind.set(kind, mutants);
  }
  return byKind;
}

/** Where changes of a text are, told by lines and not by their numbers. */
function placesOf(text: string) {
  const seen = new Map<string, number>();
  const starts: number[] = [];
  let start = 0;
  const lines = text.split('\n').map((whole) => {
    starts.push(start);
    start += whole.length + 1;
    const line = reduced(whole);
    const before = seen.get(line) ?? 0;
    seen.set(line, before + 1);
    return { line, before };
  });
  return ({ start: from, end }: Change) => {
    let n = starts.length - 1;
    while ((starts[n] as number) > from) n--;
    const at = reduced(text.slice(starts[n], from)).length;
    return { ...(lines[n] as (typeof lines)[number]), at, from: reduced(text.slice(from, end)) };
  };
}

export function reduced(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

/**
 * Draws mutants without end, no one twice: module by module, and in each of them kind by kind, so that a small module
 * and a rare kind get as many as others while they last. The order is that of a hash of the seed and the key: most of a
 * draw stays when some lines of the Verilog change.
 */
export function* draw(texts: ReadonlyMap<string, string>, seed: number): Generator<Mutant> {
  const ordered = <T>(values: Iterable<T>, key: (value: T) => string): T[] =>
    [...values]
      .map((value) => ({ value, hash: hash(`${seed} ${key(value)}`) }))
      .sort((a, b) => (a.hash < b.hash ? -1 : 1))
      .map(({ value }) => value);
  const modules = ordered(texts.keys(), String).map((module) => {
    const byKind = mutantsOf(module, texts.get(module) as string);
    const kinds = ordered(byKind.keys(), (kind) => `${module} ${kind}`);
    return kinds.map((kind) => ordered(byKind.get(kind) ?? [], keyOf).reverse());
  });
  for (let turn = 0; modules.some((kinds) => kinds.length > 0); turn++) {
    for (const kinds of modules) {
      const left = kinds.filter((mutants) => mutants.length > 0);
      kinds.splice(0, kinds.length, ...left);
      const mutant = kinds[turn % kinds.length]?.pop();
      if (mutant !== undefined) yield mutant;
    }
  }
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** The text of a module with a change made. */
export function changed(text: string, { start, end, to }: Change): string {
  return text.slice(0, start) + to + text.slice(end);
}
