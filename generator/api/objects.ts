/** What programs get and hand on: plain fields, which stay the same between versions. */

/** A trained network in floating point. */
export interface Network {
  readonly kind: 'network';
  readonly file: string;
  /** The format that its content shows: `pytorch`, `onnx`, `keras` and others. */
  readonly format: string;
  readonly inputs: number;
  readonly outputs: number;
  /** Its recurrent and fully connected layers but for the last one of exact sums, in order. */
  readonly layers: readonly {
    readonly cell: string;
    readonly inputs: number;
    readonly cells: number;
  }[];
  /** What of the file becomes no hardware. */
  readonly leftOut: readonly { readonly name: string; readonly what: string }[];
  /** What a person has to know about how it was read, a sentence each. */
  readonly notes: readonly string[];
}

/** A compressed model: integers, patterns and formats. Made by `compress`, or read from a file. */
export interface CompressedModel {
  readonly kind: 'model';
  /** Its file, or that of the network that it was made of, as errors call it. */
  readonly file: string;
  /** The whole file: whoever writes these bytes has what `hcgs compress -o` writes. */
  readonly bytes: Uint8Array;
  /** Values of an input frame, with so many fraction bits. */
  readonly inputs: number;
  readonly inputFractionBits: number;
  /** Values of an output frame. */
  readonly outputs: number;
  /** Word lengths in bits. */
  readonly words: {
    readonly weight: number;
    readonly activation: number;
    readonly cell: number;
    readonly bias: number;
  };
  /** Layers in the order of execution, each with the kind of its cells and their number. */
  readonly layers: readonly {
    readonly cell: string;
    readonly inputs: number;
    readonly cells: number;
  }[];
  /** Weights of these layers, zeros included, and those that are kept. */
  readonly weights: number;
  readonly keptWeights: number;
}

/** The hardware for a model: exact figures, nothing written yet. */
export interface Plan {
  readonly kind: 'plan';
  readonly name: string;
  /** Multipliers of the array, those of all engines together. */
  readonly macs: number;
  readonly engines: number;
  /** In the steady state. */
  readonly cyclesPerFrame: number;
  /** From the last beat of an input frame to the last one of its outputs, with an idle core. */
  readonly latencyCycles: number;
  /** Kept weights divided by multipliers. */
  readonly idealCyclesPerFrame: number;
  /** Ideal cycles divided by cycles. */
  readonly macUtilization: number;
  /** Bits of all memories of the model. */
  readonly modelBits: number;
  /** Bits of the other memories. */
  readonly ramBits: number;
  /** Values in a beat of both streams. */
  readonly streamLanes: number;
}
