import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { runChild } from '../../base/child.js';
import { UserError } from '../../base/errors.js';
import type { Tool } from '../tools/tools.js';

/** A file among those of the WebAssembly package: text, or where it is. */
type Packed = string | URL;

/**
 * The simulation models of a family's cells that come with Yosys, in the folder `library` of its files: text of
 * cells_sim.v. Yosys itself is asked where it has them.
 * @throws UserError CELL_MODELS_MISSING
 */
export async function cellLibrary(yosys: Tool, library: string): Promise<string> {
  const name = `+/${library}/cells_sim.v`;
  const text = (await inPackage(yosys, library)) ?? (await installed(yosys, name));
  if (text !== null) return text;
  throw new UserError({
    code: 'CELL_MODELS_MISSING',
    message: `Yosys ${yosys.version} has no simulation models ${name}, which the co-simulation of a netlist needs: install Debian's yosys`,
    field: '--netlist',
    expected: name,
    got: 'no such file',
  });
}

/** The file of a program: where it says that it reads it. */
async function installed(yosys: Tool, name: string): Promise<string | null> {
  const args = [...yosys.prefix, '-QT', '-p', `read_verilog -lib ${name}`];
  const { all } = await runChild({ command: yosys.command, args, cwd: tmpdir() });
  const path = /^1\. Executing Verilog-2005 frontend: (.*)$/m.exec(all)?.[1];
  return path !== undefined && existsSync(path) ? readFileSync(path, 'utf8') : null;
}

/** The file of the WebAssembly package, which has a file system of its own. */
async function inPackage(yosys: Tool, library: string): Promise<string | null> {
  const name = yosys.prefix.find((argument) => argument.startsWith('@'));
  if (name === undefined) return null;
  const folder = dirname(createRequire(import.meta.url).resolve(name));
  const { filesystem } = await import(pathToFileURL(join(folder, 'resources-yosys.js')).href);
  const file: Packed | undefined = filesystem?.share?.[library]?.['cells_sim.v'];
  if (file === undefined) return null;
  return typeof file === 'string' ? file : readFileSync(file, 'utf8');
}
