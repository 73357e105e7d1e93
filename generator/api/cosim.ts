import { join } from 'node:path';
import { unexpected } from '../base/errors.js';
import { checkInside } from '../base/inside.js';
import { designToRun } from '../cli/input/trust.js';
import { findVerilator } from '../cosim/build/verilator.js';
import { cosimulate } from '../cosim/cosimulate.js';
import { type InputFrames, inputFrames, recordedFrames } from '../cosim/driver/input-frames.js';
import { cosimDesign } from '../cosim/read-design.js';
import { checksOf } from '../cosim/scoreboard/checks.js';
import { placedModel } from '../design/read/placed-model.js';
import { withFiles } from '../design/write/stage.js';
import { GoldenNetwork } from '../golden/network.js';
import { inputFormat } from '../network/frames.js';
import type { Model } from '../network/model.js';
import { ANYTHING, checkArguments, count, REPORTING, SWITCH, TEXT } from './arguments.js';
import { type FramesGiven, framesGiven } from './frames.js';
import { type Reporting, reportingOf } from './reporting.js';

export interface CosimOptions extends Reporting {
  /** Frames; absent: random ones. */
  readonly frames?: FramesGiven | undefined;
  /** So many random frames; 20 if absent. */
  readonly random?: number | undefined;
  /** Of random frames and stalls; 1 if absent. */
  readonly seed?: number | undefined;
  /** Probability of gaps in the input stream and of back-pressure on the output stream, below 1; cycles are then not measured. */
  readonly stall?: number | undefined;
  /** Resets in operation, wrong frames, flags and counters; true if absent. */
  readonly protocol?: boolean | undefined;
  /** Takes a design whose pages, vectors or images were edited. */
  readonly allowEdited?: boolean | undefined;
  /** Runs what hcgs did not write: only for directories of your own. */
  readonly trust?: boolean | undefined;
}

/** One thing that was found right or wrong. */
export interface CosimCheck {
  /** E.g. `layer 1 h`, `latency`. */
  readonly name: string;
  readonly detail: string;
  /** Null where it holds. */
  readonly failure: string | null;
}

export interface CosimReport {
  /** Whether every check holds. */
  readonly ok: boolean;
  readonly name: string;
  /** Program and version that simulated. */
  readonly simulator: string;
  readonly frames: number;
  readonly utterances: number;
  readonly comparedValues: number;
  readonly mismatches: number;
  /** Measured in the steady state; null with stalls. */
  readonly cyclesPerFrame: number | null;
  readonly latencyCycles: number | null;
  readonly checks: readonly CosimCheck[];
  /** Waveform around the first mismatch; null where nothing differs. */
  readonly waveform: string | null;
}

/**
 * Simulates the Verilog of a design directory and compares every value and cycle with the golden model: the work of `hcgs cosim`.
 * A mismatch is a result, not an exception.
 * @throws UserError API_ARGUMENT, VERILATOR_MISSING; as the command for a directory that is no design, was edited, or is not as
 * hcgs writes it
 */
export async function cosim(directory: string, options: CosimOptions = {}): Promise<CosimReport> {
  checkOptions(directory, options);
  const { seed = 1, stall = 0, allowEdited = false, trust = false } = options;
  const reporting = reportingOf(options);
  checkInside(directory, WAVE_FILE);
  const stored = await designToRun(directory, { allowEdited, trust }, ['rtl'], reporting);
  const { model } = placedModel(stored);
  const design = cosimDesign(stored, model);
  const { sequence } = await framesOf(model, options, seed, design.maxFrames ?? undefined);
  await findVerilator();
  const simulated = (folder: string) =>
    cosimulate({
      design: { ...design, directory: folder },
      frames: sequence,
      reference: new GoldenNetwork(model),
      stalls: { gap: stall, pause: stall },
      seed,
      protocol:
        options.protocol === false
          ? null
          : { reference: new GoldenNetwork(model), inputBits: inputFormat(model).bits },
      waves: 'faults',
      waveFile: join(directory, WAVE_FILE),
      progress: reporting.progress,
    });
  const result = await withFiles(stored, ['mem'], simulated);
  const checks = checksOf(design, result).map(({ name, detail, failure }) => ({
    ...{ name, detail, failure },
  }));
  const sum = (what: 'compared' | 'mismatches') =>
    result.comparisons.reduce((total, comparison) => total + comparison[what], 0);
  return {
    ok: checks.every(({ failure }) => failure === null),
    name: design.name,
    simulator: result.simulator,
    frames: sequence.frames,
    utterances: sequence.utteranceStarts.length,
    comparedValues: sum('compared'),
    mismatches: sum('mismatches'),
    cyclesPerFrame: result.steady?.cyclesPerFrame ?? null,
    latencyCycles: result.latencyCycles,
    checks,
    waveform: result.waveFile,
  };
}

/** As the command writes it, relative to the design. */
const WAVE_FILE = 'waves/cosim.fst';

async function framesOf(
  model: Model,
  { frames, random }: CosimOptions,
  seed: number,
  most: number | undefined,
): Promise<InputFrames> {
  if (frames === undefined) return inputFrames(model, { timeMajor: false, random, seed, most });
  const { inputs, ...format } = inputFormat(model);
  return recordedFrames(await framesGiven(frames, inputs), format, most);
}

const RULES = {
  ...{ frames: ANYTHING, random: count(1), seed: count(0), protocol: SWITCH },
  ...{ allowEdited: SWITCH, trust: SWITCH, ...REPORTING },
  stall: {
    expected: 'a number from 0, below 1',
    holds: (value: unknown) => typeof value === 'number' && value >= 0 && value < 1,
  },
};

/** @throws UserError API_ARGUMENT */
function checkOptions(directory: string, options: CosimOptions): void {
  checkArguments({ directory, ...options }, { directory: TEXT, ...RULES });
  if (options.frames === undefined || options.random === undefined) return;
  const expected = 'frames, or random';
  throw unexpected({ code: 'API_ARGUMENT', field: 'random', expected, got: 'both' });
}
