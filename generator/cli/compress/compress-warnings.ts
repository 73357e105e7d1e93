import { shellWord } from '../../base/printable.js';
import type { OutputError } from '../../golden/against-float.js';
import type { Remedy } from '../../golden/remedy.js';
import type { Calibration } from '../../network/compress/calibrate.js';
import type { FloatModel } from '../../network/float/model.js';
import type { WordLengths } from '../../network/model.js';
import { type ImportValues, importWords } from '../options/import-options.js';
import type { OptionValues } from '../options/options.js';
import { type searchOptions, searchWords } from '../options/search-options.js';
import { optionWords, type selectOptions, selectWords } from '../options/select-options.js';

/** Relative r.m.s. error of the outputs above which `compress` warns. */
export const LARGEST_ERROR = 0.05;

/** Whether the error is one that a user has to hear of. */
export const isLarge = ({ relativeRms, rms }: OutputError): boolean =>
  relativeRms === null ? rms > 0 : relativeRms > LARGEST_ERROR;

const OPTIONS: Readonly<Record<keyof WordLengths, string>> = {
  weight: '--weight-bits',
  activation: '--activation-bits',
  cell: '--cell-bits',
  bias: '--bias-bits',
};

export interface ErrorFacts {
  readonly error: OutputError;
  readonly remedy: Remedy | null;
  readonly words: WordLengths;
  /** The network, how it was read and what it was calibrated on, as on the command line. */
  readonly source: string;
  /** The frames are noise. */
  readonly noise: boolean;
  /** A search chose the patterns, which `sweep-bits` has none of. */
  readonly searched: boolean;
}

/** What `compress` says at its end about an error that is too large: how large, and what mends it. */
export function errorWarning(facts: ErrorFacts): string {
  const { error, remedy, words, source, noise, searched } = facts;
  const { weight, activation, cell, bias } = words;
  const now = `with words of ${weight}/${activation}/${cell}/${bias} bits (weights/x and h/c/biases)`;
  const on = noise ? 'noise, which says little about real frames' : 'the calibration frames';
  if (error.relativeRms === null) {
    return `the float network gives nothing but zeros on ${on}, the quantised one does not: no figure says how good it is`;
  }
  const size = `outputs differ from the float network by ${percent(error.relativeRms)} r.m.s. on ${on}, ${now}`;
  const auto = `hcgs compress ${source} --words auto looks for the smallest words`;
  const sweep = searched ? auto : `${auto}, hcgs sweep-bits ${source} shows more`;
  if (remedy === null) {
    return `${size}; longer words do not help: look at the saturations above, or let hcgs compress ${source} --words auto look for formats too`;
  }
  const options = Object.entries(remedy.words).map(
    ([kind, bits]) => `${OPTIONS[kind as keyof WordLengths]} ${bits}`,
  );
  const enough =
    remedy.relativeRms > LARGEST_ERROR ? ', still too much: look at the saturations above' : '';
  return `${size}; ${options.join(' ')} makes it ${percent(remedy.relativeRms)} (measured on ${remedy.frames} frames${enough}); ${sweep}`;
}

interface Source
  extends OptionValues<typeof selectOptions>,
    OptionValues<typeof searchOptions>,
    ImportValues {
  readonly MODEL: string;
  readonly calibrate?: string | undefined;
  readonly calibrateNoise?: number | undefined;
  readonly timeMajor: boolean;
}

/** The network, how it is read, pruned and calibrated, as the command line of another command has them. */
export function sourceWords(args: Source): string {
  const { MODEL, calibrate, calibrateNoise, timeMajor } = args;
  return [
    shellWord(MODEL),
    ...importWords(args),
    ...optionWords('calibrate', calibrate),
    ...optionWords('calibrate-noise', calibrateNoise),
    ...(timeMajor ? ['--time-major'] : []),
    ...selectWords(args),
    ...searchWords(args),
  ].join(' ');
}

/** What is said where the source network clips c on the calibration frames, which the hardware does not. */
export function clipWarnings(
  { cellClip }: Pick<FloatModel, 'cellClip'>,
  { cells }: Pick<Calibration, 'cells'>,
): readonly string[] {
  if (cellClip === undefined) return [];
  return cells.flatMap(({ low, high }, layer) =>
    Math.max(-low, high) < cellClip
      ? []
      : [
          `c of layer ${layer} reaches ${cellClip}, where the network clips it and the hardware does not: what that does is in the error of the outputs`,
        ],
  );
}

/** The command that compresses with words that a search found, whatever they are worth. */
export function explicitCommand(
  args: Source,
  lengths: WordLengths & { readonly table: number },
): string {
  const options = Object.entries({ ...OPTIONS, table: '--table-bits' }).map(
    ([kind, option]) => `${option} ${lengths[kind as keyof typeof lengths]}`,
  );
  return `hcgs compress ${sourceWords(args)} ${options.join(' ')} -o FILE`;
}

function percent(share: number): string {
  const value = 100 * share;
  return `${value >= 10 ? value.toFixed(0) : value.toPrecision(2)} %`;
}
