import { closestMatch } from 'leven';

/** Edits that a slip of the hand makes, in a word of so many letters: one in three, and one at least. */
const slips = (word: string): number => Math.max(1, Math.floor(word.length / 3));

/** The word that was probably meant, in any case of letters; undefined where none is near. */
export function nearest(given: string, words: readonly string[]): string | undefined {
  const found = closestMatch(
    given.toLowerCase(),
    words.map((word) => word.toLowerCase()),
    { maxDistance: slips(given) },
  );
  return words.find((word) => word.toLowerCase() === found);
}

/** Behind a message: `; did you mean X?`, or nothing. */
export function didYouMean(given: string, words: readonly string[]): string {
  const word = nearest(given, words);
  return word === undefined ? '' : `; did you mean ${word}?`;
}
