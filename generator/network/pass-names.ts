import type { ModelPass } from './model.js';

/** What the parts of a pass are called in a file, and so in errors. */
export interface PassName {
  readonly pass: string;
  /** Of the matrices of its operands. */
  readonly operands: readonly string[];
  /** Of the fraction bits of its state. */
  readonly state: string;
}

/** Names of all parts of a compressed-model file. */
export interface FileNames {
  /** Of every pass, in order. */
  readonly passes: (passes: readonly Pick<ModelPass, 'cell'>[]) => readonly PassName[];
  /** Of length and fraction bits of the input. */
  readonly input: { readonly length: string; readonly fraction: string };
  /** Biases of one gate have one axis. */
  readonly flatBias: boolean;
}

/** `pass.0`, `pass.0.x`, `pass.0.h`: the names of format 2. */
export const FILE_NAMES: FileNames = {
  passes: (passes) =>
    passes.map((_, n) => ({
      pass: `pass.${n}`,
      operands: [`pass.${n}.x`, `pass.${n}.h`],
      state: `pass.${n}.stateFraction`,
    })),
  input: { length: 'vectors.0.length', fraction: 'vectors.0.fraction' },
  flatBias: false,
};
