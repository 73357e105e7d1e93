import type { Sides } from '../lists/sides.js';
import type { PatternTypes } from '../pattern.js';
import type { KernelsDescription } from './description.js';
import type { KernelsChoice } from './find.js';
import type { KernelsShape, KernelsSpec } from './parse.js';
import type { KernelsPattern } from './pattern.js';
import type { KernelsFinding } from './zeros.js';

/** The data that kernels bring. */
export interface Kernels extends PatternTypes {
  readonly data: KernelsPattern;
  readonly spec: KernelsSpec;
  readonly shape: KernelsShape;
  readonly choice: KernelsChoice;
  readonly finding: KernelsFinding;
  readonly description: KernelsDescription;
  readonly facts: Sides & { readonly pattern: 'kernels'; readonly emptyBlocks: number };
}
