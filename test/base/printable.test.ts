import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { printable, printableJson, shellWord } from '../../generator/base/printable.js';

describe('text from a file', () => {
  test.each([
    ['escape code', 'a\x1b[2Jb', 'a\\x1b[2Jb'],
    ['line ends', 'a\nb\r\nc\u2028d\u0085', 'a\\nb\\r\\nc\\u{2028}d\\x85'],
    ['bell, NUL, DEL, tab', '\x07\0\x7f\t', '\\x07\\x00\\x7f\\t'],
    [
      'marks of direction',
      'a\u202eb\u2066c\u200f\u061c',
      'a\\u{202e}b\\u{2066}c\\u{200f}\\u{061c}',
    ],
    [
      'no width',
      'a\u200bb\ufeff\u00ad\u{e0041}\u3164',
      'a\\u{200b}b\\u{feff}\\xad\\u{e0041}\\u{3164}',
    ],
    ['half a pair', 'a\ud800b', 'a\\u{d800}b'],
    ['C1', '\x9b31m', '\\x9b31m'],
    ['what is plain', 'Größe µm² → 漢字 ☺ \\n', 'Größe µm² → 漢字 ☺ \\n'],
  ])('%s', (_, given, shown) => {
    expect(printable(given)).toBe(shown);
    expect(printable(shown)).toBe(shown);
  });

  test('in JSON comes back as it was', () => {
    const value = { 'a\u202e\x9b': 'b\x7f\u{e0041}\ud800\n' };
    const text = printableJson(JSON.stringify(value, null, 2));
    expect(text).toMatch(/^[\n\x20-\x7e]*$/);
    expect(JSON.parse(text)).toEqual(value);
  });

  test.each([
    'plain.npy',
    'a b',
    "it's",
    '-o',
    '$(id)',
    'a;b\n\x1b[2J',
    '`x`\\n\t\'"',
    'ü\u202e漢 ',
  ])('as a word of a shell: %j', (word) => {
    const line = shellWord(word);
    expect(printable(line)).toBe(line);
    const { stdout } = spawnSync('bash', ['-c', `printf %s ${line}`], { encoding: 'utf8' });
    expect(stdout).toBe(word.startsWith('-') ? `./${word}` : word);
  });
});
