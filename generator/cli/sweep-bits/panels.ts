import { WORDS } from './edges.js';
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
  /** Unlike any other of the picture. */
  readonly name: string;
  readonly title: string;
  /** Colour scheme of Vega. */
  readonly scheme: string;
  readonly cells: readonly Cell[];
}

/** The heat maps of a sweep: accuracy, where there are labels, and output error, for each word length of c. */
export function panels(report: SweepReport): readonly Panel[] {
  return report.cellBits.flatMap((bits) => panelsOf(report, bits));
}

function panelsOf(report: SweepReport, bits: number): readonly Panel[] {
  const c = report.cellBits.length === 1 ? '' : `, c of ${bits} bits`;
  const error: Panel = {
    name: `error-${bits}`,
    title: `r.m.s. error of the outputs, % of float (${report.float.rms.toPrecision(3)} r.m.s.)${c}`,
    scheme: 'oranges',
    cells: cells(report, bits, errorText, ({ relativeError }) =>
      relativeError === null || relativeError === 0 ? null : Math.log(relativeError),
    ),
  };
  if (report.float.accuracy === null) return [error];
  const accuracy: Panel = {
    name: `accuracy-${bits}`,
    title: `accuracy, % of the utterances (float ${accuracyText(report.float)})${c}`,
    scheme: 'blues',
    cells: cells(report, bits, accuracyText, ({ accuracy }) => accuracy),
  };
  return [accuracy, error];
}

/** Cells of one word length of c, with shades that follow `value` from the smallest to the largest; without a value they stay light. */
function cells(
  { points, smallest }: SweepReport,
  cellBits: number,
  text: (point: ReportPoint) => string,
  value: (point: ReportPoint) => number | null,
): readonly Cell[] {
  const known = points.flatMap((point) => value(point) ?? []);
  const [low, high] = [Math.min(...known), Math.max(...known)];
  const own = points.filter((point) => point.cellBits === cellBits);
  return own.map((point) => {
    const { weightBits, activationBits } = point;
    const figure = value(point);
    return {
      weightBits,
      activationBits,
      text: text(point),
      shade: figure === null || high === low ? 0 : (figure - low) / (high - low),
      smallest: smallest.some((other) => WORDS.every((word) => other[word] === point[word])),
    };
  });
}
