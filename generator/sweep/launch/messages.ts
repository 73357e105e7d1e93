import type { ErrorReport } from '../../base/errors.js';

/** What a worker has to know of a point: the rest is its own business. */
export interface Task {
  readonly id: string;
}

/** What a worker says, a line each. */
export type WorkerMessage =
  /** A stage of the point begins. */
  | { readonly kind: 'stage'; readonly id: string; readonly stage: string }
  | { readonly kind: 'done'; readonly id: string }
  /** Nothing more can be done here: no result can be written. */
  | { readonly kind: 'fatal'; readonly id: string; readonly report: ErrorReport };

/** Lines of workers begin with this: what else stands on their standard output is a log. */
const MARK = '@hcgs-worker ';

export function messageLine(message: WorkerMessage): string {
  return `${MARK}${JSON.stringify(message)}\n`;
}

/** The message of a line; null: it is none. */
export function parseMessage(line: string): WorkerMessage | null {
  return line.startsWith(MARK) ? (JSON.parse(line.slice(MARK.length)) as WorkerMessage) : null;
}
