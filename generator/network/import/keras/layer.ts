import type { JsonObject } from './json.js';

/** A value that a layer computes: by the layer's name, and by the place among its outputs. */
export interface Edge {
  readonly layer: string;
  readonly output: number;
}

/** A layer of a Keras network, as its configuration states it. */
export interface KerasLayer {
  /** Unique in the network; a layer of a network within the network has that one's name before it and a slash. */
  readonly name: string;
  readonly className: string;
  readonly config: JsonObject;
  /** Its inputs, in order. */
  readonly inputs: readonly Edge[];
  /** Where its weights are in each of the layouts of files. */
  readonly place: Place;
}

/** How weights of a layer are found. */
export interface Place {
  /** The layer of the outermost network that it lies in, which has a group of its own in an .h5 file. */
  readonly group: string;
  /** Its own name. */
  readonly own: string;
  /** It lies in a network that is a layer itself, so that the group has weights of other layers too. */
  readonly nested: boolean;
  /** Its path in model.weights.h5, e.g. `layers/lstm_1`. */
  readonly path: string;
  /** The direction of a `Bidirectional` layer that it is, whose place this is; absent: it is no such thing. */
  readonly direction?: 'forward' | 'backward';
}

/** The layers of a network in the order of its file, and the values that are its outputs. */
export interface KerasNetwork {
  readonly layers: readonly KerasLayer[];
  readonly outputs: readonly Edge[];
}
