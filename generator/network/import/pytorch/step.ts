import type { Effect } from '../dense.js';

/** A step on the way from the frames to the outputs of a network whose file shows the way. */
export type Step =
  | { readonly is: 'recurrent' | 'linear'; readonly module: string }
  /** A batch norm of the features of vectors; `eps` where the file says it. */
  | { readonly is: 'norm'; readonly module: string; readonly eps: number | undefined }
  | { readonly is: 'function'; readonly name: string; readonly effect: StepEffect }
  /** The last frame alone goes on. */
  | { readonly is: 'last' };

/** What a function does; `probabilities` are left out at the end. */
export type StepEffect = Effect | { readonly is: 'probabilities' };
