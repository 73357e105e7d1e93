/** An expression of TorchScript, as far as straight-line code needs it. */
export type Expression =
  | { readonly is: 'name'; readonly name: string }
  | { readonly is: 'number'; readonly value: number }
  | { readonly is: 'text'; readonly text: string }
  | { readonly is: 'list'; readonly items: readonly Expression[] }
  | { readonly is: 'member'; readonly of: Expression; readonly name: string }
  | { readonly is: 'item'; readonly of: Expression; readonly index: Expression }
  | {
      readonly is: 'call';
      readonly callee: Expression;
      readonly args: readonly Expression[];
      /** Arguments by name. */
      readonly named: ReadonlyMap<string, Expression>;
    };

/** `a, b, = expression`, or a return, which assigns to nothing. */
export interface Statement {
  readonly targets: readonly string[] | null;
  readonly value: Expression;
}

/** A method of a class: its arguments behind `self`, and its statements. */
export interface Method {
  readonly args: readonly string[];
  readonly body: readonly Statement[];
}

const TOKEN =
  /\s*(?:([A-Za-z_]\w*)|(-?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)|"((?:[^"\\]|\\.)*)"|([()[\],.=]))/y;
const MOST_DEPTH = 100;
const MOST_TOKENS = 10_000;

/**
 * A method from the text of its class; null where there is none, or it has more than assignments and one return at its end: an
 * `if`, a loop, an annotation.
 */
export function parseMethod(text: string, name: string): Method | null {
  const start = text.indexOf(`\n  def ${name}(`);
  if (start < 0) return null;
  const end = text.indexOf('\n  def ', start + 1);
  const own = text.slice(start, end < 0 ? undefined : end);
  const [, inside = '', code] = /^\n {2}def \w+\(([^)]*)\)[^\n]*:\n([\s\S]*)$/.exec(own) ?? [];
  if (code === undefined) return null;
  const args = inside.split(/,\s*(?=\w+: )/).map((one) => /^\w+/.exec(one.trim())?.[0] ?? '');
  const lines = code.split('\n').filter((line) => line.startsWith('    '));
  const body = lines.map(statement);
  const known = body.flatMap((one) => one ?? []);
  const returns = known.findIndex(({ targets }) => targets === null);
  if (known.length < lines.length || returns !== known.length - 1) return null;
  return { args: args.slice(1), body: known };
}

function statement(line: string): Statement | null {
  const returned = /^ {4}return (.*)$/.exec(line)?.[1];
  if (returned !== undefined) return withValue(null, returned);
  const [, left, right] = /^ {4}(\w+(?:, \w+)*),? = (.*)$/.exec(line) ?? [];
  return left === undefined || right === undefined ? null : withValue(left.split(', '), right);
}

function withValue(targets: Statement['targets'], text: string): Statement | null {
  const value = new Parser(text).whole();
  return value && { targets, value };
}

type Token = readonly [kind: 'name' | 'number' | 'text' | 'mark', text: string];

class Parser {
  readonly #tokens: readonly Token[] | null;
  #at = 0;

  constructor(text: string) {
    this.#tokens = tokens(text);
  }

  /** The expression that is the whole text; null where it is none. */
  whole(): Expression | null {
    if (this.#tokens === null) return null;
    const value = this.#expression(0);
    return this.#at === this.#tokens.length ? value : null;
  }

  #expression(depth: number): Expression | null {
    let own = depth > MOST_DEPTH ? null : this.#first(depth);
    while (own !== null) {
      const of: Expression = own;
      if (this.#is('.')) {
        const [kind, name] = this.#next() ?? [];
        own = kind === 'name' && name !== undefined ? { is: 'member', of, name } : null;
      } else if (this.#is('(')) {
        own = this.#call(of, depth);
      } else if (this.#is('[')) {
        const index = this.#expression(depth + 1);
        own = index && this.#is(']') ? { is: 'item', of, index } : null;
      } else return own;
    }
    return null;
  }

  #first(depth: number): Expression | null {
    const [kind, text = ''] = this.#next() ?? [];
    if (kind === 'name') return { is: 'name', name: text };
    if (kind === 'number') return { is: 'number', value: Number(text) };
    if (kind === 'text') return { is: 'text', text };
    if (text === '[') return this.#list(']', depth);
    if (text !== '(') return null;
    const list = this.#list(')', depth);
    const [only, ...more] = list?.items ?? [];
    // (a) is a, and (a,) is a list
    const single = this.#tokens?.[this.#at - 2]?.[1] !== ',';
    return only !== undefined && more.length === 0 && single ? only : list;
  }

  #list(end: string, depth: number): Extract<Expression, { is: 'list' }> | null {
    const items: Expression[] = [];
    while (!this.#is(end)) {
      const item = this.#expression(depth + 1);
      if (item === null) return null;
      items.push(item);
      if (this.#is(',')) continue;
      return this.#is(end) ? { is: 'list', items } : null;
    }
    return { is: 'list', items };
  }

  #call(callee: Expression, depth: number): Expression | null {
    const args: Expression[] = [];
    const named = new Map<string, Expression>();
    while (!this.#is(')')) {
      const key = this.#tokens?.[this.#at + 1]?.[1] === '=' ? this.#next()?.[1] : undefined;
      if (key !== undefined) this.#next();
      const value = this.#expression(depth + 1);
      if (value === null) return null;
      if (key === undefined) args.push(value);
      else named.set(key, value);
      if (this.#is(',')) continue;
      if (!this.#is(')')) return null;
      break;
    }
    return { is: 'call', callee, args, named };
  }

  #next(): Token | undefined {
    return this.#tokens?.[this.#at++];
  }

  /** Takes the mark, if it is the next token. */
  #is(mark: string): boolean {
    const [kind, text] = this.#tokens?.[this.#at] ?? [];
    if (kind !== 'mark' || text !== mark) return false;
    this.#at++;
    return true;
  }
}

function tokens(text: string): readonly Token[] | null {
  const found: Token[] = [];
  TOKEN.lastIndex = 0;
  const whole = text.trimEnd();
  while (TOKEN.lastIndex < whole.length) {
    const [, name, number, string, mark] = TOKEN.exec(whole) ?? [];
    if (name !== undefined) found.push(['name', name]);
    else if (number !== undefined) found.push(['number', number]);
    else if (string !== undefined) found.push(['text', string]);
    else if (mark !== undefined) found.push(['mark', mark]);
    else return null;
    if (found.length > MOST_TOKENS) return null;
  }
  return found;
}
