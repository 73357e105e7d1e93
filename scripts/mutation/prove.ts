import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { execa } from 'execa';
import { changed, type Mutant } from '../../generator/cosim/inject/draw.js';
import type { Design } from '../../generator/design/read/read.js';
import { modulesOf, pathOf } from './golden-design.js';

/** Processor time of one attempt, in seconds. */
const LIMIT = 30;

/**
 * Tries to prove with Yosys that a mutant is the design: the changed module with everything below it, at each set of
 * parameters with which the design instantiates it, gives the same outputs in every cycle for any inputs, whatever
 * comes around it. What cannot be proved in its time is not.
 */
export async function prove(design: Design, mutant: Mutant, folder: string): Promise<boolean> {
  const { name } = design.manifest;
  const texts = modulesOf(design);
  const text = changed(texts.get(mutant.module) as string, mutant);
  mkdirSync(join(folder, 'mem'), { recursive: true });
  for (const [path, bytes] of design.files) {
    if (path.startsWith('rtl/') || path.startsWith('mem/')) put(folder, path, bytes);
  }
  put(folder, 'mutant.v', text);
  const gold = [...texts.keys()].map(pathOf);
  const gate = gold.map((path) => (path === pathOf(mutant.module) ? 'mutant.v' : path));
  const module = basename(pathOf(mutant.module), '.v');
  const instances = await instancesOf(module, { folder, name, files: gold });
  for (const instance of instances) {
    const side = (files: readonly string[], as: string) => [
      `read_verilog ${files.join(' ')}`,
      ...[`hierarchy -top ${name}`, `hierarchy -top ${instance}`],
      ...['proc', 'flatten', 'memory -nomap', 'memory_map', 'opt_clean'],
      ...[`rename -top ${as}`, `design -stash ${as}`],
    ];
    const both = ['gold', 'gate'].map((as) => `design -copy-from ${as} -as ${as} ${as}`);
    const made = [...side(gold, 'gold'), ...side(gate, 'gate'), ...both];
    if (!(await yosys(folder, [...made, ...STEP_BY_STEP]))) return false;
  }
  return instances.length > 0;
}

/** Signal by signal of the same name, by induction over some cycles from any state. */
const STEP_BY_STEP = [
  ...['equiv_make gold gate equiv', 'hierarchy -top equiv', 'opt_clean', 'equiv_struct -icells'],
  ...['equiv_simple -undef', 'equiv_induct -undef -seq 8', 'equiv_status -assert'],
];

/** Names that Yosys gives to a module at the sets of parameters with which it is instantiated. */
async function instancesOf(
  module: string,
  { folder, name, files }: { folder: string; name: string; files: readonly string[] },
): Promise<readonly string[]> {
  const list = [`read_verilog ${files.join(' ')}`, `hierarchy -top ${name}`, 'tee -o names.txt ls'];
  const { stdout } = await run(folder, list);
  const names = stdout.split('\n').map((line) => line.trim());
  return [...new Set(names.filter((one) => one === module || ofModule(one, module)))];
}

function ofModule(derived: string, module: string): boolean {
  return derived.startsWith('$paramod') && derived.split('\\')[1] === module;
}

async function yosys(folder: string, lines: readonly string[]): Promise<boolean> {
  const { exitCode } = await run(folder, lines);
  return exitCode === 0;
}

async function run(folder: string, lines: readonly string[]) {
  put(folder, 'prove.ys', `${lines.join('\n')}\n`);
  return execa('bash', ['-c', `ulimit -t ${LIMIT}; exec yosys -s prove.ys`], {
    cwd: folder,
    reject: false,
  });
}

function put(folder: string, path: string, content: string | Uint8Array): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), content);
}
