import { type ModuleText, range, type Span } from './text.js';

/** An assignment: `left <= right;` in a clocked block, `assign left = right;`, or the value of a declaration. */
export interface Assignment {
  readonly clocked: boolean;
  /** It stands where `rst` is high. */
  readonly inReset: boolean;
  /** With its semicolon. */
  readonly whole: Span;
  readonly left: Span;
  readonly right: Span;
}

/** A condition of a clocked block: `if (condition) ...`. */
export interface Condition {
  readonly reset: boolean;
  readonly condition: Span;
}

/** What a module does, as far as the kinds of mutation ask. */
export interface Statements {
  readonly assignments: readonly Assignment[];
  readonly conditions: readonly Condition[];
  /** Expressions at the pins of instances; `name` of the pin. */
  readonly pins: readonly { readonly name: string; readonly value: Span }[];
}

export function statements(text: ModuleText): Statements {
  const clocked: Span[] = [];
  const resets: Span[] = [];
  const conditions: Condition[] = [];
  const assignments: Assignment[] = [];
  const pins: { name: string; value: Span }[] = [];
  const inside = (spans: readonly Span[], i: number) =>
    spans.some(({ first, last }) => first <= i && i <= last);
  for (let i = 0; i < text.tokens.length; i++) {
    const word = text.at(i);
    if (word === 'always') clocked.push(text.body(i));
    if (text.leaves(i) && !/^(wire|reg)$/.test(word)) continue;
    if (word === 'if' && inside(clocked, i)) {
      const condition = { first: i + 2, last: (text.mate.get(i + 1) as number) - 1 };
      const reset = text.slice(condition) === 'rst';
      conditions.push({ reset, condition });
      if (reset) resets.push(text.body(i));
    } else if (word === '<=' && inside(clocked, i) && isTarget(text, i)) {
      const first = targetStart(text, i);
      const end = text.find(i, [';']);
      assignments.push({
        ...{ clocked: true, inReset: inside(resets, i), whole: { first, last: end } },
        left: { first, last: i - 1 },
        right: { first: i + 1, last: end - 1 },
      });
    } else if (/^(assign|wire|localparam)$/.test(word)) {
      const [equals, end] = [text.find(i, ['=', ';']), text.find(i, [';'])];
      if (text.at(equals) !== '=' || text.leaves(end)) continue;
      assignments.push({
        ...{ clocked: false, inReset: false, whole: { first: i, last: end } },
        left: { first: i + 1, last: equals - 1 },
        right: { first: equals + 1, last: end - 1 },
      });
    } else if (word === '.' && text.at(i + 2) === '(') {
      const last = (text.mate.get(i + 2) as number) - 1;
      if (last > i + 2) pins.push({ name: text.at(i + 1), value: { first: i + 3, last } });
    }
  }
  return { assignments, conditions, pins };
}

/** True where `<=` assigns: what stands before it is a name at the start of a statement. */
export function isTarget(text: ModuleText, index: number): boolean {
  const first = targetStart(text, index);
  if (!/^(\w+|\{)$/.test(text.at(first))) return false;
  const before = text.at(first - 1);
  // behind a condition, or the label of a block
  return /^(;|begin|end|else|\))$/.test(before) || text.at(first - 2) === ':';
}

function targetStart(text: ModuleText, index: number): number {
  let first = index - 1;
  while (text.at(first) === ']') first = (text.mate.get(first) as number) - 1;
  return text.at(first) === '}' ? (text.mate.get(first) as number) : first;
}

/** Signals of a module by name, with the text of their width: `signed [7:0]`. */
export function declared(text: ModuleText): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const i of range(0, text.tokens.length - 1)) {
    if (!/^(wire|reg)$/.test(text.at(i))) continue;
    let next = i + 1;
    if (text.at(next) === 'signed') next++;
    if (text.at(next) === '[') next = (text.mate.get(next) as number) + 1;
    // a memory is no signal
    if (text.at(next + 1) === '[') continue;
    const width = next === i + 1 ? '' : text.slice({ first: i + 1, last: next - 1 });
    found.set(text.at(next), width.replace(/\s+/g, ' '));
  }
  return found;
}
