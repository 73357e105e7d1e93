import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { READERS } from './readers.js';

/** What the program may have in memory at most while it reads a file of that many bytes. */
export const peakLimit = (bytes: number): number => 300e6 + 8 * bytes;

/** Growth from which on a file is measured in a process of its own. */
const suspicious = (bytes: number): number => 100e6 + 4 * bytes;

const UNIT = 1024;
/** Looks at the memory of the process from another thread, as the reader does not give way. */
const SAMPLER = `
  const { workerData } = require('node:worker_threads');
  const most = new Int32Array(workerData);
  setInterval(() => {
    const now = Math.ceil(process.memoryUsage.rss() / ${UNIT});
    if (now > Atomics.load(most, 0)) Atomics.store(most, 0, now);
  }, 1);
`;

/** Watches the memory of this process while inputs are read. */
export class PeakMeter {
  readonly #most = new Int32Array(new SharedArrayBuffer(4));
  readonly #worker = new Worker(SAMPLER, { eval: true, workerData: this.#most.buffer });

  constructor() {
    this.#worker.unref();
  }

  /** Bytes by which memory grew while `act` ran, at its peak, and what `act` gave. */
  measure<T>(act: () => T): { readonly result: T; readonly grown: number } {
    const before = process.memoryUsage.rss();
    Atomics.store(this.#most, 0, Math.ceil(before / UNIT));
    const result = act();
    const most = Math.max(Atomics.load(this.#most, 0) * UNIT, process.memoryUsage.rss());
    return { result, grown: most - before };
  }

  async end(): Promise<void> {
    await this.#worker.terminate();
  }
}

/** Whether an input has to be measured in a process of its own. */
export function isSuspicious(grown: number, bytes: number): boolean {
  return grown > suspicious(bytes);
}

/**
 * Bytes that a process has in memory at most which reads that one input and nothing else.
 * @throws Error when the process does not end by itself.
 */
export function peakOf(target: keyof typeof READERS, bytes: Uint8Array): number {
  const folder = mkdtempSync(join(tmpdir(), 'hcgs-fuzz-'));
  try {
    const path = join(folder, 'input');
    writeFileSync(path, bytes);
    const script = fileURLToPath(new URL('peak-of-one.ts', import.meta.url));
    const tsx = fileURLToPath(new URL('../../node_modules/tsx/dist/cli.mjs', import.meta.url));
    const child = spawnSync(process.execPath, [tsx, script, target, path], { encoding: 'utf8' });
    const peak = Number(child.stdout);
    if (child.status !== 0 || !(peak > 0)) throw new Error(`no end by itself: ${child.stderr}`);
    return peak;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
