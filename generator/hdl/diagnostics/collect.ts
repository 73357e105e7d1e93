import type { DiagnosticCode } from './codes.js';
import { type Diagnostic, HdlError } from './diagnostic.js';
import { callSite } from './site.js';

let collector: Diagnostic[] | null = null;

/**
 * Adds a complaint to those of the module in hand; outside of any module it is thrown at once. `path` is the place
 * inside the module.
 */
export function complain(
  code: DiagnosticCode,
  message: string,
  site = callSite(),
  path = '',
): void {
  const complaint = { code, message, site, path };
  if (collector === null) throw new HdlError([{ ...complaint, path: 'a value' }]);
  collector.push(complaint);
}

/** The result of `work`, and what it complained about; their paths begin with `path`. */
export function collect<T>(path: string, work: () => T): readonly [T, readonly Diagnostic[]] {
  const outer = collector;
  const complaints: Diagnostic[] = [];
  collector = complaints;
  try {
    const result = work();
    return [result, complaints.map((d) => ({ ...d, path: joinPath(path, d.path) }))];
  } catch (error) {
    // What was complained about before is likely why.
    if (complaints.length === 0 || error instanceof HdlError) throw error;
    throw new HdlError(
      complaints.map((d) => ({ ...d, path: joinPath(path, d.path) })),
      { cause: error },
    );
  } finally {
    collector = outer;
  }
}

/** A place in a design: steps joined by `/`. */
export function joinPath(...steps: readonly string[]): string {
  return steps.filter((step) => step !== '').join('/');
}
