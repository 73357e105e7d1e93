/**
 * Characters that act on a terminal, or that nobody sees: controls (C0, DEL, C1), line and paragraph separators, marks
 * that turn the direction of writing, everything of no width, halves of surrogate pairs.
 */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/**
 * One line of text as a person may see it, whatever came from a file or a path: hidden characters are shown as `\n`,
 * `\x1b` or `\u{202e}`. The result has no line end and can forge none.
 */
export function printable(line: string): string {
  return line.replace(HIDDEN, (character) => SHORT[character] ?? escaped(character));
}

/** Text of JSON with every hidden character as `\uXXXX`; line ends between its values stay. */
export function printableJson(json: string): string {
  return json.replace(HIDDEN, (character) =>
    character === '\n' ? character : character.split('').map(utf16).join(''),
  );
}

function escaped(character: string): string {
  const code = character.codePointAt(0) as number;
  return code < 0x100
    ? `\\x${code.toString(16).padStart(2, '0')}`
    : `\\u{${code.toString(16).padStart(4, '0')}}`;
}

function utf16(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** A word as a POSIX shell, or for hidden characters bash, takes it back: for command lines to be pasted. */
export function shellWord(word: string): string {
  const plain = word.startsWith('-') ? `./${word}` : word;
  if (/^[\w./@%+=:,-]+$/.test(plain)) return plain;
  if (plain.search(HIDDEN) === -1) return `'${plain.replaceAll("'", `'\\''`)}'`;
  const quoted = plain
    .replace(/[\\']/g, '\\$&')
    .replace(HIDDEN, (character) =>
      [...new TextEncoder().encode(character)]
        .map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`)
        .join(''),
    );
  return `$'${quoted}'`;
}
