import { type Token, tokens } from './tokens.js';

const PAIRS: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{', end: 'begin' };
const OPENING = new Set(Object.values(PAIRS));

/** Tokens first ... last of a text, both included. */
export interface Span {
  readonly first: number;
  readonly last: number;
}

/** The text of one module with what the kinds of mutation ask of it. */
export class ModuleText {
  readonly tokens: readonly Token[];
  /** Index of the other one of a pair of brackets, or of begin and end. */
  readonly mate: ReadonlyMap<number, number>;
  /** Tokens around which nothing is changed. */
  readonly #left: boolean[];

  /** `name`: of the module without that of its design. */
  constructor(
    readonly name: string,
    readonly text: string,
  ) {
    this.tokens = tokens(text);
    this.mate = mates(this.tokens);
    this.#left = this.tokens.map(({ kind }) => kind === 'directive' || kind === 'string');
    for (const { first, last } of leftAlone(this)) this.#left.fill(true, first, last + 1);
  }

  at(index: number): string {
    return this.tokens[index]?.text ?? '';
  }

  leaves(index: number): boolean {
    return this.#left[index] ?? true;
  }

  /** The characters of a span as they stand. */
  slice({ first, last }: Span): string {
    return this.text.slice(this.tokens[first]?.start, this.tokens[last]?.end);
  }

  /** First index at or behind `from` whose token is one of `texts`, brackets passed over; the end where there is none. */
  find(from: number, texts: readonly string[]): number {
    let index = from;
    while (index < this.tokens.length && !texts.includes(this.at(index))) {
      const mate = this.mate.get(index);
      index = mate !== undefined && mate > index ? mate + 1 : index + 1;
    }
    return index;
  }

  /** What `if (...)`, `always @(...)` and the like at `index` stand before: one statement, or from begin to end. */
  body(index: number): Span {
    let first = index;
    while (!this.mate.has(first)) first++;
    first = (this.mate.get(first) as number) + 1;
    if (this.at(first) !== 'begin') return { first, last: this.find(first, [';']) };
    return { first, last: this.mate.get(first) as number };
  }
}

function mates(all: readonly Token[]): Map<number, number> {
  const found = new Map<number, number>();
  const open: number[] = [];
  all.forEach(({ text }, index) => {
    if (OPENING.has(text)) open.push(index);
    const opening = PAIRS[text];
    if (opening === undefined) return;
    const from = open.pop();
    if (from === undefined || all[from]?.text !== opening) throw new Error(`no ${opening} before`);
    found.set(from, index);
    found.set(index, from);
  });
  return found;
}

/**
 * What is left as it is: the header with its parameters and ports; guards that only refuse parameters; widths of
 * declarations and of replications, which lint compares with their use; loops; wires that only say what is not used.
 */
function* leftAlone(text: ModuleText): Generator<Span> {
  const from = text.tokens.findIndex((token) => token.text === 'module');
  yield { first: 0, last: text.find(from, [';']) };
  for (let i = 0; i < text.tokens.length; i++) {
    const word = text.at(i);
    if (word === 'if') {
      const guard = guardAt(text, i);
      if (guard !== null) yield guard;
    } else if (word === 'for') {
      yield { first: i, last: text.mate.get(i + 1) as number };
    } else if (/^(wire|reg|integer|genvar)$/.test(word)) {
      const last = text.find(i, ['=', ';']) - 1;
      const unused = [...range(i, last)].some((k) => text.at(k).startsWith('unused_'));
      yield { first: i, last: unused ? text.find(i, [';']) : last };
    } else if (word === '{') {
      const inner = text.find(i + 1, [',', '{', '}']);
      if (text.at(inner) === '{' && inner > i + 1) yield { first: i, last: inner };
    }
  }
}

/** `if (...) NAME parameter_error ();`, with or without begin, else null. */
function guardAt(text: ModuleText, index: number): Span | null {
  const { first, last } = text.body(index);
  const inside = [...range(first, last)].map((i) => text.at(i));
  const guard = inside.includes('parameter_error') && !inside.includes('if');
  return guard ? { first: index, last } : null;
}

/** Integers from ... to, both included. */
export function* range(from: number, to: number): Generator<number> {
  for (let i = from; i <= to; i++) yield i;
}
