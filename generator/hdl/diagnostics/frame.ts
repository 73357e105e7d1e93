import { readFileSync } from 'node:fs';
import { nearestSource } from './site.js';

/**
 * The author's line with its neighbours and a caret below the word in question, read when it is reported; no line
 * where the file is not there any more.
 */
export function codeFrame(site: string): readonly string[] {
  const place = nearestSource(site);
  if (place === null) return [];
  const lines = linesOf(place.file);
  const line = lines[place.line - 1];
  if (line === undefined || place.column > line.length) return [];
  const shown = [place.line - 1, place.line, place.line + 1].filter(
    (n) => n === place.line || (lines[n - 1] ?? '').trim() !== '',
  );
  const indent = Math.min(...shown.map((n) => (lines[n - 1] as string).search(/\S|$/)));
  const gutter = String(place.line + 1).length;
  const text = (n: number) =>
    `${n === place.line ? '>' : ' '} ${String(n).padStart(gutter)} | ${(lines[n - 1] as string).slice(indent)}`;
  const word = /^\w+/.exec(line.slice(place.column - 1))?.[0] ?? ' ';
  const caret = `${' '.repeat(gutter + 2)} | ${' '.repeat(place.column - 1 - indent)}${'^'.repeat(word.length)}`;
  return shown.flatMap((n) => (n === place.line ? [text(n), caret] : [text(n)]));
}

function linesOf(file: string): readonly string[] {
  try {
    return readFileSync(file, 'utf8').split(/\r?\n/);
  } catch {
    return [];
  }
}
