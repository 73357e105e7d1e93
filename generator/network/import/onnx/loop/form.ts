import type { GraphProto } from '../messages.js';
import type { Node } from '../node.js';

/** A value that a loop carries from step to step. */
export interface Carried {
  /** Its names in the body before and after the step. */
  readonly before: string;
  readonly after: string;
  /** Its names in the graph around the loop, before the first step and after the last. */
  readonly initial: string;
  readonly final: string;
}

/** A value of each step that a loop puts side by side. */
export interface Collected {
  /** Its name in the body. */
  readonly value: string;
  /** Axis of time in the result, counted from the end where negative. */
  readonly axis: number;
  /** The values have that axis already, with length one. */
  readonly joined: boolean;
  readonly output: string;
}

/** A loop over the frames of one value, whatever operator computes it. */
export interface LoopForm {
  readonly node: Node;
  /** The body, in which `x` is an input and the frame of a step. */
  readonly body: GraphProto;
  readonly x: string;
  /** The value with all frames, and its axis of time. */
  readonly frames: string;
  readonly axis: number;
  /** The frame has the axis of time, with length one. */
  readonly kept: boolean;
  readonly states: readonly Carried[];
  readonly collected: readonly Collected[];
  /** Inputs of the body that are constants of the graph around it. */
  readonly values: ReadonlyMap<string, string>;
  /** The value that says how many steps there are; null where that is the length of the frames. */
  readonly trip: string | null;
  /** Other nodes around the loop that it stands for. */
  readonly parts: readonly Node[];
}

/** An error about what is in a loop. */
export type LoopFail = (got: string) => Error;
