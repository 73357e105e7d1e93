import { existsSync, mkdirSync, symlinkSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** A new folder for PATH in which these programs are, and no other. */
export function programsOnly(folder: string, names: readonly string[]): string {
  mkdirSync(folder, { recursive: true });
  const places = (process.env.PATH ?? '').split(delimiter);
  for (const name of names) {
    const found = places.map((place) => join(place, name)).find((path) => existsSync(path));
    if (found === undefined) throw new Error(`${name} is not in PATH`);
    symlinkSync(found, join(folder, name));
  }
  return folder;
}
