import { relative, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Place } from './place.js';
import { originalPlace } from './source-map.js';

export const UNKNOWN_SITE = 'unknown';

/** Frames to look at: calls inside the eDSL are less deep than this. */
const FRAMES = 12;

/** The eDSL itself, as source and as built, the way stack traces name it. */
const OWN = ['generator', 'dist'].flatMap((folder) => {
  const directory = fileURLToPath(new URL(`../../../${folder}/hdl/`, import.meta.url));
  return [directory, pathToFileURL(directory).href];
});

const FRAME = /(?:\(|at (?:async )?)([^()]+?):(\d+):(\d+)\)?$/;

/**
 * The author's line: the first stack frame outside of the eDSL, as `file:line:column` with an absolute path. Read
 * from the text of a stack trace, which tsx, vitest and `node --enable-source-maps` translate to the source alike; of
 * compiled code that nobody translates, `sourceOf` finds the source. About 20 microseconds: one for each declaration and statement, none for operators.
 */
export function callSite(): string {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = FRAMES;
  const stack = new Error('site').stack ?? '';
  Error.stackTraceLimit = stackTraceLimit;
  for (const frame of stack.split('\n')) {
    if (OWN.some((own) => frame.includes(own))) continue;
    const [, file, line, column] = FRAME.exec(frame) ?? [];
    if (file === undefined || file.startsWith('node:')) continue;
    const path = file.startsWith('file:') ? fileURLToPath(file) : file;
    return `${path}:${line}:${column}`;
  }
  return UNKNOWN_SITE;
}

const sources = new Map<string, Place | null>();

/** The place of a site in the file the author wrote; null where it is not known. Looked up once for each site. */
export function sourceOf(site: string): Place | null {
  const known = sources.get(site);
  if (known !== undefined) return known;
  const place = placeOf(site);
  const source = place === null ? null : originalPlace(place);
  sources.set(site, source);
  return source;
}

/** The same; where compiled code lost its source, the place in the compiled file. */
export function nearestSource(site: string): Place | null {
  return sourceOf(site) ?? placeOf(site);
}

/** The place of a site in the file that runs; null where it is not known. */
export function placeOf(site: string): Place | null {
  const [, file, line, column] = /^(.+):(\d+):(\d+)$/.exec(site) ?? [];
  return file === undefined ? null : { file, line: Number(line), column: Number(column) };
}

/** A site as a person reads it: `file:line:column`, relative to the working directory where it lies below. */
export function showSite(site: string): string {
  const place = nearestSource(site);
  if (place === null) return site;
  const path = relative(process.cwd(), place.file);
  const shown = path.startsWith('..') ? place.file : path.split(sep).join('/');
  return `${shown}:${place.line}:${place.column}`;
}
