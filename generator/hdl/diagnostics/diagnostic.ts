import { DIAGNOSTICS, type DiagnosticCode, severityOf } from './codes.js';
import { codeFrame } from './frame.js';
import { showSite, UNKNOWN_SITE } from './site.js';

/** One complaint about a design. */
export interface Diagnostic {
  readonly code: DiagnosticCode;
  /** Where in the design: module, generate blocks, name, e.g. `mac_array/g_slice/accumulator`. */
  readonly path: string;
  /** What was expected and what came. */
  readonly message: string;
  /** `file:line:column` in the author's source, with an absolute path; `unknown` where it is not known. */
  readonly site: string;
}

/** A complaint as a person reads it: severity, code, place, code frame and what to do. */
export function showDiagnostic({ code, path, message, site }: Diagnostic): string {
  const { fix, what } = DIAGNOSTICS[code];
  const text = message === '' ? what : message;
  return [
    `${severityOf(code)} ${code} in ${path}: ${text}`,
    ...(site === UNKNOWN_SITE ? [] : [`  at ${showSite(site)}`]),
    ...codeFrame(site).map((line) => `  ${line}`),
    `  fix: ${fix}`,
  ].join('\n');
}

/** All complaints about a design, thrown together: at least one of them is an error. */
export class HdlError extends Error {
  readonly diagnostics: readonly Diagnostic[];

  constructor(diagnostics: readonly Diagnostic[], options?: { readonly cause?: unknown }) {
    const sorted = [...diagnostics].sort((a, b) => rank(a) - rank(b));
    super(sorted.map(showDiagnostic).join('\n\n'), options);
    this.name = 'HdlError';
    this.diagnostics = sorted;
  }
}

function rank({ code }: Diagnostic): number {
  return severityOf(code) === 'error' ? 0 : 1;
}
