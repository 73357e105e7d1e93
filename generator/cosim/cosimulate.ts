import type { Progress } from '../base/progress.js';
import { harnessSource } from './build/harness.js';
import { verilate } from './build/verilate.js';
import { type CosimDesign, emittingFrames, type FrameSequence } from './design.js';
import type { Stalls } from './driver/bounds.js';
import { drive } from './driver/drive.js';
import {
  type CycleWindow,
  type SteadyState,
  session,
  stalled,
  steadyCycles,
  steadyStreams,
  steadyUtterances,
  timedByOutputs,
  WARMUP_FRAMES,
} from './driver/session.js';
import { Monitor } from './monitor/monitor.js';
import {
  driveProtocol,
  driveProtocolFile,
  type ProtocolOptions,
  type ProtocolResult,
  planProtocol,
} from './protocol/run.js';
import { writeWaveform } from './report/waveform.js';
import type { Mismatch } from './scoreboard/mismatch.js';
import type { Reference } from './scoreboard/reference.js';
import { type OutputSink, Scoreboard } from './scoreboard/scoreboard.js';
import type { TensorComparison } from './scoreboard/tensor-comparison.js';
import { frameMarks } from './sent-frames.js';

/** Cycles shown before and after a mismatch, and of a run without one. */
const WAVE_BEFORE = 200;
const WAVE_AFTER = 50;
const WAVE_CYCLES = 20_000;

export interface CosimOptions {
  readonly design: CosimDesign;
  readonly frames: FrameSequence;
  readonly reference: Reference;
  readonly stalls: Stalls;
  readonly seed: number;
  /** What the protocol pass needs; null: none. */
  readonly protocol: Pick<ProtocolOptions, 'reference' | 'inputBits'> | null;
  /** Where a waveform goes. */
  readonly waveFile: string;
  /**
   * `faults`: around the first mismatch or complaint, but not of a netlist; `always`: also of a netlist, and of the first
   * cycles where nothing is wrong; `never`: each is another build.
   */
  readonly waves: 'faults' | 'always' | 'never';
  readonly progress: Progress;
  readonly onOutputs?: OutputSink;
}

export interface CosimResult {
  readonly simulator: string;
  readonly comparisons: readonly TensorComparison[];
  readonly firstMismatch: Mismatch | null;
  readonly warmupFrames: number;
  /** Cycles were measured: there were no stalls. */
  readonly timed: boolean;
  /** Null under stalls, or when the frames did not come. */
  readonly steady: SteadyState | null;
  /** Null under stalls, and where the schedule of the hardware is not known. */
  readonly frameCycles: FrameCycles | null;
  readonly latencyCycles: number | null;
  /** Of a frame without outputs, alone, from its last input beat to its end; null also where every frame has some. */
  readonly silentCycles: number | null;
  /** What is wrong beside values: hangs, stream rules, flags, counters. Empty when all is well. */
  readonly complaints: readonly string[];
  /** Null when it was not asked for, and when the passes before it had found something. */
  readonly protocol: ProtocolResult | null;
  readonly waveFile: string | null;
  readonly buildSeconds: number;
  readonly simSeconds: number;
  /** Clock cycles of all passes, and the processor time the simulation took for them. */
  readonly simCycles: number;
  readonly processorSeconds: number;
}

/**
 * Runs a design against a reference: builds the simulation or takes it from the cache, sends the frames, compares
 * everything it shows and measures its cycles; then the protocol pass. A mismatch is a result, not an exception.
 * @throws UserError when the simulation cannot be built
 */
