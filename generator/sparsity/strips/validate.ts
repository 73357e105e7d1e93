import { unexpected } from '../../base/errors.js';
import { keptPositions } from './count.js';
import { rowsInStrip, type StripsPattern, stripOf, stripsOf } from './pattern.js';

/**
 * Checks everything that a pattern promises: sizes, a list of columns for each strip, in range and ascending, rows that are
 * dropped or not, strips of as many rows as they have to have, and one position at least. `field` names the pattern in errors.
 * @throws UserError PATTERN_INVALID with the two values that disagree.
 */
export function validateStrips(pattern: StripsPattern, field: string, file?: string): void {
  const fail = (what: string, expected: string | number, got: string | number): never => {
    throw unexpected({ code: 'PATTERN_INVALID', file, field, expected, got }, `${field}: ${what}`);
  };
  const { rows, columns, height, width, kept, droppedRows, stripOfRow } = pattern;
  const within = (value: number, most: number) =>
    Number.isSafeInteger(value) && value >= 1 && value <= most;
  if (!within(rows, Number.MAX_SAFE_INTEGER)) fail('rows', 'at least 1', rows);
  if (!within(columns, Number.MAX_SAFE_INTEGER)) fail('columns', 'at least 1', columns);
  if (!within(height, rows)) fail('height of a strip', `1 to ${rows}`, height);
  if (!within(width, columns)) fail('width of a column block', `1 to ${columns}`, width);
  const strips = stripsOf(pattern);
  if (kept.length !== strips) fail('lists of kept columns', strips, kept.length);
  kept.forEach((list, strip) => {
    let before = -1;
    list.forEach((column, at) => {
      const what = `kept column ${at} of strip ${strip}`;
      if (column < 0 || column >= columns) fail(what, `0 to ${columns - 1}`, column);
      if (column <= before) fail(what, `above ${before}`, column);
      before = column;
    });
  });
  if (droppedRows !== undefined) {
    if (droppedRows.length !== rows) fail('marks of dropped rows', rows, droppedRows.length);
    droppedRows.forEach((mark, row) => {
      if (mark > 1) fail(`mark of row ${row}`, '0 or 1', mark);
    });
    if (!droppedRows.includes(1)) fail('marks of dropped rows', 'none where no row is', 'marks');
  }
  if (stripOfRow !== undefined) {
    if (stripOfRow.length !== rows) fail('strips of rows', rows, stripOfRow.length);
    const members = new Int32Array(strips);
    for (let row = 0; row < rows; row++) {
      const strip = stripOf(pattern, row);
      if (strip < 0 || strip >= strips) fail(`strip of row ${row}`, `0 to ${strips - 1}`, strip);
      members[strip] = (members[strip] as number) + 1;
    }
    members.forEach((count, strip) => {
      const expected = rowsInStrip(pattern, strip);
      if (count !== expected) fail(`rows of strip ${strip}`, expected, count);
    });
  }
  if (keptPositions(pattern) === 0) fail('kept positions', 'at least 1', 0);
}
