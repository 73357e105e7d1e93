import { type UserError, unexpected } from '../base/errors.js';
import { cellOf } from './cells/registry.js';
import type { Model, WordLengths } from './model.js';
import { programOf } from './program.js';
import { structuralBounds } from './sum-bounds.js';

/** Word lengths in bits that the program accepts, smallest and largest. */
export const WORD_LIMITS: Readonly<Record<keyof WordLengths, readonly [number, number]>> = {
  weight: [2, 16],
  activation: [4, 16],
  cell: [8, 24],
  bias: [4, 24],
};
/** What a word length is when nobody says otherwise, in bits. */
export const DEFAULT_WORDS: WordLengths = { weight: 6, activation: 13, cell: 16, bias: 16 };
/** Fraction counts and weight exponents lie in -MAX_FRACTION ... MAX_FRACTION. */
export const MAX_FRACTION = 32;
/** Rows and columns of a matrix, and codes of all its gates. */
export const MAX_SIZE = 65_536;
export const MAX_CODES = 2 ** 28;
/** Integers up to 2^53 are exact in a JavaScript number; one bit is left for the rounding constant. */
const EXACT = 2 ** 52;

/** @throws UserError WORD_LENGTH when a word length is no integer within WORD_LIMITS. */
export function checkWordLengths(
  words: WordLengths,
  file?: string,
  field: (word: keyof WordLengths) => string = (word) => `words.${word}`,
): void {
  for (const [word, [low, high]] of Object.entries(WORD_LIMITS)) {
    const name = field(word as keyof WordLengths);
    const bits = words[word as keyof WordLengths];
    if (!Number.isInteger(bits) || bits < low || bits > high) {
      throw limit('WORD_LENGTH', name, `${low} to ${high} bits`, bits, file);
    }
  }
}

/** @throws UserError FRACTION_RANGE when a binary point is no integer within MAX_FRACTION of zero. */
export function checkFraction(value: number, field: string, file?: string): void {
  if (!Number.isInteger(value) || Math.abs(value) > MAX_FRACTION) {
    throw limit('FRACTION_RANGE', field, `${-MAX_FRACTION} to ${MAX_FRACTION}`, value, file);
  }
}

/**
 * Checks that the largest sums of every pass, and what follows from them in its cell, stay exact with every weight
 * that the shape allows. @throws UserError NOT_EXACT with the layer and the bits needed.
 */
export function checkExact(model: Model, file?: string): void {
  const { words, tables } = model;
  const bounds = structuralBounds(model);
  const { passes } = programOf(model);
  model.passes.forEach(({ cell: kind, stateFraction }, n) => {
    const cell = cellOf(kind);
    const [layer, sums] =
      cell.leaves === 'sums' ? ['output', 'output sums'] : [`layer ${n}`, `layer ${n} gate sums`];
    const magnitude = bounds[n]?.aligned as number;
    checkMagnitude(magnitude, sums, file);
    const { align, biasFraction } = passes[n] as (typeof passes)[number];
    const exact = { fraction: align.fraction, magnitude, biasFraction };
    for (const inner of cell.inner(words, stateFraction, tables.scheme, exact)) {
      checkMagnitude(inner.magnitude, `${layer} ${inner.name}`, file);
    }
  });
}

/** Largest magnitude of an output that the shape and the word lengths allow, in units of its last bit. */
export function largestOutput(model: Model): number {
  const last = model.passes.at(-1);
  if (last !== undefined && cellOf(last.cell).leaves === 'sums') {
    return structuralBounds(model).at(-1)?.aligned as number;
  }
  return 2 ** (model.words.activation - 1);
}

function checkMagnitude(value: number, field: string, file?: string): void {
  if (value <= EXACT) return;
  const bits = Math.ceil(Math.log2(value)) + 1;
  throw limit('NOT_EXACT', field, 'at most 53 bits', bits, file);
}

function limit(
  code: string,
  field: string,
  expected: string,
  got: number,
  file?: string,
): UserError {
  return unexpected({ code, file, field, expected, got }, field);
}
