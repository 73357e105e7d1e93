import type { ReadBeside } from '../../base/beside.js';
import type { FloatModel } from '../float/model.js';

/** Formats of files that trained networks come in, as reports name them; the readers are in `registry.ts`. */
export const FORMAT_NAMES = [
  'safetensors',
  'tflite',
  'tensorflow',
  'onnx',
  'json',
  'pytorch',
  'keras',
  'npz',
] as const;
export type FormatName = (typeof FORMAT_NAMES)[number];

/** Something in the source file that becomes no hardware. */
export interface LeftOut {
  /** Name in the file. A node without a name is named after its operator and first output. */
  readonly name: string;
  readonly kind: 'tensor' | 'node';
  /** What it is: type and shape of a tensor, operator of a node. */
  readonly what: string;
}

/** A trained network as read from a file, and everything in the file that is not part of it. */
export interface Imported {
  readonly format: FormatName;
  readonly model: FloatModel;
  /** Names of the tensors and nodes that became the model; with `leftOut` they are the whole file. */
  readonly taken: readonly string[];
  readonly leftOut: readonly LeftOut[];
  /** What else the user has to know, a sentence each: a state that the source network leaves to its caller. */
  readonly notes: readonly string[];
  /** Something that computes on h is left out, as the user wants it: outputs are no answers of the network. */
  readonly headLeftOut?: boolean;
  /** The file computes its outputs for the last frame of an utterance alone; absent: `outputs` says it, or nothing does. */
  readonly lastFrame?: boolean;
  /** The value of an ONNX graph that holds frames as the model reads them. */
  readonly frames?: FramesValue;
  /** What every output of an ONNX graph is to the model. */
  readonly outputs?: readonly GraphOutput[];
  /** Options about two directions that the file has left open; absent: none. */
  readonly asked?: readonly ('merge' | 'backward')[];
}

/** Whether a network has its outputs for the last frame of an utterance alone, as its file says. */
export function emitsLast({ lastFrame, outputs = [] }: Imported): boolean {
  const own = outputs.flatMap((output) => (output.is === 'outputs' ? [output.lastFrame] : []));
  return lastFrame ?? (own.length > 0 && own.every(Boolean));
}

/** A value of an ONNX graph that holds frames. */
export interface FramesValue {
  readonly name: string;
  readonly axes: readonly (readonly string[])[];
  /** The node that computes it and is left out; null where it is an input of the graph. */
  readonly behind: string | null;
  /** The user has named the value. */
  readonly said: boolean;
}

/** An output of an ONNX graph. */
export type GraphOutput =
  | {
      readonly name: string;
      /** What the model computes, in every frame or in the last one, under these axes. */
      readonly is: 'outputs';
      /**
       * Axes, each of the parts that it holds in row-major order: time, batch, feature; and layer, the directions of a layer, whose
       * features stand behind each other in the outputs.
       */
      readonly axes: readonly (readonly string[])[];
      readonly lastFrame: boolean;
      /** The operator that makes probabilities of them in the file alone. */
      readonly final: string | null;
    }
  | { readonly name: string; readonly is: 'states' | 'independent' | 'left out' };

/** What an RNN does with its sums; the weights do not show it. */
export const NONLINEARITIES = ['tanh', 'relu'] as const;
export type Nonlinearity = (typeof NONLINEARITIES)[number];

/** Where the reset gate of a GRU stands: behind the product of its recurrent matrix, or before it. */
export const RESETS = ['after', 'before'] as const;
export type Reset = (typeof RESETS)[number];

/** What reads both directions of a layer, where tensors do not show it. */
export const MERGINGS = ['concat', 'sum', 'ave', 'forward', 'backward'] as const;
export type Merging = (typeof MERGINGS)[number];

/** Where values of a backward direction stand: at the frame that they are of, or in the order of its steps. */
export const BACKWARD_PLACES = ['aligned', 'final'] as const;
export type BackwardPlace = (typeof BACKWARD_PLACES)[number];

/** What the user says about the file. */
export interface ImportOptions {
  /**
   * `CANONICAL=NAME`, each once: what a tensor or module of a safetensors file is. `lstm=encoder.rnn`, or `lstm=a,b`
   * for a stack; `lstm.weight_ih_l0=enc.Wx` for a tensor; `fc=head`, or `fc=none` for no output layer; `norm=bn`,
   * `norm_l1=bn`, `fc.norm=bn` for a batch norm before a layer, `norm.eps=1e-5`; `initial=h0,c0` for learned states at
   * the start; `outside=a,b`, also repeated, for what is no part of the hardware; `skip=none` for a skip connection
   * that is added outside; `state=ema.model` for one of several networks of a checkpoint. `frames=VALUE`: the frames
   * were recorded there, behind what an ONNX file computes before its first layer.
   */
  readonly map?: readonly string[];
  /** `NODE.then_branch` or `NODE.else_branch`, each If of an ONNX file once: the branch that is taken. */
  readonly graph?: readonly string[];
  /** What the RNN layers of a file that does not say it do with their sums. */
  readonly nonlinearity?: Nonlinearity | undefined;
  /** Where the reset gate of GRU layers stands, in a file that does not say it, or says it wrongly. */
  readonly reset?: Reset | undefined;
  /** What a layer with as many inputs as one direction reads of a layer with two, in a file that does not show it. */
  readonly merge?: Merging | undefined;
  /**
   * What the backward direction of the last layer has beside the last frame, in a file that does not say it: what it makes of that frame,
   * or its final state, what it makes of the first one.
   */
  readonly backward?: BackwardPlace | undefined;
  /** Reads files beside an ONNX file, for tensors that lie there; without it they are refused. */
  readonly beside?: ReadBeside | undefined;
}
