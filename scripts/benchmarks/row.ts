/** One figure and the target that it is held against. */
export interface Row {
  readonly what: string;
  readonly measured: string;
  readonly target: string;
  /** Null: not measured in this run; `measured` says why. */
  readonly ok: boolean | null;
  /** The numbers behind `measured`. */
  readonly values: Readonly<Record<string, number>>;
}

export function skipped(what: string, target: string, why: string): Row {
  return { what, measured: `skipped: ${why}`, target, ok: null, values: {} };
}

export const percent = (share: number, digits = 2): string => `${(100 * share).toFixed(digits)} %`;

const verdict = (row: Row): string => (row.ok === null ? '-' : row.ok ? 'ok' : 'SHORT');

/** The rows as a table with aligned columns. */
export function tableText(rows: readonly Row[]): string {
  const lines = [
    ['what', 'measured', 'target', ''],
    ...rows.map((row) => [row.what, row.measured, row.target, verdict(row)]),
  ];
  const widths = [0, 1, 2].map((i) => Math.max(...lines.map((line) => line[i]?.length ?? 0)));
  return lines
    .map((line) => line.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join('  '))
    .map((line) => line.trimEnd())
    .join('\n');
}
