import { mkdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { temporary } from '../base/cleanup.js';
import { UserError } from '../base/errors.js';
import { translateWriteError } from '../base/files.js';
import type { Progress } from '../base/progress.js';
import { Comparator, type OutputSink } from './compare.js';
import type { CosimDesign, FrameSequence } from './design.js';
import { drive, SimulationEnded } from './drive.js';
import { harnessSource } from './harness.js';
import type { Mismatch } from './mismatch.js';
import type { Reference } from './reference.js';
import { type SteadyState, session, steadyCycles, WARMUP_FRAMES } from './session.js';
import type { Tally } from './tally.js';
import { verilate } from './verilate.js';
import { Watch } from './watch.js';

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
  /** Where a waveform goes: around the first mismatch, of a netlist only with `waves`; or, with `waves`, of the first cycles. */
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
    warmupFrames: WARMUP_FRAMES,
    timed: stall === 0,
    steady: stall === 0 ? steadyCycles(watch.left) : null,
    latencyCycles: watch.latencyCycles,
    complaints: watch.complaints,
    waveFile,
    buildSeconds: built.seconds,
    simSeconds,
    simCycles: watch.last?.cycle ?? 0,
    processorSeconds: watch.last?.processorSeconds ?? 0,
  };
}

/** Runs the same simulation once more, built to write waveforms, where one is wanted. */
async function waveform(
  options: CosimOptions,
  mismatch: Mismatch | null,
  mainStart: number,
): Promise<string | null> {
  // the build of a netlist with waveforms takes minutes
  const wanted = mismatch !== null && options.design.cellModels === undefined;
  if (!wanted && !options.waves) return null;
  options.progress.step('writing a waveform');
  const first = mismatch === null ? mainStart : Math.max(0, mismatch.cycle - WAVE_BEFORE);
  const last = mismatch === null ? mainStart + WAVE_CYCLES : mismatch.cycle + WAVE_AFTER;
  const waveFile = path.resolve(options.waveFile);
  // a folder, for the writer keeps a second file beside its own
  const work = `${waveFile}.tmp`;
  const partial = path.join(work, path.basename(waveFile));
  const built = await verilate(harnessSource(options.design, true));
  const settled = temporary(work);
  try {
    await mkdir(work, { recursive: true });
    await drive({
      program: built.program,
      directory: options.design.directory,
      operations: session({ ...options, window: { first, last } }),
      observe: () => 'go',
      waveFile: partial,
    });
    await rename(partial, waveFile);
  } catch (error) {
    throw waveError(error, options.waveFile);
  } finally {
    await rm(work, { recursive: true, force: true }).catch(() => undefined);
    settled();
  }
  return options.waveFile;
}

/** The writer of waveforms maps its file into memory: a full disk is a bus error there. */
function waveError(error: unknown, file: string): unknown {
  if (!(error instanceof SimulationEnded && error.signal === 'SIGBUS')) {
    return translateWriteError(error, file);
  }
  const message = `cannot write ${file}: the disk is full`;
  return new UserError({ code: 'DISK_FULL', message, file }, { cause: error });
}
