import type { ReportPoint, SweepReport } from './report.js';
import { accuracyText, errorText } from './text.js';

/** One cell of a heat map. */
export interface Cell {
  readonly weightBits: number;
  readonly activationBits: number;
  readonly text: string;
  /** Place between the lightest colour (0) and the darkest (1). */
  readonly shade: number;
  /** One of the smallest word lengths close to float. */
  readonly smallest: boolean;
}

/** A heat map of one figure. */
export interface Panel {
  readonly name: 'accuracy' | 'error';
  readonly title: string;
  /** Colour scheme of Vega. */
  readonly scheme: string;
  readonly cells: readonly Cell[];
}

/** The heat maps of a sweep: accuracy, where there are labels, and output error. */
export function panels(report: SweepReport): readonly Panel[] {
  const error: Panel = {
    name: 'error',
    title: `r.m.s. error of the outputs, % of float (${report.float.rms.toPrecision(3)} r.m.s.)`,
    scheme: 'oranges',
    cells: cells(report, errorText, ({ relativeError }) =>
      relativeError === null || relativeError === 0 ? null : Math.log(relativeError),
    ),
  };
  if (report.float.accuracy === null) return [error];
  const accuracy: Panel = {
    name: 'accuracy',
    title: `accuracy, % of the utterances (float ${accuracyText(report.float)})`,
    scheme: 'blues',
    cells: cells(report, accuracyText, ({ accuracy }) => accuracy),
  };
  return [accuracy, error];
}

/** Cells with shades that follow `value` from the smallest to the largest; without a value they stay light. */
function cells(
  { points, smallest }: SweepReport,
  text: (point: ReportPoint) => string,
  value: (point: ReportPoint) => number | null,
): readonly Cell[] {
  const known = points.flatMap((point) => value(point) ?? []);
  const [low, high] = [Math.min(...known), Math.max(...known)];
  return points.map((point) => {
    const { weightBits, activationBits } = point;
    const own = value(point);
    return {
      weightBits,
      activationBits,
      text: text(point),
      shade: own === null || high === low ? 0 : (own - low) / (high - low),
      smallest: smallest.some(
        (other) => other.weightBits === weightBits && other.activationBits === activationBits,
      ),
    };
  });
}
