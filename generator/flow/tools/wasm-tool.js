// Runs a tool that an npm package holds as WebAssembly as if it were a program:
// node wasm-tool.js PACKAGE FUNCTION ARGUMENTS. Plain JavaScript, because it is started as a process of its own, from
// the sources as well as from dist/: the tool keeps its thread busy for minutes and has to be stopped at any moment.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const [name, runner, ...args] = process.argv.slice(2);
const tool = await import(name);
const readable = ['rtl', 'mem', 'flow', 'sim'];

/** A folder as the package takes it: nested objects, files as bytes. */
function load(folder) {
  const entries = readdirSync(folder, { withFileTypes: true });
  return Object.fromEntries(
    entries.map((entry) => {
      const path = join(folder, entry.name);
      return [entry.name, entry.isDirectory() ? load(path) : new Uint8Array(readFileSync(path))];
    }),
  );
}

/** Writes what differs from what was there before. */
function save(folder, before, after) {
  for (const [entry, content] of Object.entries(after)) {
    const path = join(folder, entry);
    const old = before?.[entry];
    if (content instanceof Uint8Array || typeof content === 'string') {
      const bytes = Buffer.from(content);
      if (old !== undefined && bytes.equals(Buffer.from(old))) continue;
      writeFileSync(path, bytes);
    } else {
      mkdirSync(path, { recursive: true });
      save(path, old, content);
    }
  }
}

const here = readdirSync('.', { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && readable.includes(entry.name))
  .map((entry) => entry.name);
const tree = () => Object.fromEntries(here.map((folder) => [folder, load(folder)]));
const before = tree();
const write = (stream) => (bytes) => {
  if (bytes !== null && bytes !== undefined) stream.write(bytes);
};

try {
  const after = await tool[runner](args, tree(), {
    stdout: write(process.stdout),
    stderr: write(process.stderr),
  });
  save('.', before, after);
} catch (error) {
  if (typeof error?.code !== 'number') throw error;
  save('.', before, error.files ?? {});
  process.exitCode = error.code;
}