export async function cosimulate(options: CosimOptions): Promise<CosimResult> {
  const { design, frames, progress, stalls, seed } = options;
  progress.step(`building the simulation of ${design.name}`);
  const built = await verilate(harnessSource(design));
  progress.step('co-simulating');
  const started = performance.now();
  const monitor = new Monitor(
    new Scoreboard(design, frames, options.reference, options.onOutputs),
    (done) => progress.tick(done, emittingFrames(frames, design.emit).length),
    timedByOutputs(design),
    perUtterance(design),
  );
  await drive({
    program: built.program,
    directory: design.directory,
    load: design.load,
    seed,
    operations: session(options),
    observe: (observation) => monitor.observe(observation),
  });
  monitor.finish();
  const { scoreboard } = monitor;
  const { firstMismatch } = scoreboard;
  const clean = firstMismatch === null && monitor.complaints.length === 0;
  const protocol = clean ? await protocolPass(options, built.program) : null;
  const simSeconds = (performance.now() - started) / 1000;
  const timed = !stalled(stalls);
  return {
    simulator: built.simulator,
    comparisons: scoreboard.comparisons,
    firstMismatch,
    warmupFrames: WARMUP_FRAMES,
    timed,
    steady: timed ? steady(design, monitor) : null,
    frameCycles: timed ? frameCycles(design, frames, monitor) : null,
    latencyCycles: monitor.latencyCycles,
    silentCycles: timed ? monitor.silentCycles : null,
    complaints: monitor.complaints,
    protocol,
    waveFile: await waveform(options, monitor, protocol),
    buildSeconds: built.seconds,
    simSeconds,
    simCycles: (monitor.last?.cycle ?? 0) + (protocol?.simCycles ?? 0),
    processorSeconds: (monitor.last?.processorSeconds ?? 0) + (protocol?.processorSeconds ?? 0),
  };
}

/** Cycles from the last input beat of the first frame to the last output beat of each frame whose outputs leave. */
export interface FrameCycles {
  readonly measured: readonly number[];
  readonly predicted: readonly number[];
}

/** Frames of an utterance of the timing pass, where whole utterances are timed. */
function perUtterance({ order, emit, maxFrames }: CosimDesign) {
  if (order !== 'sequence' || maxFrames === null) return null;
  return { inputs: maxFrames, outputs: emit === 'every' ? maxFrames : 1 };
}

function steady(design: CosimDesign, monitor: Monitor): SteadyState | null {
  if (design.streams > 1) return steadyStreams(monitor.left, design.streams);
  return design.maxFrames === null
    ? steadyCycles(monitor.left)
    : steadyUtterances(monitor.utteranceEnds, design.maxFrames);
}

function frameCycles(
  design: CosimDesign,
  frames: FrameSequence,
  { inputs, outputs }: Monitor,
): FrameCycles | null {
  const { backToBack } = design.predicted;
  if (backToBack === undefined) return null;
  const marks = frameMarks(frames, design);
  const start = inputs[0] ?? 0;
  const predicted = backToBack(marks)
    .flatMap(({ ended }, n) => (marks[n]?.emits ? [ended] : []))
    // frames of several streams do not leave in the order in which they came
    .sort((a, b) => a - b);
  return { measured: outputs.map((cycle) => cycle - start), predicted };
}

function protocolPass(options: CosimOptions, program: string): Promise<ProtocolResult> | null {
  const { design, seed, protocol, progress } = options;
  if (protocol === null) return null;
  progress.step('resets, wrong frames and stalls');
  return driveProtocol(planProtocol({ design, seed, ...protocol }), program, (done, of) =>
    progress.tick(done, of),
  );
}

/** Runs the same simulation once more, built to write waveforms, where one is wanted. */
async function waveform(
  options: CosimOptions,
  monitor: Monitor,
  protocol: ProtocolResult | null,
): Promise<string | null> {
  const { design, seed, waveFile } = options;
  const cycle =
    monitor.scoreboard.firstMismatch?.cycle ?? monitor.complaintCycle ?? protocol?.complaintCycle;
  // the build of a netlist with waveforms takes minutes
  const wrong = cycle !== undefined && cycle !== null && design.cellModels === undefined;
  const wanted = options.waves === 'always' || (options.waves === 'faults' && wrong);
  if (!wanted) return null;
  options.progress.step('writing a waveform');
  const window: CycleWindow =
    cycle === undefined || cycle === null
      ? { first: monitor.mainStart, last: monitor.mainStart + WAVE_CYCLES }
      : { first: Math.max(0, cycle - WAVE_BEFORE), last: cycle + WAVE_AFTER };
  const ofProtocol = (protocol?.complaintCycle ?? null) !== null;
  await writeWaveform(design, waveFile, (program, file) =>
    ofProtocol && options.protocol !== null
      ? driveProtocolFile(
          planProtocol({ design, seed, ...options.protocol }),
          program,
          file,
          window,
        )
      : drive({
          program,
          directory: design.directory,
          load: design.load,
          seed,
          operations: session({ ...options, window }),
          observe: () => 'go',
          ownFile: file,
        }),
  );
  return waveFile;
}
