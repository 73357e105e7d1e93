import type { UserError } from '../../base/errors.js';
import type { Found } from './stage.js';

/** Errors of the machine and of files, which are no rule of a design: a point that meets one has failed. */
const FAULTS =
  /^(FILE_|DISK_|CACHE_|TOOL_|VERILATOR_|SWEEP_|LINK_|NOT_A_FILE|NOT_A_COMPRESSED|FOREIGN_|CALIBRATION_|FRAMES_|LABELS_)/;

/** Whether an error says that something is wrong, and not that no design has the numbers of a point. */
export function isFault({ report }: UserError): boolean {
  return FAULTS.test(report.code);
}

/** A point that a rule of networks or designs excludes. */
export function excludedBy({ report }: UserError): Found {
  return { outcome: 'excluded', code: report.code, reason: report.message };
}
