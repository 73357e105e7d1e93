import type { ErrorReport } from '../base/errors.js';
import { toolVersion } from '../base/package.js';

/** Version of the JSON objects that the commands print; documented in docs/commands.md. */
export const SCHEMA_VERSION = 1;

/** The one JSON object of a command, as text. */
export function jsonReport(ok: boolean, fields: Readonly<Record<string, unknown>>): string {
  const envelope = { schemaVersion: SCHEMA_VERSION, toolVersion, ok };
  return `${JSON.stringify({ ...envelope, ...fields, ...envelope }, null, 2)}\n`;
}

/** The JSON object of a failure. */
export function jsonFailure(report: ErrorReport): string {
  return jsonReport(false, { error: errorFields(report) });
}

/** An error in JSON: every field of the report is present, null where it says nothing. */
export function errorFields(report: ErrorReport): Readonly<Record<keyof ErrorReport, unknown>> {
  return {
    code: report.code,
    message: report.message,
    file: report.file ?? null,
    field: report.field ?? null,
    expected: report.expected ?? null,
    got: report.got ?? null,
  };
}

/** The failure for a person: the sentence first, then what the sentence left out. */
export function textFailure(report: ErrorReport, hint?: string): string {
  const { message } = report;
  const details = (['file', 'field', 'expected', 'got'] as const)
    .filter((key) => report[key] !== undefined && !message.includes(String(report[key])))
    .map((key) => `\n  ${key}: ${report[key]}`);
  return `hcgs: ${message}${details.join('')}${hint === undefined ? '' : `\n${hint}`}\n`;
}
