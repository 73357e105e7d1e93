import { type ErrorReport, wholeMessage } from '../../base/errors.js';
import { toolVersion } from '../../base/package.js';
import { printable, printableJson } from '../../base/printable.js';
import type { CommandResult } from './command.js';

/** Version of the JSON objects that the commands print; documented in docs/commands.md. */
export const SCHEMA_VERSION = 1;

/** The one JSON object of a command, as text. */
export function jsonReport(ok: boolean, fields: Readonly<Record<string, unknown>>): string {
  const envelope = { schemaVersion: SCHEMA_VERSION, toolVersion, ok };
  return printableJson(`${JSON.stringify({ ...envelope, ...fields, ...envelope }, null, 2)}\n`);
}

/** The JSON object of a failure. */
export function jsonFailure(report: ErrorReport): string {
  return jsonReport(false, { error: errorFields(report) });
}

/** An error in JSON: every field of the report is present, null where it says nothing. */
export function errorFields(
  report: ErrorReport,
): Readonly<Record<Exclude<keyof ErrorReport, 'details'>, unknown>> {
  return {
    code: report.code,
    message: wholeMessage(report),
    file: report.file ?? null,
    field: report.field ?? null,
    expected: report.expected ?? null,
    got: report.got ?? null,
  };
}

/** The failure for a person: the sentence first, then what the sentence left out. */
export function failureLines(report: ErrorReport, hint?: string): readonly string[] {
  const message = wholeMessage(report);
  const fields = (['file', 'field', 'expected', 'got'] as const)
    .filter((key) => report[key] !== undefined && !message.includes(String(report[key])))
    .map((key) => `  ${key}: ${report[key]}`);
  return [
    `hcgs: ${report.message}`,
    ...(report.details ?? []),
    ...fields,
    ...(hint === undefined ? [] : [hint]),
  ];
}

/** A result for a person: the whole, or its summary, and what may come next. */
export function resultLines(
  { lines, summary, next = [] }: Pick<CommandResult, 'lines' | 'summary' | 'next'>,
  verbose: boolean,
): readonly string[] {
  const short = summary !== undefined && !verbose;
  return [
    ...(short ? [...summary, '--verbose shows the whole report'] : lines),
    ...next.map((command) => `next: ${command}`),
  ];
}

/** The only way of text to a person: every line escaped, each with its line end. */
export function printed(lines: readonly string[]): string {
  return lines.map((line) => `${printable(line)}\n`).join('');
}
