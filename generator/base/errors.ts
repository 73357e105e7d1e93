/** Exit codes of the program (documented in docs/commands.md). */
export const ExitCode = {
  done: 0,
  checkFailed: 1,
  badInput: 2,
  internal: 3,
  interrupted: 130,
} as const;

export type ExitCodeValue = (typeof ExitCode)[keyof typeof ExitCode];

/** What a failed command reports: the same fields in text and in `--json`. */
export interface ErrorReport {
  /** Stable upper-case identifier, e.g. `PATTERN_UNBALANCED`. */
  readonly code: string;
  /** One sentence that names what is wrong. */
  readonly message: string;
  /** Further lines: what a tool said, or the other errors of a file. */
  readonly details?: readonly string[] | undefined;
  /** The file or directory the error is about, as the user named it. */
  readonly file?: string | undefined;
  /** The tensor, option or manifest field the error is about. */
  readonly field?: string | undefined;
  readonly expected?: string | number | undefined;
  readonly got?: string | number | undefined;
}

/** The message with its further lines, one under the other. */
export function wholeMessage({ message, details = [] }: ErrorReport): string {
  return [message, ...details].join('\n');
}

/** Bad input, bad usage, a missing tool or a full disk: exit code 2, never a stack trace. */
export class UserError extends Error {
  readonly report: ErrorReport;

  constructor(report: ErrorReport, options?: { cause?: unknown }) {
    super(wholeMessage(report), options);
    this.name = 'UserError';
    this.report = report;
  }
}

/** What is not as it has to be. */
export interface Unexpected {
  readonly code: string;
  readonly file?: string | undefined;
  readonly field: string;
  readonly expected: string | number;
  readonly got: string | number;
}

/** The error for it. `at` names the value at the head of the message: by default the field, behind its file. */
export function unexpected(
  { code, file, field, expected, got }: Unexpected,
  at = file === undefined ? field : `${file}: ${field}`,
  options?: { cause?: unknown },
): UserError {
  const message = `${at}: expected ${expected}, got ${got}`;
  return new UserError({ code, message, file, field, expected, got }, options);
}
