import type { z } from 'zod';
import type { Random } from '../base/random.js';
import type { Steps } from '../base/steps.js';
import type { GateValues } from './magnitude.js';
import type { MatrixMasks } from './mask.js';
import type { PatternFile } from './pattern-file.js';

/** The data that a kind of pattern brings; each but `facts` says its `kind`. */
export interface PatternTypes {
  /** The pattern of one gate, or of all gates of a matrix. */
  readonly data: PatternData;
  /** What a user states to draw or choose a pattern, for a matrix of any size. */
  readonly spec: Kinded;
  /** What a user states about the zeros of a network: a spec without what the zeros say. */
  readonly shape: Kinded;
  /** How the zeros of one matrix are taken. */
  readonly choice: Kinded & Shared;
  /** One description of the zeros of a matrix, and what it costs. */
  readonly finding: Kinded & Shared;
  /** What a file holds besides tensors. */
  readonly description: Kinded;
  /** Sizes and counts as JSON has them. */
  readonly facts: object;
}

export interface Kinded {
  readonly kind: string;
}

export interface PatternData extends Kinded {
  /** Size of the matrix of one gate, without padding. */
  readonly rows: number;
  readonly columns: number;
}

/** Whether all gates of a matrix share one pattern or have one each, of the same sizes and counts. */
export interface Shared {
  readonly sharing: 'shared' | 'per-gate';
}

/** The patterns of one matrix: one, or one per gate. */
export interface MatrixPatterns<P> extends Shared {
  readonly patterns: readonly P[];
}

/** Patterns that hold the zeros of a matrix. */
export interface Fit<P> extends MatrixPatterns<P> {
  readonly added: Added;
}

/** What a fit keeps although the zeros do not ask for it: fields of the JSON, and the same for a person. */
export interface Added {
  readonly facts: object;
  readonly text: string;
}

export interface FindOptions {
  /** Add what a pattern lacks to be complete, instead of refusing it. */
  readonly fill: boolean;
  /** The user names the kind: zeros that look like a damaged pattern of another kind are not left to that one. */
  readonly named?: boolean | undefined;
  readonly file?: string | undefined;
}

/** What the zeros of a matrix are: hardly any; as `findings` say; or no pattern, and `findings` are near it. */
export interface Zeros<F> {
  readonly kind: 'dense' | 'exact' | 'near';
  readonly findings: readonly F[];
  /** Of `near`: whether the first finding describes all but a few places. */
  readonly close?: boolean;
}

/** Fields of a strict object of the JSON. */
export type Fields = Readonly<Record<string, z.ZodType>>;

/**
 * Everything that hangs on the kind of a pattern, hardware apart: one member per kind, a line each in the registry. Methods,
 * and no function fields, because a caller that holds a pattern of any kind asks the member of its kind.
 */
export interface PatternKind<T extends PatternTypes> {
  readonly kind: T['data']['kind'];
  /**
   * From the texts of options by name. @throws UserError that names the option. `options`: those that it takes, as a user
   * writes them, the one of `shape` first.
   */
  readonly parse: {
    readonly options: readonly [string, ...string[]];
    /** Those without which there is no spec, with an example of each. */
    readonly needs?: Readonly<Record<string, string>>;
    spec(texts: Readonly<Record<string, string>>): T['spec'];
    shape(texts: Readonly<Record<string, string>>): T['shape'];
  };
  /** A matrix of which every weight is kept. */
  dense(size: Size): T['data'];
  /** A pattern drawn at random, each that the spec allows as likely or as the spec says. */
  draw(size: Size, spec: T['spec'], random: Random): T['data'];
  /** The pattern of the spec that keeps the largest weights. */
  choose(values: GateValues, spec: T['spec']): T['data'];
  /**
   * What is worth trying for a matrix of this size of which about one weight in `rate` is kept: the same forms in the same order
   * for every size and rate.
   */
  trials(size: Size, rate: number): readonly Trial<T['spec']>[];
  /** @throws UserError PATTERN_INVALID or another code, with the field and the two values that disagree. */
  validate(pattern: T['data'], field: string, file?: string): void;
  /** All but the positions as text: equal for the patterns of one matrix. */
  sizes(pattern: T['data']): string;
  isDense(pattern: T['data']): boolean;
  readonly counts: PatternCounts<T['data']>;
  /**
   * First column and width of each run of kept columns of a row, in the order of execution. Columns at or beyond `columns`
   * are padding.
   */
  runsOfRow(pattern: T['data'], row: number): readonly (readonly [first: number, width: number])[];
  readonly order: PatternOrder<T['data']>;
  readonly find: PatternFinder<T>;
  readonly report: PatternReports<T>;
  readonly file: PatternFile<T['data'], T['description']>;
}

