import { readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Place } from './place.js';

/** A compiled file without a map, one whose map cannot be read, or its map and the folder its paths start from. */
type Mapping = 'source' | 'lost' | { readonly map: SourceMap; readonly folder: string };

const mappings = new Map<string, Mapping>();

/**
 * The place in the file the author wrote: JavaScript that names a source map is followed through it, everything else
 * is the source itself. Null where the map is missing or says nothing. The source need not be there. Runners that
 * translate stack traces themselves (tsx, vitest, `node --enable-source-maps`) give places that need no more.
 */
export function originalPlace(place: Place): Place | null {
  if (!/\.[cm]?js$/.test(place.file)) return place;
  const mapping = mappingOf(place.file);
  if (mapping === 'source') return place;
  if (mapping === 'lost') return null;
  const entry = mapping.map.findEntry(place.line - 1, place.column - 1);
  if (!('originalSource' in entry) || entry.originalSource === undefined) return null;
  const { originalSource: source, originalLine, originalColumn } = entry;
  return {
    file: source.startsWith('file:') ? fileURLToPath(source) : resolve(mapping.folder, source),
    line: originalLine + 1,
    column: originalColumn + 1,
  };
}

function mappingOf(file: string): Mapping {
  const known = mappings.get(file);
  if (known !== undefined) return known;
  const mapping = readMapping(file);
  mappings.set(file, mapping);
  return mapping;
}

function readMapping(file: string): Mapping {
  try {
    const written = readFileSync(file, 'utf8');
    const [, url] = /\/\/# sourceMappingURL=(\S+)\s*$/.exec(written) ?? [];
    if (url === undefined) return 'source';
    const [, inline] = /^data:application\/json[^,]*;base64,(.*)$/.exec(url) ?? [];
    const path = inline === undefined ? resolve(dirname(file), decodeURIComponent(url)) : file;
    const text =
      inline === undefined
        ? readFileSync(path, 'utf8')
        : Buffer.from(inline, 'base64').toString('utf8');
    return { map: new SourceMap(JSON.parse(text)), folder: dirname(path) };
  } catch {
    return 'lost';
  }
}
