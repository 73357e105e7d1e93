import { UserError } from '../../base/errors.js';
import type { Explanation, Theme } from './explanation.js';
import { THEMES } from './texts/themes.js';

/** A code with its text and the title of its theme. */
export interface Explained extends Explanation {
  readonly code: string;
  readonly theme: string;
}

/** How many codes an error for an unknown one names. */
const MOST_ALIKE = 3;

/** Letters of what was written that are compared: no code is longer. */
const MOST_LETTERS = 64;

export function explainedCodes(themes: readonly Theme[] = THEMES): readonly Explained[] {
  return themes.flatMap(({ title, codes }) =>
    Object.entries(codes).map(([code, text]) => ({ code, theme: title, ...text })),
  );
}

/**
 * The text of a code, written in any case, with dashes or blanks for its lines.
 * @throws UserError UNKNOWN_CODE with the codes that are most like it
 */
export function explanationOf(written: string): Explained {
  const name = written.trim().toUpperCase().replace(/[-\s]/g, '_');
  const all = explainedCodes();
  const found = all.find((one) => one.code === name);
  if (found !== undefined) return found;
  const alike = nearest(
    name.slice(0, MOST_LETTERS),
    all.map((one) => one.code),
  ).slice(0, MOST_ALIKE);
  throw new UserError({
    code: 'UNKNOWN_CODE',
    message: `there is no code '${written}'; most like it: ${alike.join(', ')}; hcgs explain lists all`,
    field: 'CODE',
    expected: alike.join(', '),
    got: written,
  });
}

/** Words by their likeness to one, which may stand for a part of them; then by their likeness to it as a whole. */
export function nearest(word: string, words: readonly string[]): readonly string[] {
  return words
    .map((other, at) => ({
      other,
      at,
      part: changes(word, other, true),
      all: changes(word, other),
    }))
    .sort((a, b) => a.part - b.part || a.all - b.all || a.at - b.at)
    .map(({ other }) => other);
}

/**
 * How many letters have to be put in, left out or exchanged to make one word of the other (Levenshtein's distance);
 * `inside`: or of a part of the other.
 */
export function changes(word: string, other: string, inside = false): number {
  let row = Array.from({ length: other.length + 1 }, (_, j) => (inside ? 0 : j));
  for (const [i, letter] of [...word].entries()) {
    const next = [i + 1];
    for (const [j, own] of [...other].entries()) {
      const exchanged = (row[j] as number) + (letter === own ? 0 : 1);
      next.push(Math.min(exchanged, (row[j + 1] as number) + 1, (next[j] as number) + 1));
    }
    row = next;
  }
  return inside ? Math.min(...row) : (row[other.length] as number);
}
