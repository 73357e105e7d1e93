/** A group of a Liberty file: its attributes, and those of the groups in it that were asked for. */
export interface Group {
  readonly type: string;
  readonly name: string;
  /** Simple ones as they stand there; of complex ones, `values ("0, 1")`, what is between the parentheses. */
  readonly attributes: Map<string, string>;
  readonly inner: Group[];
}

const TOKEN = /\/\*[\s\S]*?\*\/|\\\r?\n|"(?:[^"\\]|\\[\s\S])*"|[{}();:,]|\n|[^\s{}();:,"\\]+/g;

/** Groups of the outermost level, with those of the kinds in `kept` below them. */
export function readGroups(text: string, kept: ReadonlySet<string>): readonly Group[] {
  const root: Group = { type: '', name: '', attributes: new Map(), inner: [] };
  const open: Group[] = [root];
  let words: string[] = [];
  let depth = 0;
  const endStatement = (): void => {
    const [name, colon, ...value] = words;
    if (name !== undefined && colon === ':') open.at(-1)?.attributes.set(name, value.join(' '));
    if (name !== undefined && colon === '(') {
      open.at(-1)?.attributes.set(name, value.slice(0, -1).join(' '));
    }
    words = [];
  };
  for (const [token] of text.matchAll(TOKEN)) {
    if (token.startsWith('/*') || token.startsWith('\\')) continue;
    if (token === '(') depth++;
    if (token === ')') depth--;
    if (depth > 0 || token === ')') {
      words.push(token);
    } else if (token === '{') {
      const [type = '', , name = ''] = words.map(unquoted);
      const group: Group = { type, name, attributes: new Map(), inner: [] };
      if (kept.has(type)) open.at(-1)?.inner.push(group);
      open.push(group);
      words = [];
    } else if (token === '}') {
      endStatement();
      if (open.length > 1) open.pop();
    } else if (token === ';') {
      endStatement();
    } else if (token === '\n') {
      // some libraries leave the semicolon away
      if (words[1] === ':' && words.length > 2) endStatement();
    } else words.push(token);
  }
  return root.inner;
}

/** A value without its quotes. */
export function unquoted(text: string): string {
  return text.startsWith('"') ? text.slice(1, -1).trim() : text;
}
