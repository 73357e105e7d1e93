import { readFileSync } from 'node:fs';
import { complain, type Place, placeOf, sourceOf } from '../diagnostics.js';
import { asBuilt, asBuiltFrom } from './binding-index.js';
import { type Binding, type Bindings, bindingsOf } from './bindings.js';

/** How the words of a name are written: signals `tile_last`, integers `TILE_LAST`. */
export type Case = 'lower' | 'upper';

/**
 * The name of the variable that the declaration at a site is bound to, `tileLast` as `tile_last`; UNNAMED where none
 * is found. It follows from the code that runs and nothing else, so it is the same with and without the sources.
 */
export function nameAt(site: string, what: string, letters: Case = 'lower'): string {
  const binding = bindingAt(site);
  if (binding !== null) return wordsOf(binding.name, letters);
  complain('UNNAMED', `no variable takes this ${what}()`, site);
  // never printed: the design is refused
  return `unnamed_at_${site.split(':').slice(-2).join('_')}`;
}

/** The author's comment above the declaration at a site; empty where there is none, or its line is not known. */
export function docAt(site: string): string {
  return sourceOf(site) === null ? '' : (bindingAt(site)?.doc ?? '');
}

/** `tileLast`, `x0Row`, `frameID` as words: `tile_last`, `x0_row`, `frame_id`. */
export function wordsOf(name: string, letters: Case): string {
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1_$2');
  return letters === 'upper' ? words.toUpperCase() : words.toLowerCase();
}

const files = new Map<string, Bindings>();

/**
 * What is known of a declaration. Compiled code of this package has an index; other compiled code keeps the names and
 * comments of its source, and is read in its place: a source beside it can be newer than what runs.
 */
function bindingAt(site: string): Binding | null {
  const place = placeOf(site);
  const source = sourceOf(site);
  if (place === null) return null;
  if (source !== null && source.file !== place.file) {
    const built = asBuilt(source.file);
    if (built !== null) return at(built, source);
  }
  const known = files.get(place.file) ?? bindingsIn(place.file);
  files.set(place.file, known);
  return at(known, place);
}

function at(bindings: Bindings, { line, column }: Place): Binding | null {
  return bindings[`${line}:${column}`] ?? null;
}

/** Bindings of a file that runs; none where it cannot be read. */
function bindingsIn(file: string): Bindings {
  const text = textOf(file);
  if (text === null) return asBuilt(file) ?? {};
  const built = asBuiltFrom(file, text);
  if (built !== null) return built;
  try {
    return bindingsOf(text);
  } catch {
    return {};
  }
}

function textOf(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}
