import type { FloatModel } from '../float/model.js';

/** Something in the source file that becomes no hardware. */
export interface LeftOut {
  /** Name in the file: of a tensor, or of a node and its operator. */
  readonly name: string;
  readonly kind: 'tensor' | 'node';
  /** Why, or what it is: shape of a tensor, operator of a node. */
  readonly what: string;
}

/** A trained network as read from a file, and everything in the file that is not part of it. */
export interface Imported {
  readonly format: 'safetensors' | 'onnx';
  readonly model: FloatModel;
  readonly leftOut: readonly LeftOut[];
}
