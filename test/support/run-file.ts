import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'hcgs-run-'));
afterAll(() => rmSync(folder, { recursive: true }));
let files = 0;

/**
 * Runs the body of a function as a file of its own, so that it has lines to point at; `values` are in scope. The file
 * stays until the tests of the importing file are done.
 */
export async function runFile<T>(
  body: string,
  values: Readonly<Record<string, unknown>>,
): Promise<T> {
  files += 1;
  const file = join(folder, `body-${files}.mjs`);
  writeFileSync(file, `export default ({ ${Object.keys(values)} }) => {\n${body}\n};\n`);
  const { default: run } = await import(pathToFileURL(file).href);
  return run(values);
}
