import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { execa } from 'execa';
import { packageRoot } from '../../generator/base/package.js';
import { type Design, readDesign } from '../../generator/design/read/read.js';
import { writeDesign } from '../../generator/design/write/write.js';

/** The program as users start it, built. */
export const PROGRAM = resolve(packageRoot, 'dist/cli/main.js');

const NAME = 'mini';

/** The small design whose Verilog is in test/accelerator/golden, as commands make it. */
const MODEL = [
  ...['--inputs', '16', '--hidden', '16,16', '--blocks', '8,4', '--keep', '1/2,1/2'],
  ...['--outputs', '5', '--seed', '1'],
];
const DESIGN = ['--macs', '64', '--name', NAME, '--no-source'];

/** Writes model and design into a folder and reads the design. */
export async function goldenDesign(folder: string): Promise<Design> {
  const model = join(folder, 'model.safetensors');
  const place = join(folder, NAME);
  const hcgs = (args: readonly string[]) => execa(process.execPath, [PROGRAM, ...args, '--quiet']);
  mkdirSync(folder, { recursive: true });
  await hcgs(['random', ...MODEL, '-o', model]);
  await hcgs(['generate', model, ...DESIGN, '-o', place]);
  return readDesign(place);
}

/** Verilog texts of a design by the name of the module, without that of the design: `top` is the module of that name. */
export function modulesOf({ files }: Design): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const [path, bytes] of files) {
    const name = /^rtl\/(.*)\.v$/.exec(path)?.[1];
    if (name === undefined) continue;
    const short = name === NAME ? 'top' : name.slice(NAME.length + 1);
    found.set(short, new TextDecoder().decode(bytes));
  }
  return found;
}

/** Path of a module within a design. */
export function pathOf(module: string): string {
  return `rtl/${module === 'top' ? NAME : `${NAME}_${module}`}.v`;
}

/** Writes a copy of a design in which one module has another text. */
export async function writeChanged(
  design: Design,
  directory: string,
  module: string,
  text: string,
): Promise<void> {
  const files = new Map<string, string | Uint8Array>([...design.files, [pathOf(module), text]]);
  await writeDesign(directory, design.manifest, files);
}
