import type { ModelPass } from './model.js';

/** What the parts of a pass are called in a file, and so in errors. */
export interface PassName {
  readonly pass: string;
  /** Of the matrices of its operands. */
  readonly operands: readonly string[];
  /** Of the fraction bits of its state. */
  readonly state: string;
}

/** Names of every pass of a model, in order. */
export type PassNaming = (passes: readonly Pick<ModelPass, 'cell'>[]) => readonly PassName[];

/** `pass.0`, `pass.0.x`, `pass.0.h`: the names of the compressed-model file. */
export const passNames: PassNaming = (passes) =>
  passes.map((_, n) => ({
    pass: `pass.${n}`,
    operands: [`pass.${n}.x`, `pass.${n}.h`],
    state: `pass.${n}.stateFraction`,
  }));
