import type { PatternKind } from '../pattern.js';
import { type HcgsDescription, hcgsFile } from './file.js';
import type { HcgsPattern } from './pattern.js';

/** Hierarchical coarse-grain sparsity: square blocks on any number of levels. */
export const HCGS: PatternKind<HcgsPattern, HcgsDescription> = {
  kind: 'hcgs',
  file: hcgsFile,
};
