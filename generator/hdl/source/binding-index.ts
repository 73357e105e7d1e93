import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Bindings, bindingsOf, declares } from './bindings.js';

/** Bindings of the files of this package, made when it is built. */
export type BindingIndex = Readonly<
  Record<string, { readonly hash: string; readonly bindings: Bindings }>
>;

/** Root of this package, and its index, seen from the sources and from the compiled files alike. */
const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const INDEX = join(ROOT, 'dist/bindings.json');

/** The index of the TypeScript below a folder of this package. */
export function indexOf(folder: string): BindingIndex {
  const files = readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => join(ROOT, folder, file))
    .sort();
  const entries = files.flatMap((file) => {
    const text = readFileSync(file, 'utf8');
    if (!declares(text)) return [];
    return [[keyOf(file), { hash: hashOf(text), bindings: bindingsOf(text) }] as const];
  });
  return Object.fromEntries(entries);
}

/** Bindings of a file of this package as it was built; null of any other file, and where there is no index. */
export function asBuilt(file: string): Bindings | null {
  const key = keyOf(file);
  if (key.startsWith('..') || Object.keys(index()).length === 0) return null;
  return index()[key]?.bindings ?? {};
}

/** The same, as long as the file holds the text of then; null where it does not. */
export function asBuiltFrom(file: string, text: string): Bindings | null {
  const entry = index()[keyOf(file)];
  return entry === undefined || entry.hash !== hashOf(text) ? null : entry.bindings;
}

let read: BindingIndex | undefined;

function index(): BindingIndex {
  read ??= readIndex();
  return read;
}

function readIndex(): BindingIndex {
  try {
    return JSON.parse(readFileSync(INDEX, 'utf8')) as BindingIndex;
  } catch {
    return {};
  }
}

function keyOf(file: string): string {
  return relative(ROOT, file).split(sep).join('/');
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
