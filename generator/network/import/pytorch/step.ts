import type { Effect } from '../dense.js';
import type { Merging } from '../imported.js';

/** A step on the way from the frames to the outputs of a network whose file shows the way. */
export type Step =
  | { readonly is: 'recurrent' | 'linear'; readonly module: string }
  /** A batch norm of the features of vectors; `eps` where the file says it. */
  | { readonly is: 'norm'; readonly module: string; readonly eps: number | undefined }
  | { readonly is: 'function'; readonly name: string; readonly effect: StepEffect }
  /** What goes on of the two directions of the recurrent layer before it; without this step they do side by side. */
  | { readonly is: 'merge'; readonly merging: Exclude<Merging, 'concat'> }
  /**
   * The last frame alone goes on. `final`: beside it the backward direction has its final state, what it makes of the first frame, and not
   * what it makes of the last one.
   */
  | { readonly is: 'last'; readonly final?: true };

/** What a function does; `probabilities` are left out at the end. */
export type StepEffect = Effect | { readonly is: 'probabilities' };
