import type { DiagnosticCode, Module } from '../../../generator/hdl/index.js';

/** A design with one thing wrong with it. */
export interface Refused {
  readonly code: DiagnosticCode;
  /** Where in the design. */
  readonly path: string;
  readonly message: string;
  /** Text that only the line to blame has; the caret stands below the word after `^`. */
  readonly blames: string;
}

/** What every file of this folder exports. */
export interface RefusedDesign {
  readonly expected: Refused;
  readonly design: () => Module;
}
