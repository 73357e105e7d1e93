import { rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { execa } from 'execa';
import { onInterrupt } from '../../generator/base/cleanup.js';
import { harnessSource } from '../../generator/cosim/build/harness.js';
import type { CosimDesign } from '../../generator/cosim/design.js';
import { changed, type Mutant } from '../../generator/cosim/inject/draw.js';
import { elaborated } from '../../generator/cosim/inject/elaborate.js';
import { cosimDesign } from '../../generator/cosim/read-design.js';
import type { Design } from '../../generator/design/read/read.js';
import { parseModel } from '../../generator/network/compressed-model.js';
import { modulesOf, PROGRAM, pathOf, writeChanged } from './golden-design.js';

/** Processor time that each process of a run may take, in seconds: those of the design itself take a few. */
const LIMIT = 30;

/** What became of a mutant. `unbuilt` and `same` are no mutants: another one is drawn for them. */
export type Verdict =
  | { readonly kind: 'killed'; readonly by: string }
  | { readonly kind: 'survived' }
  | { readonly kind: 'unbuilt' }
  | { readonly kind: 'same' };

/** Judges mutants of one design by `hcgs cosim` at its defaults. */
export class Judge {
  readonly #texts: ReadonlyMap<string, string>;
  readonly #simulated: CosimDesign;
  #original: Promise<string | null> | null = null;
  #runs = 0;

  /** `folder`: for the designs of the mutants and their builds, beside what others have built. */
  constructor(
    private readonly design: Design,
    private readonly folder: string,
  ) {
    this.#texts = modulesOf(design);
    const model = parseModel(design.files.get(design.manifest.model.file) as Uint8Array, 'model');
    this.#simulated = cosimDesign(design, model);
  }

  async verdict(mutant: Mutant): Promise<Verdict> {
    const work = join(this.folder, `run-${++this.#runs}`);
    try {
      const text = changed(this.#texts.get(mutant.module) as string, mutant);
      const made = await this.#elaborated(mutant.module, text, join(work, 'elaborated'));
      if (made === null) return { kind: 'unbuilt' };
      this.#original ??= this.#elaborated(null, '', join(this.folder, 'original'));
      if (made === (await this.#original)) return { kind: 'same' };
      const directory = join(work, this.design.manifest.name);
      await writeChanged(this.design, directory, mutant.module, text);
      return await this.#simulate(directory, join(work, 'cache'));
    } finally {
      rmSync(work, { recursive: true, force: true });
    }
  }

  /** As it is simulated, with the trace brought out of it: what a simulation cannot see is left out of both. */
  #elaborated(module: string | null, text: string, folder: string): Promise<string | null> {
    const { verilog } = this.#simulated;
    const texts =
      module === null ? verilog : [...verilog, [basename(pathOf(module)), text] as const];
    return elaborated(harnessSource({ ...this.#simulated, verilog: new Map(texts) }), folder);
  }

  async #simulate(directory: string, cache: string): Promise<Verdict> {
    const command = [process.execPath, PROGRAM, 'cosim', directory, '--trust', '--json'];
    const child = execa('bash', ['-c', `ulimit -t ${LIMIT}; exec "$@"`, 'bash', ...command], {
      ...{ reject: false, detached: true, env: { HCGS_CACHE: cache } },
    });
    const settled = onInterrupt(() => end(child.pid));
    // values differ: a waveform of it takes longer than everything else, and nobody looks at it
    let differs = false;
    child.stderr.on('data', (said: Buffer) => {
      if (!said.includes('writing a waveform')) return;
      differs = true;
      end(child.pid);
    });
    const { exitCode, signal, stdout, stderr } = await child;
    settled();
    if (differs) return { kind: 'killed', by: 'values' };
    if (exitCode === 0) return { kind: 'survived' };
    if (exitCode === 1) return { kind: 'killed', by: why(stdout) };
    const code = /"code": *"(\w+)"/.exec(stdout)?.[1];
    if (code === 'VERILATOR_FAILED') return { kind: 'unbuilt' };
    // a run that dies, or does not end, is noticed as well
    if (signal !== undefined) return { kind: 'killed', by: signal };
    if (exitCode === 3) return { kind: 'killed', by: `exit code 3: ${code}` };
    throw new Error(`cosim ended with ${exitCode}: ${stdout}${stderr}`);
  }
}

/** Ends a program and everything that it has started. */
function end(group: number | undefined): void {
  try {
    if (group !== undefined) process.kill(-group, 'SIGKILL');
  } catch {
    // it has ended by itself
  }
}

/** What a run that failed found first. */
function why(json: string): string {
  const { firstMismatch, complaints, ...rest } = JSON.parse(json);
  if (firstMismatch !== null) return `${firstMismatch.tensor} of frame ${firstMismatch.frame}`;
  if (complaints.length > 0) return complaints[0];
  if (rest.cyclesPerFrame !== rest.predictedCyclesPerFrame) return 'cycles per frame';
  return 'latency';
}