/** A spec that a search tries. */
export interface Trial<S> {
  /** The spec without its rate, in words, e.g. `blocks 16,4`. */
  readonly form: string;
  readonly spec: S;
}

export interface Size {
  readonly rows: number;
  readonly columns: number;
}

/** Positions and bits of one pattern. */
export interface PatternCounts<P> {
  /** Kept weights: positions without padding and without fill, zero codes included. */
  kept(pattern: P): number;
  /** Kept positions of the unpadded matrix, fill included. */
  existing(pattern: P): number;
  /** Positions that hardware stores, padding and fill included. */
  stored(pattern: P): number;
  /** Existing positions that were added only to complete the pattern. */
  filled(pattern: P): number;
  /** Bits of its index lists. */
  indexBits(pattern: P): number;
  /** Products that a row adds up at most, padding included. */
  productsPerRow(pattern: P): number;
}

/** How a pattern goes with another order of rows and columns. */
export interface PatternOrder<P> {
  /** Neighbouring rows, and columns, that must stay together, from the first one on. */
  unit(pattern: P): number;
  /**
   * The pattern of the matrix in another order: row r of it is row `rows[r]` of this one, its columns likewise. Both orders keep
   * units whole; a last one that is not full stays where it is.
   */
  permuted(pattern: P, rows: Int32Array, columns: Int32Array): P;
}

/** How a pattern is found in the zeros of a trained network. */
export interface PatternFinder<T extends PatternTypes> {
  /** Whether it holds any zeros at all, so that to find it says nothing about them. */
  readonly holdsAny?: true;
  /**
   * The choice for every matrix, all of them looked at together.
   * @throws UserError PATTERN_NOT_FOUND when the zeros of a matrix are none of this kind.
   */
  search(matrices: readonly MatrixMasks[], options: FindOptions): Steps<readonly T['choice'][]>;
  /** The patterns of a choice. @throws UserError PATTERN_UNBALANCED without `fill` */
  fit(matrix: MatrixMasks, choice: T['choice'], options: FindOptions): Fit<T['data']>;
  /**
   * The best patterns of a shape that a user states.
   * @throws UserError PATTERN_UNBALANCED, PATTERN_NOT_FOUND
   */
  fitTo(matrix: MatrixMasks, shape: T['shape'], options: FindOptions): Fit<T['data']>;
  /** What a fit adds to a pattern that is taken as it is: nothing. */
  nothingAdded(pattern: T['data']): Added;
  /** Descriptions of the zeros; `taken`, the choice of a search, is listed first. */
  zeros(matrix: MatrixMasks, taken: T['choice'] | undefined): Steps<Zeros<T['finding']>>;
}

/** Words for people and fields for programs. */
export interface PatternReports<T extends PatternTypes> {
  /** E.g. `blocks 16,4 keep 1,2`, or `dense`. */
  text(pattern: T['data']): string;
  /** The same in a column that is headed `pattern`. */
  short(pattern: T['data']): string;
  facts(pattern: T['data']): T['facts'];
  /** E.g. `16,4`, or `dense`. */
  choiceText(choice: T['choice']): string;
  choiceFacts(choice: T['choice']): object;
  /** Findings as a table: what it shows, its columns, a row, and lines about what is out of order. */
  readonly findings: {
    readonly explained: string;
    readonly head: readonly string[];
    cells(finding: T['finding']): readonly (string | number)[];
    facts(finding: T['finding']): object;
    notes(finding: T['finding']): readonly string[];
  };
  /** Fields of `facts`, of `choiceFacts`, of a finding, and of what a fit adds, in this order. */
  readonly fields: {
    readonly facts: Fields;
    readonly choice: Fields;
    readonly finding: Fields;
    readonly added: Fields;
  };
}
