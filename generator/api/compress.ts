import { basename } from 'node:path';
import { checkValue } from '../base/check-value.js';
import { unexpected } from '../base/errors.js';
import { inSlices } from '../base/steps.js';
import { provenanceOf } from '../cli/compress/provenance.js';
import { checkFrames } from '../cli/input/read-network.js';
import { patternPlan } from '../cli/options/select-options.js';
import { selectionLine } from '../cli/text/selection-text.js';
import { againstFloatSteps } from '../golden/against-float.js';
import { type CompressConfig, compressConfigSchema } from '../network/compress/config.js';
import { NOISE, noiseFrames } from '../network/compress/noise.js';
import { prepareSteps } from '../network/compress/prepare.js';
import { quantiseSteps } from '../network/compress/quantise-network.js';
import { modelBytes } from '../network/compressed-model.js';
import { inputsOf } from '../network/float/model.js';
import type { RealFrames } from '../network/float/run.js';
import { DEFAULT_WORDS } from '../network/limits.js';
import { selectSteps } from '../network/select/select.js';
import { checkArguments, count, oneOf, REPORTING, SWITCH, TEXTS } from './arguments.js';
import { networks } from './contents.js';
import { type FramesGiven, framesGiven } from './frames.js';
import { modelObject } from './model.js';
import type { CompressedModel, Network } from './objects.js';
import { type Reporting, reportingOf } from './reporting.js';

/** How a network is compressed: word lengths and formats as in a `--config` file, frames, and the pattern. */
export interface CompressOptions extends CompressConfig, Reporting {
  /** Frames from which the formats of x and c are chosen; these, or `noise`. */
  readonly frames?: FramesGiven | undefined;
  /** No frames yet: normal noise of this standard deviation in their place. */
  readonly noise?: number | undefined;
  /** Chooses the pattern of a dense network; absent: its zeros say it. */
  readonly select?: 'magnitude' | 'random' | undefined;
  /** The pattern in the words of `hcgs compress`, once for all layers or once for each. */
  readonly pattern?: string | readonly string[] | undefined;
  readonly blocks?: string | readonly string[] | undefined;
  readonly keep?: string | readonly string[] | undefined;
  readonly rate?: string | readonly string[] | undefined;
  readonly balance?: string | readonly string[] | undefined;
  /** With `select`: one pattern for all gates of a matrix (default), or one for each. */
  readonly mask?: 'shared' | 'per-gate' | undefined;
  /** With `select: 'random'`. */
  readonly seed?: number | undefined;
  /** Adds zero blocks where a block row keeps too few. */
  readonly fill?: boolean | undefined;
  /** Keeps every weight, zeros too. */
  readonly dense?: boolean | undefined;
}

/** A compressed model, and how far it is from the network in floating point. */
export interface Compression {
  readonly model: CompressedModel;
  /** Differences of its outputs from those of the network, over all outputs of all frames of the calibration. */
  readonly error: {
    readonly rms: number;
    readonly largest: number;
    /** `rms` divided by the r.m.s. of the outputs of the network; null where those are zeros. */
    readonly relativeRms: number | null;
  };
  /** What a person has to know of how zeros were taken, a sentence each. */
  readonly notes: readonly string[];
}

/**
 * Quantises a trained network, finds or chooses the pattern of its zeros, and stores the kept weights: the work of `hcgs compress`
 * without its searches (`--words auto`, `--search`).
 * @throws UserError API_ARGUMENT, CONFIG_VALUE, BAD_USAGE; of frames, patterns and formats as the command
 */
