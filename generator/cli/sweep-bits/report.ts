import type { SweepPoint } from '../../golden/sweep-bits.js';
import { edgeNotes, type PointWords, WORDS } from './edges.js';

/** Some word lengths, and what the network is worth in them. */
export interface ReportPoint extends PointWords {
  /** Root mean square of output less float output, over every output of every frame, in the unit of the outputs. */
  readonly rmsError: number;
  /** The same divided by the root mean square of the float outputs; null where that is zero. */
  readonly relativeError: number | null;
  /** Utterances decided as labelled, and their share; null without labels. */
  readonly correct: number | null;
  readonly accuracy: number | null;
}

/** What `sweep-bits` reports: the JSON object, and the source of text, CSV and plot. */
export interface SweepReport {
  readonly model: string;
  /** The frames on which formats were chosen and errors measured: a file, or noise of a standard deviation. */
  readonly calibration: {
    readonly file: string | null;
    readonly noise: number | null;
    readonly labels: string | null;
    readonly frames: number;
    readonly utterances: number;
  };
  readonly weightBits: readonly number[];
  readonly activationBits: readonly number[];
  readonly cellBits: readonly number[];
  readonly biasBits: number;
  /** The float network on the same frames; root mean square of its outputs. */
  readonly float: {
    readonly rms: number;
    readonly correct: number | null;
    readonly accuracy: number | null;
  };
  /** Weight bits ascending, then activation bits, then bits of c. */
  readonly points: readonly ReportPoint[];
  /** Points of accuracy lost, or percent of relative error, that count as close to float. */
  readonly within: number;
  /** Close to float, and no other such point is as small in all three. */
  readonly smallest: readonly PointWords[];
  /** Where the best of these word lengths lie on the edge of a range, a sentence each: there may be better ones. */
  readonly edges: readonly string[];
  readonly csvFile: string | null;
  readonly plotFile: string | null;
  /** What else the user has to know, a sentence each. */
  readonly notes: readonly string[];
}

/** What the command knows of a sweep besides its points. */
export interface SweepFacts extends Omit<SweepReport, 'float' | 'points' | 'smallest' | 'edges'> {
  readonly floatCorrect: number | null;
}

/** `floatOutputs`: of every frame. */
export function sweepReport(
  points: readonly SweepPoint[],
  floatOutputs: Float64Array,
  { floatCorrect, within, csvFile, plotFile, notes, ...facts }: SweepFacts,
): SweepReport {
  const { calibration } = facts;
  const float = {
    rms: rootMeanSquare(floatOutputs),
    correct: floatCorrect,
    accuracy: floatCorrect === null ? null : floatCorrect / calibration.utterances,
  };
  const reported = points.map(reportPoint);
  const smallest = smallestPoints({ points: reported, float, calibration, within });
  const edges = edgeNotes({ ...facts, points: reported, smallest });
  return { ...facts, float, points: reported, within, smallest, edges, csvFile, plotFile, notes };
}

function reportPoint({ words, error, correct }: SweepPoint): ReportPoint {
  return {
    weightBits: words.weight,
    activationBits: words.activation,
    cellBits: words.cell,
    rmsError: error.rms,
    relativeError: error.relativeRms,
    correct: correct?.quantised ?? null,
    accuracy: correct && correct.quantised / correct.utterances,
  };
}

function rootMeanSquare(values: Float64Array): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);
}

/** What decides which word lengths are close to float. */
type Closeness = Pick<SweepReport, 'points' | 'float' | 'within'> & {
  readonly calibration: Pick<SweepReport['calibration'], 'utterances'>;
};

/**
 * The smallest word lengths close to float: at most `within` percentage points of accuracy below the float
 * network or, without labels, at most `within` % of relative error. A point is left out when another one that is close
 * has no more bits of any kind.
 */
export function smallestPoints(sweep: Closeness): SweepReport['smallest'] {
  const close = sweep.points.filter((point) => isClose(point, sweep));
  return close
    .filter((point) => !close.some((other) => other !== point && noLarger(other, point)))
    .map(({ weightBits, activationBits, cellBits }) => ({ weightBits, activationBits, cellBits }));
}

function isClose(point: ReportPoint, { float, calibration, within }: Closeness): boolean {
  const { correct, relativeError } = point;
  if (correct === null || float.correct === null) {
    return relativeError !== null && 100 * relativeError <= within;
  }
  return 100 * (float.correct - correct) <= within * calibration.utterances;
}

function noLarger(a: ReportPoint, b: ReportPoint): boolean {
  return WORDS.every((word) => a[word] <= b[word]);
}
