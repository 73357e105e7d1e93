import { type Progress, silentProgress } from '../base/progress.js';

/** What long work tells the program that waits for it; absent: nothing. */
export interface Reporting {
  /** A new stage begins, e.g. `co-simulating`. */
  readonly onStage?: ((label: string) => void) | undefined;
  /** A sentence that a person should read: a warning of the design language, what was trusted. */
  readonly onNote?: ((text: string) => void) | undefined;
}

/** The same as commands have it. */
export function reportingOf({ onStage, onNote }: Reporting): {
  readonly progress: Progress;
  readonly note: (text: string) => void;
} {
  const progress = { ...silentProgress, ...(onStage && { step: onStage }) };
  return { progress, note: onNote ?? (() => undefined) };
}
