import type { ProjectionTensors } from '../onnx/projection.js';

/** A node of ONNX's operators that stands for a node of the file, or for a part of one. */
export interface LoweredNode {
  /** Operator of ONNX (operator set 17), or one without a counterpart there, with the prefix of its format. */
  readonly op: string;
  /** Name of its own, as errors and `--map` have it. */
  readonly name: string;
  /** Names of the nodes and tensors of the file that it stands for. */
  readonly of: readonly string[];
  /** Names of values; empty for an optional input that is absent. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** Integers, texts and lists of them; ONNX's attributes of other types are not used. */
  readonly attributes: Readonly<
    Record<string, number | readonly number[] | string | readonly string[]>
  >;
}

/** A constant tensor. */
export interface LoweredConstant {
  /** ONNX's number of the type of its elements; 0 for one that has no numbers. */
  readonly type: number;
  readonly shape: readonly number[];
  /** Little-endian elements in row-major order. */
  readonly raw: Uint8Array;
  /** Names of the tensors of the file that it is made of; none where it stands for no tensor. */
  readonly of: readonly string[];
}

/** A loop over frames: a graph that is run again and again. Its values are in the same name space as those around it. */
export interface LoweredLoop {
  readonly name: string;
  readonly of: readonly string[];
  readonly variables: readonly LoopVariable[];
  /** Whether it goes on: a value of the body before a run of it. */
  readonly condition: string;
  readonly body: readonly LoweredItem[];
}

/** A value that a loop hands from one run to the next. */
export interface LoopVariable {
  /** Its value outside, before the first run. */
  readonly start: string;
  /** Its name in the body, before and after a run. */
  readonly before: string;
  readonly after: string;
  /** Its name outside, after the last run; empty where nobody reads it. */
  readonly end: string;
}

export type LoweredItem = LoweredNode | LoweredLoop;

export const isLoop = (item: LoweredItem): item is LoweredLoop => 'variables' in item;

/** What is collected of a file beside its operators. */
export interface Collected {
  readonly constants: Map<string, LoweredConstant>;
  /** Lengths of the axes of values, where the file states them. */
  readonly shapes: Map<string, readonly number[]>;
  /** What the user has to know of the file, a sentence each. */
  readonly notes: string[];
  /** Magnitudes at which layers clip c. */
  readonly cellClips: Set<number>;
  /** What makes h of an LSTM, where that is a projection, by the name of its recurrent matrix. */
  readonly projections: Map<string, ProjectionTensors>;
  /** Names that were made so far. */
  readonly made: { count: number };
}

/** The operators of a file as ONNX has them, in an order of execution. */
export interface Lowered {
  /** What the values of the file that nobody computes are; -1 is a length that the file leaves open. */
  readonly inputs: readonly { readonly name: string; readonly shape: readonly number[] | null }[];
  readonly outputs: readonly string[];
  readonly items: readonly LoweredItem[];
  /** Nodes inside of loops that nobody reads: no answer of the file can be there. */
  readonly inLoops?: readonly {
    readonly name: string;
    readonly op: string;
    readonly loop: string;
  }[];
  readonly collected: Collected;
}
