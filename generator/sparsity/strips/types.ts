import type { PatternTypes } from '../pattern.js';
import type { StripsDescription } from './description.js';
import type { StripsChoice } from './find.js';
import type { StripsShape, StripsSpec } from './parse.js';
import type { StripsPattern } from './pattern.js';
import type { StripsFinding } from './zeros.js';

/** The data that strips bring. */
export interface Strips extends PatternTypes {
  readonly data: StripsPattern;
  readonly spec: StripsSpec;
  readonly shape: StripsShape;
  readonly choice: StripsChoice;
  readonly finding: StripsFinding;
  readonly description: StripsDescription;
  readonly facts: StripsFacts;
}

/** Sizes of a strip block, and rows that are dropped. */
export interface StripsFacts extends Pick<StripsPattern, 'height' | 'width'> {
  readonly droppedRows: number;
}
