import { existsSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { sourceOf } from '../diagnostics.js';

/** A line of a source file; the path is relative to the package it belongs to, with `/`. */
export interface SourceLine {
  readonly path: string;
  readonly line: number;
}

/**
 * The author's line behind a site, in a form that is the same on every machine: the path starts at the nearest folder
 * with a package.json. Null where the line is not known, or lies in no package.
 */
export function sourceLine(site: string): SourceLine | null {
  const known = lines.get(site);
  if (known !== undefined) return known;
  const line = lineOf(site);
  lines.set(site, line);
  return line;
}

const lines = new Map<string, SourceLine | null>();

function lineOf(site: string): SourceLine | null {
  const place = sourceOf(site);
  if (place === null) return null;
  const root = packageOf(dirname(place.file));
  if (root === null) return null;
  const path = relative(root, place.file).split(sep).join('/');
  return /[\p{Cc}\]]/u.test(path) ? null : { path, line: place.line };
}

/** The same as text, `path:line`. */
export function locatorOf(site: string): string | null {
  const source = sourceLine(site);
  return source === null ? null : `${source.path}:${source.line}`;
}

const packages = new Map<string, string | null>();

/** The nearest folder upward with a package.json. The folder itself need not be there. */
function packageOf(folder: string): string | null {
  const known = packages.get(folder);
  if (known !== undefined) return known;
  const up = dirname(folder);
  const found = existsSync(join(folder, 'package.json'))
    ? folder
    : up === folder
      ? null
      : packageOf(up);
  packages.set(folder, found);
  return found;
}
