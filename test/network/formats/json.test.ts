import { describe, expect, it } from 'vitest';
import { JSON_LIMITS, looksLikeJson, parseJson } from '../../../generator/network/formats/json.js';
import { refusal } from '../../support/refusal.js';

const bytes = (text: string) => new TextEncoder().encode(text);
const parse = (text: string) => parseJson(bytes(text), 'a.json');

describe('json', () => {
  it('keeps numbers in double precision, and names as they are', () => {
    const value = {
      a: [0.1, -1e-300, 4503599627370497],
      'b"\\': [{ a: 1 }, { a: 'x: "y"' }],
      N: '',
    };
    expect(parse(JSON.stringify(value, null, 1))).toEqual(value);
    expect(parse('\ufeff[1]')).toEqual([1]);
  });

  it.each([
    ['[1, NaN]', 'JSON_NOT_FINITE', 'NaN'],
    ['{"a": -Infinity}', 'JSON_NOT_FINITE', 'Infinity'],
    ['{"a": 1, "b": {"a": 2}, "a": 3}', 'JSON_INVALID', 'it twice'],
    ['{"a": 1, "\\u0061": 3}', 'JSON_INVALID', 'it twice'],
    ['{"a": 1', 'JSON_INVALID', /./],
    ['{"a', 'JSON_INVALID', /./],
    ['["\\', 'JSON_INVALID', /./],
    [`${'['.repeat(65)}1${']'.repeat(65)}`, 'JSON_LIMIT', 'more'],
    [`${'['.repeat(100_000)}`, 'JSON_LIMIT', 'more'],
    [`[${'[],'.repeat(JSON_LIMITS.parts)}1]`, 'JSON_LIMIT', 'more'],
  ])('refuses %.40s', (text, code, got) => {
    const report = refusal(() => parse(text));
    expect(report).toMatchObject({ code, file: 'a.json' });
    expect(report.got).toMatch(got);
  });

  it('refuses what is no UTF-8', () => {
    expect(refusal(() => parseJson(Uint8Array.of(0x5b, 0xff, 0x5d), 'a')).code).toBe(
      'JSON_INVALID',
    );
  });

  it('is told by its first letters', () => {
    for (const text of ['{"a": 1}', ' \n{ "a', '[[1,2]]', '[-1]', '[{}]', '{}', '\ufeff{"a"']) {
      expect([text, looksLikeJson(bytes(text))]).toEqual([text, true]);
    }
    for (const text of ['{a}', 'x', '', '<a>', '[section]', '{"\0', '#include']) {
      expect([text, looksLikeJson(bytes(text))]).toEqual([text, false]);
    }
  });
});
