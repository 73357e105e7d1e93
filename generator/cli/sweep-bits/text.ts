import { basename } from 'node:path';
import { textTable } from '../text/text-table.js';
import type { ReportPoint, SweepReport } from './report.js';

/** The report for a person: a table with weight bits down and activation bits across. */
export function sweepLines(report: SweepReport): readonly string[] {
  const { float, csvFile, plotFile } = report;
  const accuracy = float.accuracy === null ? '' : `, accuracy ${percent(float.accuracy)}`;
  return [
    `${report.model} on ${conditionsText(report)}`,
    `float network: outputs ${float.rms.toPrecision(3)} r.m.s.${accuracy}`,
    '',
    ...report.cellBits.flatMap((bits) => [
      `${float.accuracy === null ? ERROR_TITLE : 'accuracy in %'}, c of ${bits} bits`,
      ...table(report, bits, float.accuracy === null ? errorText : accuracyText),
      '',
    ]),
    smallestText(report),
    ...report.edges.map((edge) => `note: ${edge}`),
    ...(csvFile === null ? [] : [`table: ${csvFile}`]),
    ...(plotFile === null ? [] : [`plot: ${plotFile}`]),
    ...report.notes.map((note) => `note: ${note}`),
  ];
}

/** Frames and fixed word lengths, in a line. */
export function conditionsText({ calibration, cellBits, biasBits }: SweepReport): string {
  const { file, noise, frames, utterances } = calibration;
  const what = file === null ? `noise with standard deviation ${noise}` : basename(file);
  return `${what}: ${frames} frames in ${utterances} utterances; c ${cellBits.join(', ')} bits, biases ${biasBits} bits`;
}

const ERROR_TITLE = 'r.m.s. error of the outputs in % of the float outputs';

/** A share of utterances, in percent. */
export const accuracyText = ({ accuracy }: Pick<ReportPoint, 'accuracy'>): string =>
  accuracy === null ? '-' : (100 * accuracy).toFixed(1);

/** The relative error in percent, three digits. */
export function errorText({ relativeError }: ReportPoint): string {
  if (relativeError === null) return '-';
  const value = 100 * relativeError;
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}

function table(
  { weightBits, activationBits, points }: SweepReport,
  cellBits: number,
  cell: (point: ReportPoint) => string,
): readonly string[] {
  const rows = weightBits.map((bits) => [
    bits,
    ...points.filter((point) => point.weightBits === bits && point.cellBits === cellBits).map(cell),
  ]);
  return textTable([['weights \\ activations', ...activationBits], ...rows]);
}

function smallestText(report: SweepReport): string {
  const { smallest } = report;
  if (smallest.length === 0) return `no word lengths of these have ${closeText(report)}`;
  const words = smallest.map((p) => `${p.weightBits}/${p.activationBits}/${p.cellBits}`);
  return `smallest weights/activations/c with ${closeText(report)}: ${words.join(', ')} bits`;
}

/** What counts as close to float. */
export function closeText({ within, float }: Pick<SweepReport, 'within' | 'float'>): string {
  return float.accuracy === null
    ? `an error of at most ${within} %`
    : `an accuracy at most ${within} points below float`;
}

/** A share in percent. */
export const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
