import type { Operation, ResetForm, StreamEvent } from '../driver/operations.js';
import type { Tape } from './tape.js';

/** What a core goes through from one reset to the next. */
export interface Life {
  /** What happens in it, for a complaint. */
  readonly text: string;
  /** Frames of its tape that it sends. */
  readonly frames: number;
  readonly operations: (tape: Tape) => Iterable<Operation>;
  /** Cycles that it may take, and takes, about. */
  readonly allowed: number;
  readonly cost: number;
  /** When the reset at its end comes; null: when every frame has left. */
  readonly strike: { readonly event: StreamEvent; readonly delay: number } | null;
  readonly reset: ResetForm;
  /** Lives of one rhythm do the same up to their end: all of it has to happen in the same cycles. */
  readonly rhythm: 'flow' | 'held' | null;
}

const EVENT_TEXT: Readonly<Record<StreamEvent, string>> = {
  armed: 'its start',
  frameIn: 'the end of an input frame',
  full: 's_axis_tready fell',
  room: 's_axis_tready rose',
  output: 'm_axis_tvalid rose',
  frameOut: 'an output frame left',
};

/** The reset at the end of a life, as words. */
export function resetText({ strike, reset }: Life): string {
  const length = reset.cycles === 1 ? '1 cycle' : `${reset.cycles} cycles`;
  const offer = reset.offer ? ', a beat on offer meanwhile' : '';
  const when =
    strike === null
      ? 'when every frame had left'
      : `${strike.delay} cycles after ${EVENT_TEXT[strike.event]}`;
  return `rst for ${length} ${when}${offer}`;
}
