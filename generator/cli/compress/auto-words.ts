import type { Progress } from '../../base/progress.js';
import { measurerFor } from '../../golden/measure/measurer.js';
import { CHOSEN, type Chosen, type Lengths } from '../../golden/words/candidate.js';
import { type Found, searchWords } from '../../golden/words/search.js';
import type { Target } from '../../golden/words/target.js';
import type { Prepared } from '../../network/compress/prepare.js';
import type { CalibrationInput } from '../options/calibration-options.js';
import type { Quantisation } from '../options/format-options.js';
import { textTable } from '../text/text-table.js';

/** What a search for word lengths found, as `compress` reports it. */
export interface WordSearchReport {
  readonly target: Target;
  readonly reached: boolean;
  /** Bits of the words, and fraction bits of the tables, that were chosen. */
  readonly lengths: Lengths;
  /** Frames that chose no formats, with which the error is measured too. */
  readonly heldOut: { readonly frames: number };
  /** Relative r.m.s. errors of the outputs; null where the float network gives zeros. */
  readonly error: { readonly all: number | null; readonly heldOut: number | null };
  /** Exponents of weights that are chosen by the outputs, not by least squares. */
  readonly exponents: Found['exponents'];
  /** Bits by which the ranges of x and of c of each layer are wider than what the calibration says. */
  readonly headroom: readonly number[];
  /** What one bit less in a word gives: no shorter word meets the target. */
  readonly less: Found['less'];
  /** Golden runs that it took. */
  readonly runs: number;
}

/** The smallest words for a prepared network, whose calibration has frames held out. */
export async function chooseWords(
  prepared: Prepared,
  target: Target,
  { given, formats }: Pick<Quantisation, 'given' | 'formats'>,
  { labels }: CalibrationInput,
  { file, progress }: { readonly file: string; readonly progress: Progress },
): Promise<Found> {
  const { frames, outputs, heldOut } = prepared.calibration;
  const measurer = measurerFor({ frames, outputs, labels, heldOut }, prepared.source);
  progress.step('looking for word lengths');
  try {
    return await searchWords(prepared, measurer, {
      target,
      fixed: given,
      formats,
      file,
      tick: (runs, now) => progress.detail(`${wordsText(now)} bits, golden run ${runs}`),
    });
  } finally {
    await measurer.close();
  }
}

/** Words, tables and formats of what was found, as a network is quantised in them. */
export function chosenWords({
  words: { table: tableBits, ...words },
  formats,
}: Found): Pick<Quantisation, 'words' | 'tableBits' | 'formats'> {
  return { words, tableBits, formats };
}

export function wordSearchReport(
  found: Found,
  target: Target,
  heldOut: Uint8Array,
): WordSearchReport {
  const { reached, exponents, headroom, less, runs, measured } = found;
  return {
    target,
    reached,
    lengths: found.words,
    heldOut: { frames: heldOut.reduce((sum, one) => sum + one, 0) },
    error: {
      all: measured?.error.relativeRms ?? null,
      heldOut: measured?.heldOut?.relativeRms ?? null,
    },
    exponents,
    headroom,
    less,
    runs,
  };
}

const NAMES: Readonly<Record<Chosen, string>> = {
  weight: 'weights',
  activation: 'x and h',
  table: 'tables',
  cell: 'c',
  bias: 'biases',
};

/** `9/13/12/18/12`: weights, x and h, tables, c, biases. */
export const wordsText = (words: Lengths): string => CHOSEN.map((kind) => words[kind]).join('/');

/** What was found, for a person. */
export function wordSearchLines({
  target,
  lengths,
  error,
  heldOut,
  exponents,
  less,
  runs,
}: WordSearchReport): readonly string[] {
  return [
    `words chosen for ${targetText(target)}, ${runs} golden runs: ${wordsText(lengths)} bits (${CHOSEN.map((kind) => NAMES[kind]).join('/')})`,
    `error of the outputs: ${share(error.all)} on all frames, ${share(error.heldOut)} on the ${heldOut.frames} of them that chose no formats`,
    ...exponents.map(
      ({ name, exponent, leastSquares }) =>
        `${name}: exponent ${exponent}, because the outputs are better than with ${leastSquares} (least squares)`,
    ),
    ...(less.length === 0
      ? []
      : textTable([
          ['one bit less', 'bits', 'error', ...(target.kind === 'error' ? [] : ['correct'])],
          ...less.map(({ word, bits, error: own, correct }) => [
            NAMES[word],
            bits,
            own === null ? 'does not hold' : share(own),
            ...(target.kind === 'error' ? [] : [correct ?? '-']),
          ]),
        ])),
  ];
}

/** What is said where no words meet the target. */
export function unreachedText(
  { target, error, lengths }: WordSearchReport,
  command: string,
): string {
  const larger = Math.max(error.all ?? 0, error.heldOut ?? 0);
  return `no word lengths reach ${targetText(target)}: the best found are ${wordsText(lengths)} bits (${CHOSEN.map((kind) => NAMES[kind]).join('/')}) with an error of ${share(larger)}; nothing is written: ${command} takes them`;
}

export function targetText({ kind, limit }: Target): string {
  const percent = Number((100 * limit).toPrecision(6));
  return kind === 'error'
    ? `an error of at most ${percent} %`
    : `an accuracy at most ${percent} points below float`;
}

function share(value: number | null): string {
  return value === null ? '-' : `${(100 * value).toPrecision(3)} %`;
}
