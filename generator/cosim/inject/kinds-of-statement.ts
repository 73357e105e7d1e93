import type { Change } from './change.js';
import { exchange, replaced } from './kinds-of-expression.js';
import { declared, type Statements } from './statements.js';
import { type ModuleText, range } from './text.js';

/** A register loses its reset or gets the complement; a reset that never comes to a block or an expression. */
export function* resets(
  text: ModuleText,
  { assignments, conditions, pins }: Statements,
): Generator<Change> {
  for (const { inReset, whole, right } of assignments) {
    if (!inReset) continue;
    yield replaced(text, whole, ';');
    yield replaced(text, right, `~(${text.slice(right)})`);
  }
  const conditional = conditions.filter(({ reset }) => reset).map(({ condition }) => condition);
  const values = [...assignments.map(({ right }) => right), ...pins.map(({ value }) => value)];
  for (const span of [...values, ...conditional]) {
    for (const i of range(span.first, span.last)) {
      if (text.at(i) === 'rst') yield replaced(text, { first: i, last: i }, "1'b0");
    }
  }
}

/** A condition of a clocked block is the opposite, or always true, or never. */
export function* branches(text: ModuleText, { conditions }: Statements): Generator<Change> {
  for (const { reset, condition } of conditions) {
    if (reset) continue;
    yield replaced(text, condition, `!(${text.slice(condition)})`);
    yield replaced(text, condition, "1'b1");
    yield replaced(text, condition, "1'b0");
  }
}

/** An assignment is left out; an enable is always there; a signal is another one of the same width. */
export function* operands(text: ModuleText, { assignments, pins }: Statements): Generator<Change> {
  const widths = declared(text);
  for (const { clocked, inReset, whole } of assignments) {
    if (clocked && !inReset) yield replaced(text, whole, ';');
  }
  for (const { name, value } of pins) {
    const free = /(^|_)enable$/.test(name) && text.slice(value) !== "1'b1";
    if (free) yield replaced(text, value, "1'b1");
  }
  const used = assignments.filter(({ inReset }) => !inReset).map(({ right }) => right);
  for (const span of [...used, ...pins.map(({ value }) => value)]) {
    for (const i of range(span.first, span.last)) {
      const name = text.at(i);
      const width = widths.get(name);
      if (width === undefined || text.leaves(i) || text.at(i - 1) === '.') continue;
      if (name === 'clk' || name === 'rst') continue;
      for (const [other, its] of widths) {
        if (its !== width || other === name || /^(clk|rst|unused_.*)$/.test(other)) continue;
        yield replaced(text, { first: i, last: i }, other);
      }
    }
  }
}

/** The two values of a choice change places, or one of them is always taken. */
export function* ternaries(text: ModuleText): Generator<Change> {
  for (const i of range(0, text.tokens.length - 1)) {
    if (text.at(i) !== '?' || text.leaves(i)) continue;
    const colon = colonOf(text, i);
    const [yes, no] = [
      { first: i + 1, last: colon - 1 },
      { first: colon + 1, last: expressionEnd(text, colon + 1) },
    ];
    yield exchange(text, yes, no);
    const condition = { first: expressionStart(text, i), last: i - 1 };
    yield replaced(text, condition, "1'b1");
    yield replaced(text, condition, "1'b0");
  }
}

/** The colon that belongs to the question mark at `index`. */
function colonOf(text: ModuleText, index: number): number {
  const next = text.find(index + 1, ['?', ':']);
  return text.at(next) === ':' ? next : text.find(colonOf(text, next) + 1, [':']);
}

function expressionEnd(text: ModuleText, from: number): number {
  return text.find(from, [';', ',', ')', ']', '}', ':']) - 1;
}

function expressionStart(text: ModuleText, from: number): number {
  let first = from;
  const stops = /^([;,([{?:=]|<=|return)$/;
  while (!stops.test(text.at(first - 1))) {
    const mate = text.mate.get(first - 1);
    first = mate !== undefined && mate < first ? mate : first - 1;
  }
  return first;
}
