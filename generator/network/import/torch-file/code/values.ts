import type { Step } from '../../pytorch/step.js';
import type { TorchModule } from '../modules.js';

/** The frames after these steps. */
export interface Frames {
  readonly is: 'frames';
  readonly steps: readonly Step[];
  /** Where the last layer is bidirectional: values of each direction, which stand side by side. */
  readonly ofOne?: number | undefined;
  /** Of the last frame of such a layer: all its frames. */
  readonly every?: Frames | undefined;
}

/** Values of one of the two directions of a layer that gives these frames. */
export interface Direction {
  readonly is: 'direction';
  readonly way: 'forward' | 'backward';
  readonly frames: Frames;
  /** Of every frame, of the last one, or the final state: of the backward direction what it makes of the first frame. */
  readonly at: 'every' | 'last' | 'final';
}

/** What is known of a value while code is followed. */
export type Value =
  | Frames
  | { readonly is: 'module'; readonly module: TorchModule }
  /** `torch.relu`, `__torch__.torch.nn.functional.relu`: a function by its name behind the last point. */
  | { readonly is: 'function'; readonly path: string }
  | { readonly is: 'list'; readonly items: readonly Value[] }
  | { readonly is: 'number'; readonly value: number }
  | { readonly is: 'word'; readonly word: 'None' | 'True' | 'False' }
  /** Zeros, or an argument of the network behind the frames. */
  | { readonly is: 'state' }
  /** States after the last frame, [layers x directions, batch, values], of the recurrent module that gives these frames. */
  | {
      readonly is: 'states';
      readonly of: 'h' | 'c';
      readonly frames: Frames;
      /** Layers times directions. */
      readonly count: number;
    }
  /** The first frame of a bidirectional layer. */
  | { readonly is: 'first'; readonly frames: Frames }
  | Direction
  | { readonly is: 'unknown' };

export const UNKNOWN: Value = { is: 'unknown' };
export const STATE: Value = { is: 'state' };

/** Whether a value is no state at all, or one that hardware has: zeros, or what the caller hands back. */
export const isState = (value: Value | undefined): boolean =>
  value === undefined ||
  value.is === 'state' ||
  (value.is === 'word' && value.word === 'None') ||
  (value.is === 'list' && value.items.every(isState));

/** Whether a value that a network gives beside its outputs is a state, of its own or as it came. */
export const isGivenBack = (value: Value): boolean =>
  value.is === 'states' || (value.is === 'list' ? value.items.every(isGivenBack) : isState(value));
