import type { Part } from '../format.js';
import type { FormatName, Nonlinearity } from '../imported.js';
import type { Step } from './step.js';

/** What a file says of a network beside its tensors: more than a state_dict alone. */
export interface Beside {
  readonly format: FormatName;
  /** Who fills the map. */
  readonly said: string;
  /** Classes by name of the module, `torch.nn.modules.rnn.LSTM`; no entry where the file does not say. */
  readonly classes: ReadonlyMap<string, string>;
  /** What an RNN of torch does with its sums, by name of the module; no entry where the file does not say. */
  readonly nonlinearities: ReadonlyMap<string, Nonlinearity>;
  /** Functions that may change values, and of which the file does not say where they stand. */
  readonly functions: readonly Part[];
  /** Modules without weights that leave values as they are: dropout, containers of others. */
  readonly harmless: readonly Part[];
  /** What follows a module in its sequence, and leaves the class that wins as it is. */
  readonly finalBehind: (module: string) => readonly string[];
  /** eps of norms, by name of the module. */
  readonly eps: ReadonlyMap<string, number>;
  /** The way from the frames to the outputs; null where the file does not show it. */
  readonly steps: readonly Step[] | null;
  /** The file has code that reads the layers; where it was not followed, nothing of it is guessed. */
  readonly hasCode: boolean;
  /** Tensors that are no plain arrays of numbers, and what they are. */
  readonly odd: ReadonlyMap<string, string>;
  readonly notes: readonly string[];
}

/** Nothing but a state_dict. */
export const NOTHING_BESIDE: Beside = {
  format: 'safetensors',
  said: '--map',
  classes: new Map(),
  nonlinearities: new Map(),
  functions: [],
  harmless: [],
  finalBehind: () => [],
  eps: new Map(),
  steps: null,
  hasCode: false,
  odd: new Map(),
  notes: [],
};
