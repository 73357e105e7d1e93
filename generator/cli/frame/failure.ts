import { type ErrorReport, ExitCode, type ExitCodeValue, UserError } from '../../base/errors.js';

/** How a failed command ends. */
export interface Failure {
  readonly exitCode: ExitCodeValue;
  readonly report: ErrorReport;
  /** A line on what to do next. */
  readonly hint?: string;
}

interface SystemErrorText {
  readonly code: string;
  readonly says: string;
}

/** Operating system errors that are the user's to mend. */
const SYSTEM_ERRORS: Readonly<Record<string, SystemErrorText>> = {
  ENOENT: { code: 'FILE_MISSING', says: 'no such file or directory' },
  EACCES: { code: 'PERMISSION_DENIED', says: 'permission denied' },
  EPERM: { code: 'PERMISSION_DENIED', says: 'permission denied' },
  EROFS: { code: 'PERMISSION_DENIED', says: 'the file system is read-only' },
  EISDIR: { code: 'FILE_IS_DIRECTORY', says: 'is a directory, not a file' },
  ENOTDIR: { code: 'NOT_A_DIRECTORY', says: 'a part of the path is not a directory' },
  ENAMETOOLONG: { code: 'BAD_PATH', says: 'the path is too long' },
  ELOOP: { code: 'BAD_PATH', says: 'too many symbolic links' },
  ENOSPC: { code: 'DISK_FULL', says: 'no space left on the disk' },
  EDQUOT: { code: 'DISK_FULL', says: 'the disk quota is used up' },
};

/** Maps anything thrown to an exit code and a report. */
export function describeFailure(error: unknown): Failure {
  if (error instanceof UserError) return { exitCode: ExitCode.badInput, report: error.report };
  const system = describeSystemError(error);
  if (system !== undefined) return { exitCode: ExitCode.badInput, report: system };
  return {
    exitCode: ExitCode.internal,
    report: {
      code: 'INTERNAL_ERROR',
      message: `internal error: ${firstLine(error)}`,
    },
    hint: 'This is a fault of hcgs, not of your input. HCGS_DEBUG=1 shows where it happened.',
  };
}

/** Codes about the command line or about hcgs itself, whose message says all that there is to say. */
const SAID: ReadonlySet<string> = new Set([
  'BAD_OPTION_VALUE',
  'BAD_USAGE',
  'BAD_VALUE',
  'INTERNAL_ERROR',
  'MISSING_ARGUMENT',
  'MISSING_COMMAND',
  'MISSING_VALUE',
  'REPEATED_OPTION',
  'UNEXPECTED_ARGUMENT',
  'UNKNOWN_CODE',
  'UNKNOWN_COMMAND',
  'UNKNOWN_OPTION',
]);

/** The line of a failure that leads a person to more about its code. */
export function seeLines({ code }: ErrorReport): readonly string[] {
  return SAID.has(code) ? [] : [`see: hcgs explain ${code}`];
}

function describeSystemError(error: unknown): ErrorReport | undefined {
  if (!(error instanceof Error) || !('syscall' in error)) return undefined;
  const { code, path } = error as NodeJS.ErrnoException;
  const known = SYSTEM_ERRORS[code ?? ''];
  if (known === undefined) return undefined;
  return {
    code: known.code,
    message: path === undefined ? known.says : `${path}: ${known.says}`,
    file: path,
  };
}

function firstLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.split('\n', 1)[0] as string;
}
