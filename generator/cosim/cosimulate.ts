import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { Progress } from '../base/progress.js';
import { Comparator, type OutputSink } from './compare.js';
import type { CosimDesign, FrameSequence } from './design.js';
import { drive } from './drive.js';
import { harnessSource } from './harness.js';
import type { Mismatch } from './mismatch.js';
import type { FaultKind, Observation, Status } from './observations.js';
import type { Reference } from './reference.js';
import { PASS, type SteadyState, session, steadyCycles, warmupFrames } from './session.js';
import type { Tally } from './tally.js';
import { verilate } from './verilate.js';

/** Cycles shown before and after a mismatch, and of a run without one. */
const WAVE_BEFORE = 200;
const WAVE_AFTER = 50;
const WAVE_CYCLES = 20_000;

export interface CosimOptions {
  readonly design: CosimDesign;
  readonly frames: FrameSequence;
  readonly reference: Reference;
  /** Probability of input gaps and of back-pressure, 0 <= stall < 1. */
  readonly stall: number;
  readonly seed: number;
  /** Where a waveform goes: around the first mismatch, or, with `waves`, of the first cycles. */
  readonly waveFile: string;
  readonly waves: boolean;
  readonly progress: Progress;
  readonly onOutputs?: OutputSink;
}

export interface CosimResult {
  readonly simulator: string;
  readonly tallies: readonly Tally[];
  readonly firstMismatch: Mismatch | null;
  readonly warmupFrames: number;
  /** Cycles were measured: there were no stalls. */
  readonly timed: boolean;
  /** Null under stalls, or when the frames did not come. */
  readonly steady: SteadyState | null;
  readonly latencyCycles: number | null;
  /** What is wrong beside values: hangs, stream rules, flags, counters. Empty when all is well. */
  readonly complaints: readonly string[];
  readonly waveFile: string | null;
  readonly buildSeconds: number;
  readonly simSeconds: number;
  /** Clock cycles of all passes, and the processor time the simulation took for them. */
  readonly simCycles: number;
  readonly processorSeconds: number;
}

/**
 * Runs a design against a reference: builds the simulation or takes it from the cache, sends the frames, compares
 * everything it shows and measures its cycles. A mismatch is a result, not an exception.
 * @throws UserError when the simulation cannot be built
 */
export async function cosimulate(options: CosimOptions): Promise<CosimResult> {
  const { design, frames, progress, stall } = options;
  progress.step(`building the simulation of ${design.name}`);
  const built = await verilate(harnessSource(design));
  progress.step('co-simulating');
  const started = performance.now();
  const watch = new Watch(
    new Comparator(design, frames, options.reference, options.onOutputs),
    (done) => progress.tick(done, frames.frames),
  );
  await drive({
    program: built.program,
    directory: design.directory,
    operations: session(options),
    observe: (observation) => watch.observe(observation),
  });
  const simSeconds = (performance.now() - started) / 1000;
  watch.finish();
  const { comparator } = watch;
  const { firstMismatch } = comparator;
  const waveFile = await waveform(options, firstMismatch, watch.mainStart);
  return {
    simulator: built.simulator,
    tallies: comparator.tallies,
    firstMismatch,
    warmupFrames: warmupFrames(design),
    timed: stall === 0,
    steady: stall === 0 ? steadyCycles(watch.left, warmupFrames(design)) : null,
    latencyCycles: watch.latencyCycles,
    complaints: watch.complaints,
    waveFile,
    buildSeconds: built.seconds,
    simSeconds,
    simCycles: watch.status?.cycle ?? 0,
    processorSeconds: watch.status?.processorSeconds ?? 0,
  };
}

const FAULT_TEXT: Readonly<Record<FaultKind, string>> = {
  timeout: 'the hardware hangs: no handshake and no trace for too long',
  unstable: 'an output beat changed or vanished while it had to wait',
  trace: 'the trace port named a layer that does not exist',
  overlong: 'an output frame does not end',
};

/** Sorts what the harness sees into comparison, timing and complaints. */
class Watch {
  /** Cycles in which the frames of the timing pass, else of the main pass, left. */
  readonly left: number[] = [];
  readonly complaints: string[] = [];
  latencyCycles: number | null = null;
  mainStart = 0;
  status: Status | null = null;
  #pass = 0;
  #timed: number = PASS.main;
  #lastInput = 0;

  constructor(
    readonly comparator: Comparator,
    private readonly onFrame: (done: number) => void,
  ) {}

  observe(seen: Observation): 'go' | 'stop' {
    switch (seen.kind) {
      case 'sums':
      case 'states':
        this.comparator.rows(seen);
        break;
      case 'output':
        if (this.#pass === PASS.latency) this.latencyCycles = seen.cycle - this.#lastInput;
        if (this.#pass === this.#timed) this.left.push(seen.cycle);
        if (this.#pass !== PASS.main) break;
        this.comparator.output(seen);
        this.onFrame(seen.sequence + 1);
        break;
      case 'input':
        this.#lastInput = seen.cycle;
        break;
      case 'mark':
        this.#pass = seen.id;
        if (seen.id === PASS.timing) this.#timed = PASS.timing;
        if (seen.id === PASS.main) this.mainStart = seen.cycle;
        break;
      case 'fault':
        this.#complain(`${FAULT_TEXT[seen.fault]} (cycle ${seen.cycle})`);
        break;
      case 'status':
        this.status = seen;
        break;
      case 'reset':
        break;
    }
    if (!this.comparator.outOfStep) return 'go';
    this.#complain('hardware and golden model are out of step; the run was ended');
    return 'stop';
  }

  finish(): void {
    const { status } = this;
    this.comparator.finish(status?.cycle ?? this.left.at(-1) ?? 0);
    if (status === null) return;
    if (status.error || status.errorCount > 0) {
      this.#complain(`the error flag is up after good frames (error_count ${status.errorCount})`);
    }
    if (status.cycles !== status.busyCycles % 2 ** 32) {
      this.#complain(`cycles says ${status.cycles}, busy was high for ${status.busyCycles} cycles`);
    }
  }

  #complain(text: string): void {
    if (this.complaints.length < 10) this.complaints.push(text);
  }
}

/** Runs the same simulation once more, built to write waveforms, where one is wanted. */
async function waveform(
  options: CosimOptions,
  mismatch: Mismatch | null,
  mainStart: number,
): Promise<string | null> {
  if (mismatch === null && !options.waves) return null;
  options.progress.step('writing a waveform');
  const first = mismatch === null ? mainStart : Math.max(0, mismatch.cycle - WAVE_BEFORE);
  const last = mismatch === null ? mainStart + WAVE_CYCLES : mismatch.cycle + WAVE_AFTER;
  const waveFile = path.resolve(options.waveFile);
  await mkdir(path.dirname(waveFile), { recursive: true });
  const built = await verilate(harnessSource(options.design, true));
  await drive({
    program: built.program,
    directory: options.design.directory,
    operations: session({ ...options, window: { first, last } }),
    observe: () => 'go',
    waveFile,
  });
  return options.waveFile;
}
