import type { Ended } from '../../sweep/sweep.js';
import { shortText, varied } from '../../sweep/tables/columns.js';
import { textTable } from '../text/text-table.js';
import type { SweepReport } from './summary.js';

/** Rows of a table that a person still reads at a terminal. */
const MOST_ROWS = 20;
const MOST_FAILURES = 10;

/** The report for a person. */
export function sweepLines(report: SweepReport, ended: readonly Ended[]): readonly string[] {
  const { counts, excluded, directory, points, ran, tableFile, plotFile } = report;
  const others = (['excluded', 'failed', 'missing'] as const).flatMap((state) =>
    counts[state] === 0 ? [] : [`${counts[state]} ${state}`],
  );
  const why = excluded.map(({ code, points: count }) => `${count} ${code}`).join(', ');
  return [
    `${directory}: ${points} points, ${[`${counts.done} done`, ...others].join(', ')}; ${ran} of them run now`,
    ...(why === '' ? [] : [`excluded: ${why}`]),
    ...table(report, ended),
    ...failureLines(report),
    ...report.refused.map(({ file, why: reason }) => `run again: ${file} was no result: ${reason}`),
    '',
    `table: ${tableFile}`,
    ...(plotFile === null ? [] : [`plot: ${plotFile}`]),
  ];
}

/** The Pareto set, or, without objectives, the first points. */
function table(report: SweepReport, ended: readonly Ended[]): readonly string[] {
  const { objectives, pareto } = report;
  const names = Object.keys(objectives);
  const known = ended.filter(({ state }) => state.state === 'done');
  const best = names.length > 0;
  const rows = best ? pareto : known.map(({ point, state }) => ({ ...point, ...state }));
  const [first] = rows;
  if (first === undefined) return [];
  const settings = varied(ended);
  const figures = best ? names : Object.keys(first.figures).slice(0, 4);
  const title = best
    ? `Pareto set of ${names.map((name) => `${name} (${objectives[name]})`).join(', ')}: ${rows.length} points`
    : `the first of ${rows.length} points`;
  const lines = rows
    .slice(0, MOST_ROWS)
    .map((row) => [
      row.id,
      ...settings.map((name) => shortText(row.settings[name])),
      ...figures.map((name) => shortText(row.figures[name])),
    ]);
  const more = rows.length - lines.length;
  return [
    '',
    title,
    ...textTable([['id', ...settings, ...figures], ...lines]),
    ...(more > 0 ? [`and ${more} more`] : []),
  ];
}

function failureLines({ failures, repeat, stopped }: SweepReport): readonly string[] {
  if (failures.length === 0) return [];
  const more = failures.length - MOST_FAILURES;
  return [
    '',
    `failed${stopped ? ', and stopped for it' : ''}:`,
    ...failures
      .slice(0, MOST_FAILURES)
      .map(({ id, stage, message, logFile }) =>
        [`  ${id} in ${stage}: ${firstLine(message)}`, ...(logFile === null ? [] : [logFile])].join(
          '; log ',
        ),
      ),
    ...(more > 0 ? [`  and ${more} more`] : []),
    `run them again: ${repeat}`,
  ];
}

const firstLine = (text: string): string => text.split('\n', 1)[0] as string;