export async function compress(network: Network, options: CompressOptions): Promise<Compression> {
  const { imported, sha256 } = networks.of(network);
  const { file } = network;
  const { frames: given, noise, onStage, onNote, ...rest } = options;
  const { select, pattern, blocks, keep, rate, balance, mask, seed, fill, dense, ...config } = rest;
  const formats = checkValue(config, 'options', compressConfigSchema, {
    code: 'CONFIG_VALUE',
    whole: 'the options',
  });
  const { words = {}, tableBits, ...choices } = formats;
  checkArguments({ select, mask, seed, fill, dense, noise, onStage, onNote }, RULES);
  for (const [field, value] of Object.entries({ pattern, blocks, keep, rate, balance })) {
    checkArguments({ [field]: listOf(value) }, { [field]: TEXTS });
  }
  const { request, selection } = patternPlan({
    ...{ select, mask, seed, fill: fill ?? false, dense: dense ?? false },
    ...{ pattern: listOf(pattern), blocks: listOf(blocks), keep: listOf(keep) },
    ...{ rate: listOf(rate), balance: listOf(balance) },
  });
  const calibration = await calibrationOf(network, given, noise);
  const { frames } = calibration;
  const { progress } = reportingOf({ onStage, onNote });
  const { model: source } = imported;
  const chosen = selection ? await inSlices(selectSteps(source, selection)) : source;
  progress.step('calibrating');
  const prepared = await inSlices(prepareSteps(chosen, { ...request, frames, file }));
  const quantisation = {
    words: { ...DEFAULT_WORDS, ...defined(words) },
    tableBits,
    formats: choices,
    provenance: provenanceOf(imported, {
      ...{ file, sha256, calibration: calibration.provenance },
      selection: selection ? selectionLine(selection) : undefined,
    }),
    file,
  };
  const { model } = await inSlices(quantiseSteps(prepared, quantisation));
  progress.step('golden model on the calibration frames');
  const { outputs } = prepared.calibration;
  const { error } = await inSlices(againstFloatSteps(model, outputs, frames));
  const { rms, largest, relativeRms } = error;
  return {
    model: modelObject(model, modelBytes(model), file),
    error: { rms, largest, relativeRms },
    notes: [...prepared.notes],
  };
}

const RULES = {
  select: oneOf(['magnitude', 'random']),
  mask: oneOf(['shared', 'per-gate']),
  ...{ seed: count(0), fill: SWITCH, dense: SWITCH, ...REPORTING },
  noise: {
    expected: 'a number above 0',
    holds: (value: unknown) => typeof value === 'number' && Number.isFinite(value) && value > 0,
  },
};

const listOf = (given: string | readonly string[] | undefined): readonly string[] =>
  given === undefined ? [] : typeof given === 'string' ? [given] : given;

/** An object without the fields that are undefined. */
function defined<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const entries = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]?: Exclude<T[K], undefined> };
}

/** @throws UserError API_ARGUMENT for both or neither of frames and noise; FRAMES_UNSETTLED, CALIBRATION_TYPE, or of the frames */
async function calibrationOf(
  network: Network,
  given: FramesGiven | undefined,
  noise: number | undefined,
): Promise<{ readonly frames: RealFrames; readonly provenance: string }> {
  const { imported } = networks.of(network);
  const inputs = inputsOf(imported.model);
  if ((given === undefined) === (noise === undefined)) {
    const got = given === undefined ? 'neither' : 'both';
    throw unexpected({ code: 'API_ARGUMENT', field: 'frames', expected: 'frames, or noise', got });
  }
  if (noise !== undefined) {
    const size = `${NOISE.utterances} x ${NOISE.frames} frames`;
    const provenance = `noise with standard deviation ${noise}, ${size}`;
    return { frames: noiseFrames(inputs, noise), provenance };
  }
  const set = await framesGiven(given as FramesGiven, inputs);
  const { file, type } = set;
  checkFrames(imported, network.file, { calibrate: file });
  if (!type.startsWith('float')) {
    const expected = 'float16, float32 or float64 frames';
    throw unexpected({ code: 'CALIBRATION_TYPE', file, field: 'descr', expected, got: type });
  }
  return { frames: set, provenance: basename(file) };
}
