import { parse } from 'csv-parse/sync';

/** The lines of a table, by the names in its first one. */
export function csvRows(text: string): readonly Readonly<Record<string, string>>[] {
  return parse(text, { columns: true, record_delimiter: '\r\n' });
}
