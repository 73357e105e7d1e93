import type { Step } from '../../pytorch/step.js';
import type { TorchModule } from '../modules.js';

/** What is known of a value while code is followed. */
export type Value =
  /** The frames after these steps. */
  | { readonly is: 'frames'; readonly steps: readonly Step[] }
  | { readonly is: 'module'; readonly module: TorchModule }
  /** `torch.relu`, `__torch__.torch.nn.functional.relu`: a function by its name behind the last point. */
  | { readonly is: 'function'; readonly path: string }
  | { readonly is: 'list'; readonly items: readonly Value[] }
  | { readonly is: 'number'; readonly value: number }
  | { readonly is: 'word'; readonly word: 'None' | 'True' | 'False' }
  /** Zeros, an argument of the network behind the frames, or a state that a recurrent layer gives. */
  | { readonly is: 'state' }
  | { readonly is: 'unknown' };

export const UNKNOWN: Value = { is: 'unknown' };
export const STATE: Value = { is: 'state' };

/** Whether a value is no state at all, or one that hardware has: zeros, or what the caller hands back. */
export const isState = (value: Value | undefined): boolean =>
  value === undefined ||
  value.is === 'state' ||
  (value.is === 'word' && value.word === 'None') ||
  (value.is === 'list' && value.items.every(isState));
