import type { SweepReport } from './report.js';

const COLUMNS = [
  'weightBits',
  'activationBits',
  'cellBits',
  'rmsError',
  'relativeError',
  'correct',
  'accuracy',
] as const;

/** One line per point, names in the first line, numbers as in JSON; what is not known is empty. RFC 4180. */
export function sweepCsv({ points }: Pick<SweepReport, 'points'>): string {
  const lines = points.map((point) => COLUMNS.map((name) => point[name] ?? '').join());
  return [COLUMNS.join(), ...lines, ''].join('\r\n');
}
