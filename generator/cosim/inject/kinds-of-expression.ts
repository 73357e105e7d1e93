import type { Change } from './change.js';
import { isTarget, type Statements } from './statements.js';
import { type ModuleText, range, type Span } from './text.js';

const BINARY: Readonly<Record<string, readonly string[]>> = {
  '+': ['-'],
  '-': ['+'],
  '*': ['+'],
  '/': ['*'],
  '&': ['|', '^'],
  '|': ['&', '^'],
  '^': ['~^', '|'],
  '&&': ['||'],
  '||': ['&&'],
  '==': ['!='],
  '!=': ['=='],
  '<': ['<=', '>='],
  '<=': ['<', '>'],
  '>': ['>=', '<='],
  '>=': ['>', '<'],
  '<<': ['>>'],
  '>>': ['<<'],
  '<<<': ['>>>'],
  '>>>': ['>>'],
};
const UNARY: Readonly<Record<string, readonly string[]>> = {
  '!': [''],
  '~': [''],
  '-': [''],
  '&': ['|'],
  '|': ['&'],
  '^': ['&'],
};

/** Another operator, or none; operands of what is not commutative change places. */
export function* operators(text: ModuleText): Generator<Change> {
  for (const { i, token } of changeable(text)) {
    if (token.kind !== 'sign' || (token.text === '<=' && isTarget(text, i))) continue;
    const { start, end } = token;
    const binary = endsOperand(text, i - 1);
    for (const to of (binary ? BINARY : UNARY)[token.text] ?? []) yield { start, end, to };
    if (!binary || !/^(-|<<|>>>?|<|>|<=|>=)$/.test(token.text)) continue;
    const [left, right] = [operandBefore(text, i), operandAfter(text, i)];
    if (right !== null) yield exchange(text, left, right);
  }
}

/** One more, one less, nothing. */
export function* constants(text: ModuleText, { assignments }: Statements): Generator<Change> {
  const resets = assignments.filter(({ inReset }) => inReset);
  const brackets = [...text.mate].filter(([open, close]) => open < close && text.at(open) === '[');
  for (const { i, token } of changeable(text)) {
    if (token.kind !== 'number' || brackets.some(within(i))) continue;
    if (resets.some(({ whole }) => whole.first <= i && i <= whole.last)) continue;
    for (const to of others(token.text)) yield { start: token.start, end: token.end, to };
  }
}

/** Bounds of a part of a word, or the bit taken, one higher or lower. */
export function* slices(text: ModuleText): Generator<Change> {
  for (const { i, token } of changeable(text)) {
    if (token.text !== '[') continue;
    const close = text.mate.get(i) as number;
    const colon = text.find(i + 1, [':', '+:', '-:']);
    const split = colon < close;
    const first = { first: i + 1, last: (split ? colon : close) - 1 };
    const second = { first: colon + 1, last: close - 1 };
    for (const by of [' + 1', ' - 1']) {
      yield replaced(text, first, `(${text.slice(first)})${by}`);
      if (!split || text.at(colon) !== ':') continue;
      yield replaced(text, second, `(${text.slice(second)})${by}`);
      yield replaced(
        text,
        { first: first.first, last: second.last },
        `(${text.slice(first)})${by}:(${text.slice(second)})${by}`,
      );
    }
  }
}

/** Two neighbours of a concatenation change places. */
export function* concatenations(text: ModuleText): Generator<Change> {
  for (const { i, token } of changeable(text)) {
    if (token.text !== '{') continue;
    const close = text.mate.get(i) as number;
    let from = i + 1;
    let before: Span | null = null;
    while (from < close) {
      const next = Math.min(text.find(from, [',']), close);
      const part = { first: from, last: next - 1 };
      if (before !== null && text.slice(before) !== text.slice(part)) {
        yield exchange(text, before, part);
      }
      before = part;
      from = next + 1;
    }
  }
}

export function replaced(text: ModuleText, { first, last }: Span, to: string): Change {
  return { start: text.tokens[first]?.start ?? 0, end: text.tokens[last]?.end ?? 0, to };
}

export function exchange(text: ModuleText, a: Span, b: Span): Change {
  const between = text.text.slice(text.tokens[a.last]?.end, text.tokens[b.first]?.start);
  return replaced(
    text,
    { first: a.first, last: b.last },
    `${text.slice(b)}${between}${text.slice(a)}`,
  );
}

function* changeable(text: ModuleText) {
  for (const i of range(0, text.tokens.length - 1)) {
    const token = text.tokens[i];
    if (token !== undefined && !text.leaves(i)) yield { i, token };
  }
}

/** An operand ends here: what follows is a binary operator. */
function endsOperand(text: ModuleText, i: number): boolean {
  const { kind, text: word } = text.tokens[i] ?? { kind: 'sign', text: '' };
  if (kind === 'word') return !/^(begin|else|assign|return)$/.test(word);
  return kind === 'number' || /^[)\]}]$/.test(word);
}

function operandBefore(text: ModuleText, i: number): Span {
  let first = i - 1;
  while (text.at(first) === ']') first = (text.mate.get(first) as number) - 1;
  if (/^[)}]$/.test(text.at(first))) first = text.mate.get(first) as number;
  if (text.at(first - 1).startsWith('$')) first--;
  return { first, last: i - 1 };
}

/** Null where the operand is not a simple one. */
function operandAfter(text: ModuleText, i: number): Span | null {
  let last = i + 1;
  if (text.at(last).startsWith('$')) last++;
  if (/^[({]$/.test(text.at(last))) last = text.mate.get(last) as number;
  else if (!/^\w/.test(text.at(last))) return null;
  while (text.at(last + 1) === '[') last = text.mate.get(last + 1) as number;
  return { first: i + 1, last };
}

/** Between the brackets of a part of a word or of a bit: that is a slice. */
const within =
  (i: number) =>
  ([open, close]: readonly [number, number]): boolean =>
    open < i && i < close;

/** The number of a literal with its width and base kept. */
function others(literal: string): readonly string[] {
  const [, width, , base = 'd', digits = literal] = /^(\d*)\s*('[sS]?)([bodhBODH])(.*)$/.exec(
    literal,
  ) ?? [null, '', '', undefined, undefined];
  const radix = { b: 2, o: 8, d: 10, h: 16 }[base.toLowerCase()] ?? 10;
  const value = Number.parseInt(digits.replaceAll('_', ''), radix);
  if (Number.isNaN(value)) return [];
  const size = width === '' ? 2 ** 31 : 2 ** Number(width);
  const text = (n: number) => {
    const wrapped = ((n % size) + size) % size;
    const shown = literal.includes("'")
      ? literal.replace(/([bodhBODH]).*$/, (_, b) => b + wrapped.toString(radix))
      : String(wrapped);
    return { wrapped, shown };
  };
  const wanted = [value + 1, ...(value > 0 || width !== '' ? [value - 1] : []), 0].map(text);
  const kept = wanted.filter(({ wrapped }) => wrapped !== value).map(({ shown }) => shown);
  return [...new Set(kept)];
}
