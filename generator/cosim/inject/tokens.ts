/** A token of Verilog with its place in the text; comments, attributes and white space are none. */
export interface Token {
  readonly kind: 'word' | 'number' | 'string' | 'directive' | 'sign';
  readonly text: string;
  /** Of the first character, and behind the last one. */
  readonly start: number;
  readonly end: number;
}

const SIGNS = [
  ...['<<<', '>>>', '===', '!=='],
  ...['<<', '>>', '<=', '>=', '==', '!=', '&&', '||', '+:', '-:', '~&', '~|', '~^', '^~', '**'],
];

const SKIPPED = /\s+|\/\/[^\n]*|\/\*[\s\S]*?\*\/|\(\*(?!\s*\))[\s\S]*?\*\)/y;
const RULES: readonly (readonly [Token['kind'], RegExp])[] = [
  ['string', /"(?:\\.|[^"\\\n])*"/y],
  ['directive', /`[^\n]*/y],
  ['number', /\d*\s*'[sS]?[bBoOdDhH]\s*[0-9a-fA-FxXzZ?_]+|\d[\d_]*(?:\.\d+)?/y],
  ['word', /[$A-Za-z_][$\w]*|\\\S+/y],
];

/** Splits a Verilog text. Throws on a character that begins no token. */
export function tokens(text: string): readonly Token[] {
  const found: Token[] = [];
  for (let at = 0; at < text.length; ) {
    const skipped = match(SKIPPED, text, at);
    if (skipped > at) {
      at = skipped;
      continue;
    }
    const token = next(text, at);
    found.push(token);
    at = token.end;
  }
  return found;
}

function next(text: string, start: number): Token {
  for (const [kind, rule] of RULES) {
    const end = match(rule, text, start);
    if (end > start) return { kind, text: text.slice(start, end), start, end };
  }
  const sign = SIGNS.find((one) => text.startsWith(one, start)) ?? text.charAt(start);
  if (!/^[-+*/%&|^~!<>=?:;,.()[\]{}@#]/.test(sign)) {
    throw new Error(`no Verilog at ${start}: ${text.slice(start, start + 20)}`);
  }
  return { kind: 'sign', text: sign, start, end: start + sign.length };
}

/** End of a match of a sticky pattern at a place, or the place where it does not match. */
function match(rule: RegExp, text: string, at: number): number {
  rule.lastIndex = at;
  return rule.test(text) ? rule.lastIndex : at;
}
