import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runChild } from '../../base/child.js';
import type { SimulationSource } from '../build/verilate.js';
import { findVerilator } from '../build/verilator.js';

/**
 * Hash of what Verilator makes of a simulation: two designs of one hash are the same hardware, in generate branches that
 * the design does not take or in constants that make no difference. Null: it refuses them.
 */
export async function elaborated(
  { top, verilog }: Pick<SimulationSource, 'top' | 'verilog'>,
  directory: string,
): Promise<string | null> {
  mkdirSync(directory, { recursive: true });
  for (const [name, text] of verilog) writeFileSync(join(directory, name), text);
  const { command } = await findVerilator();
  const flags = ['--cc', '-O3', '--noassert', '-Wno-fatal', '--x-assign', 'fast'];
  const args = [...flags, '--top-module', top, '--prefix', 'Vdut', '--Mdir', 'made'];
  const { ok } = await runChild({ command, args: [...args, ...verilog.keys()], cwd: directory });
  if (!ok) return null;
  const made = join(directory, 'made');
  const hash = createHash('sha256');
  for (const name of readdirSync(made).sort()) {
    if (/\.(cpp|h)$/.test(name)) hash.update(`${name}\n`).update(readFileSync(join(made, name)));
  }
  return hash.digest('hex');
}
