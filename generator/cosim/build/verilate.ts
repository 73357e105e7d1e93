import { copyFile, readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { refuseStopped, runChild } from '../../base/child.js';
import { temporary } from '../../base/cleanup.js';
import { buildFailure } from './build-failure.js';
import { cached, cacheKey, PROGRAM } from './cache.js';
import { findVerilator, objectCache, type Verilator } from './verilator.js';
import { workFolder } from './work-folder.js';

/** A Verilog design and the C++ program that drives it, all as text. */
export interface SimulationSource {
  /** Top module; its C++ class is always `Vdut`, in `Vdut.h`. */
  readonly top: string;
  /** Verilog texts by file name. */
  readonly verilog: ReadonlyMap<string, string>;
  /** Verilog texts by file name from which only the modules are taken that `verilog` lacks; in addition to it. */
  readonly libraries?: ReadonlyMap<string, string>;
  /** Further flags of Verilator. */
  readonly flags?: readonly string[];
  /** What to say beside Verilator's own words when it cannot build this. */
  readonly hint?: string;
  /** C++ texts by file name: `.cpp` files are compiled, others are there to be included. */
  readonly program: ReadonlyMap<string, string>;
  /** Overrides of parameters of the top module. */
  readonly parameters?: Readonly<Record<string, number | string>>;
  /** Compiles the writer of FST waveforms in; costs about a tenth of the speed. */
  readonly waves?: boolean;
  /**
   * `fast` for long runs, `cheap` for short ones; `large`: for tens of thousands of cells, which a C++ compiler would be
   * long about.
   */
  readonly effort?: 'fast' | 'cheap' | 'large';
}

/** A simulation that can be started. */
export interface BuiltSimulation {
  /** The executable. */
  readonly program: string;
  /** True when nothing had to be compiled. */
  readonly reused: boolean;
  /** Wall time of looking up and, if necessary, building. */
  readonly seconds: number;
  readonly simulator: string;
}

/**
 * Builds a simulation with Verilator, or takes it from the cache when the same texts were built before with the same
 * flags and the same Verilator.
 * @throws UserError VERILATOR_MISSING, VERILATOR_TOO_OLD, VERILATOR_FAILED, DISK_FULL, CACHE_UNUSABLE, TOOL_HANGS, TOOL_FLOODS,
 * TOOL_KILLED
 */
export async function verilate(source: SimulationSource): Promise<BuiltSimulation> {
  const started = performance.now();
  const verilator = await findVerilator();
  const flags = flagsOf(source);
  const key = cacheKey([
    ['verilator', verilator.banner],
    ['flags', flags.join(' ')],
    ...source.verilog,
    ...(source.libraries ?? []),
    ...source.program,
  ]);
  const { program, hit } = await cached(key, (work) => build(source, flags, verilator, work));
  return {
    program,
    reused: hit,
    seconds: (performance.now() - started) / 1000,
    simulator: `verilator ${verilator.version}`,
  };
}

function flagsOf(source: SimulationSource): string[] {
  const fast = source.effort === undefined || source.effort === 'fast';
  return [
    ...['--cc', '--exe', '--build', '-O3', '--noassert', '-Wno-fatal'],
    // a select beyond a word has no value in hardware; cells of a library select as they like
    ...(source.libraries === undefined ? ['-Werror-SELRANGE'] : []),
    // registers that nothing sets, and reads beyond a memory, give random values: it costs no speed
    ...['--x-assign', 'unique', '--x-initial', 'unique'],
    ...['-j', '2', '-MAKEFLAGS', `OPT_FAST=${fast ? '-O3' : '-O1'}`],
    ...(source.waves ? ['--trace-fst'] : []),
    ...Object.entries(source.parameters ?? {}).map(([name, value]) => `-G${name}=${value}`),
    ...(source.flags ?? []),
    ...[...(source.libraries?.keys() ?? [])].flatMap((name) => ['-v', name]),
    ...['--top-module', source.top, '--prefix', 'Vdut', '-o', PROGRAM, '--Mdir', '.'],
  ];
}

async function build(
  source: SimulationSource,
  flags: readonly string[],
  verilator: Verilator,
  directory: string,
): Promise<void> {
  const work = await workFolder(directory);
  const removed = temporary(work);
  try {
    await buildIn(source, flags, verilator, work);
    await copyFile(path.join(work, PROGRAM), path.join(directory, PROGRAM));
  } finally {
    await rm(work, { recursive: true, force: true });
    removed();
  }
  const left = await readdir(directory);
  if (left.length !== 1) throw new Error(`unexpected files in a build: ${left.join(', ')}`);
}

async function buildIn(
  source: SimulationSource,
  flags: readonly string[],
  verilator: Verilator,
  work: string,
): Promise<void> {
  for (const [name, text] of [...source.verilog, ...(source.libraries ?? []), ...source.program]) {
    await writeFile(path.join(work, name), text);
  }
  const compiled = [...source.program.keys()].filter((name) => name.endsWith('.cpp'));
  const ended = await runChild({
    command: verilator.command,
    args: [...flags, ...source.verilog.keys(), ...compiled],
    cwd: work,
    env: await objectCache(),
  });
  refuseStopped(ended);
  if (!ended.ok) throw buildFailure(source, ended.all);
}
