import { isDropped, type StripsPattern, stripOf } from './pattern.js';

/** Places row * columns + column of everything that a pattern keeps: strip by strip, in a strip row by row, in a row ascending. */
export function* placesOf(pattern: StripsPattern): Generator<number, void> {
  const rows = pattern.kept.map((): number[] => []);
  for (let row = 0; row < pattern.rows; row++) {
    if (!isDropped(pattern, row)) (rows[stripOf(pattern, row)] as number[]).push(row);
  }
  for (const [strip, kept] of pattern.kept.entries()) {
    for (const row of rows[strip] as number[]) {
      for (const column of kept) yield row * pattern.columns + column;
    }
  }
}
