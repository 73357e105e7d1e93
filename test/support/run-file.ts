import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { RUN_FILES } from './run-file-folder.js';

let files = 0;

/**
 * Runs the body of a function as a file of its own, so that it has lines to point at; `values` are in scope. The file
 * stays until all tests are done.
 */
export async function runFile<T>(
  body: string,
  values: Readonly<Record<string, unknown>>,
): Promise<T> {
  files += 1;
  const file = join(process.env[RUN_FILES] as string, `body-${process.pid}-${files}.mjs`);
  writeFileSync(file, `export default ({ ${Object.keys(values)} }) => {\n${body}\n};\n`);
  const { default: run } = await import(pathToFileURL(file).href);
  return run(values);
}
