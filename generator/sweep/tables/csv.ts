import { printable } from '../../base/printable.js';
import type { Scalar } from '../space/point.js';
import type { StageName } from '../space/space.js';
import type { Ended } from '../sweep.js';
import { endingOf, figureNames, settingNames } from './columns.js';

/**
 * One line for each point, names in the first line: its settings, the figures of its stages, and where and why it stopped. What is not
 * known is empty, numbers stand as in JSON. RFC 4180.
 */
export function sweepCsv(ended: readonly Ended[], stages: readonly StageName[]): string {
  const settings = settingNames(ended);
  const figures = figureNames(stages);
  const names = ['id', 'state', ...settings, ...figures, 'stage', 'reason', 'log'];
  const lines = ended.map((one) => {
    const { point, state } = one;
    const { stage, reason, log } = endingOf(one);
    return [
      ...[point.id, state.state],
      ...settings.map((name) => point.settings[name]),
      ...figures.map((name) => state.figures[name]),
      ...[stage, reason, log],
    ];
  });
  return [names, ...lines].map((line) => `${line.map(csvField).join()}\r\n`).join('');
}

function csvField(value: Scalar | null | undefined): string {
  if (value === null || value === undefined) return '';
  if (typeof value !== 'string') return String(value);
  const text = printable(value);
  return /[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
