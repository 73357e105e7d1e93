import type { PatternTypes } from '../pattern.js';
import type { HcgsDescription } from './file.js';
import type { HcgsChoice } from './find.js';
import type { HcgsShape, HcgsSpec } from './parse.js';
import type { HcgsPattern } from './pattern.js';
import type { HcgsFinding } from './zeros.js';

/** The data that HCGS brings. */
export interface Hcgs extends PatternTypes {
  readonly data: HcgsPattern;
  readonly spec: HcgsSpec;
  readonly shape: HcgsShape;
  readonly choice: HcgsChoice;
  readonly finding: HcgsFinding;
  readonly description: HcgsDescription;
  readonly facts: Pick<HcgsPattern, 'blocks' | 'keep'>;
}
