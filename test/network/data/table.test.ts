import { describe, expect, it } from 'vitest';
import { readTable, TABLE_BYTES } from '../../../generator/network/data/table.js';
import { refusal } from '../../support/refusal.js';

const read = (text: string) => readTable(new TextEncoder().encode(text), 'f.csv');
const shown = (text: string) => {
  const { columns, values, groups, lines } = read(text);
  return { columns, values: [...values], groups: [...groups], lines: [...lines] };
};

describe('a table', () => {
  const two = { columns: 2, values: [1, -0.25, 300, 4], groups: [2] };

  it.each<[string, string, number[]]>([
    ['commas', '1,-.25\n3e2,+4.\n', [1, 2]],
    ['semicolons', '1;-0.25\n300;4', [1, 2]],
    ['tabs', '1\t-0.25\n300\t4\n', [1, 2]],
    ['spaces, aligned', '   1  -0.25\n 300   4.0 \n', [1, 2]],
    ['spaces behind commas', '1, -0.25\n300, 4\n', [1, 2]],
    ['quotes', '"1","-0.25"\n"300", "4"\n', [1, 2]],
    ['lines of Windows', '1,-0.25\r\n300,4\r\n', [1, 2]],
    ['lines of old', '1,-0.25\r300,4\r', [1, 2]],
    ['a header', 'a,"b, c"\n1,-0.25\n300,4\n', [2, 3]],
    ['a mark of Unicode', '\ufeff1,-0.25\n300,4\n', [1, 2]],
    ['comments', '# a, b\n1,-0.25\n# more\n300,4\n', [2, 4]],
    ['blank lines around', '\n\n1,-0.25\n300,4\n\n\n', [3, 4]],
  ])('of %s', (_, text, lines) => {
    expect(shown(text)).toEqual({ ...two, lines });
  });

  it('has groups between blank lines', () => {
    expect(shown('1\n2\n\n3\n \n\n4\n').groups).toEqual([2, 1, 1]);
  });

  it('counts lines where many are blank, and has no trouble with very many', () => {
    const { groups, lines } = shown(`1,2\n5,6${'\n'.repeat(50_000)}3,4\n`);
    expect(groups).toEqual([2, 1]);
    expect(lines).toEqual([1, 2, 50_002]);
  });

  it('has the one column that is asked for, whatever stands in the others', () => {
    const bytes = new TextEncoder().encode('name,Label,more\nx,3,\n"y, z",4,nan\n');
    const { columns, values } = readTable(bytes, 'f.csv', { column: ['label', 'class'] });
    expect([columns, ...values]).toEqual([1, 3, 4]);
  });

  it.each<[string, string, string, string | RegExp]>([
    ['nothing', '', 'CSV_EMPTY', 'lines'],
    ['a header alone', 'a,b\n', 'CSV_EMPTY', 'lines'],
    ['an empty cell', '1,2\n3,\n', 'CSV_CELL', 'line 2, column 2'],
    ['NaN', '1,2\nnan,3\n', 'CSV_CELL', 'line 2, column 1'],
    ['NaN in the first line', 'nan,nan\n1,2\n', 'CSV_CELL', 'line 1, column 1'],
    ['infinity', '1e999\n', 'CSV_CELL', 'line 1, column 1'],
    ['a decimal comma', '0,5;1\n', 'CSV_CELL', 'line 1, column 1'],
    ['hexadecimal', '0x10\n', 'CSV_EMPTY', 'lines'],
    ['half a header', 'a,1\n', 'CSV_CELL', 'line 1, column 1'],
    ['a second header', 'a,b\n1,2\na,b\n', 'CSV_CELL', 'line 3, column 1'],
    ['short lines', '1,2\n3\n', 'CSV_ROW', 'line 2'],
    ['long lines', '1,2\n\n3,4,5\n', 'CSV_ROW', 'line 3'],
    ['numbers of columns', '0,1,2\n.5,.5,.5\n', 'CSV_HEADER', 'line 1'],
    ['numbers of rows', ',0,1\n0,.5,.5\n', 'CSV_CELL', 'line 1, column 1'],
    ['an open quote', '1,"2\n3,4\n', 'CSV_INVALID', /line/],
    ['a blank line behind every line', '1\r\r\n2\r\r\n', 'CSV_INVALID', 'lines'],
    ['bytes', '1,2\0', 'CSV_INVALID', 'encoding'],
    ['one line without an end', `1\n1${',1'.repeat(2 ** 19)}`, 'CSV_LIMIT', 'line 2'],
  ])('with %s is refused', (_, text, code, field) => {
    expect(refusal(() => read(text))).toMatchObject({
      code,
      file: 'f.csv',
      field: typeof field === 'string' ? field : expect.stringMatching(field),
    });
  });

  it('in another encoding is refused, and one that is too large', () => {
    const utf16 = Uint8Array.of(0xff, 0xfe, 0x31, 0);
    expect(refusal(() => readTable(utf16, 'f')).got).toBe('UTF-16');
    expect(refusal(() => readTable(Uint8Array.of(0x31, 0xb5), 'f')).code).toBe('CSV_INVALID');
    const large = new Uint8Array(TABLE_BYTES + 1);
    expect(refusal(() => readTable(large, 'f')).code).toBe('CSV_LIMIT');
  });
});
