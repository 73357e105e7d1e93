import { unexpected } from '../base/errors.js';

/** What a field of an argument has to be, for programs without types. */
export interface FieldRule {
  readonly expected: string;
  readonly holds: (value: unknown) => boolean;
}

/**
 * Holds an object of options against its fields; what is undefined counts as left out.
 * @throws UserError API_ARGUMENT for a field that does not exist, or a value of another kind
 */
export function checkArguments(given: object, rules: Readonly<Record<string, FieldRule>>): void {
  for (const [field, value] of Object.entries(given)) {
    if (value === undefined) continue;
    const rule = Object.hasOwn(rules, field) ? rules[field] : undefined;
    const names = Object.keys(rules);
    if (rule === undefined) {
      const expected = `one of ${names.join(', ')}`;
      throw unexpected({ code: 'API_ARGUMENT', field, expected, got: `'${field}'` });
    }
    if (!rule.holds(value)) {
      const { expected } = rule;
      throw unexpected({ code: 'API_ARGUMENT', field, expected, got: shownValue(value) });
    }
  }
}

/** A value in a few words. */
export function shownValue(value: unknown): string {
  if (typeof value === 'string') return `'${value}'`;
  if (value === null || typeof value === 'number' || typeof value === 'boolean') return `${value}`;
  return Array.isArray(value) ? 'an array' : `a value of type ${typeof value}`;
}

export const TEXT: FieldRule = {
  expected: 'a string that is not empty',
  holds: (value) => typeof value === 'string' && value !== '',
};
export const SWITCH: FieldRule = {
  expected: 'true or false',
  holds: (value) => typeof value === 'boolean',
};
export const TEXTS: FieldRule = {
  expected: 'a list of strings',
  holds: (value) => Array.isArray(value) && value.every(TEXT.holds),
};
export const FUNCTION: FieldRule = {
  expected: 'a function',
  holds: (value) => typeof value === 'function',
};
/** Frames have checks of their own, which know their width. */
export const ANYTHING: FieldRule = { expected: 'a value', holds: () => true };

/** A whole number from `least` on. */
export const count = (least: number): FieldRule => ({
  expected: `a whole number from ${least}`,
  holds: (value) => Number.isSafeInteger(value) && (value as number) >= least,
});

export const oneOf = (words: readonly string[]): FieldRule => ({
  expected: words.join(' or '),
  holds: (value) => words.some((word) => word === value),
});

/** Options that every function with long work has. */
export const REPORTING = { onStage: FUNCTION, onNote: FUNCTION } as const;
