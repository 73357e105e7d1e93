import { UserError } from '../../base/errors.js';
import { didYouMean } from '../../base/nearest.js';

/** A command never writes what it reads: see `checkFiles`. */
export type FileRole = 'input' | 'output' | 'output directory';

interface Described {
  readonly describe: string;
  readonly required: boolean;
  /** Shown in the help text and used when the option is absent. */
  readonly fallback: unknown;
  /** Word for the value in the help text, e.g. `FILE`. */
  readonly valueName: string;
  /** What the command does with the file or directory of this name; null for a value that names none. */
  readonly role: FileRole | null;
  /** The files in a value that has more in it than one name; absent: the value is the name. */
  readonly filesOf?: (value: string) => readonly string[];
}

/** One option or positional argument whose value, once parsed, has type `T`. */
export interface Option<T> extends Described {
  readonly kind: 'value' | 'flag' | 'list';
  /** Names of values, for an option that also stands alone, without one: what follows belongs to it only if it is such. */
  readonly alone?: RegExp;
  /** Turns the text of the command line into a value; `field` is the option as the user wrote it. */
  readonly parse: (text: string, field: string) => unknown;
  /** Only carries the type. */
  readonly type?: T;
}

export type OptionTable = Readonly<Record<string, Option<unknown>>>;

/** The parsed values of an option table. */
export type OptionValues<O extends OptionTable> = {
  readonly [K in keyof O]: O[K] extends Option<infer T> ? T : never;
};

interface Common<T> {
  readonly default?: T;
  readonly required?: boolean;
  readonly valueName?: string;
}
interface Range {
  readonly min?: number;
  readonly max?: number;
}
type Optional<T, C extends Common<T>> = C extends
  | { readonly default: T }
  | { readonly required: true }
  ? T
  : T | undefined;

/** Text taken as it is: a name, a rule; no file and no directory. */
export function text<const C extends Common<string> & { readonly valueName: string }>(
  describe: string,
  settings: C,
): Option<Optional<string, C>> {
  return value(describe, settings.valueName, settings, nonEmpty);
}

/** A file, or the directory of a design, that the command reads. */
export function input<const C extends Common<string>>(
  describe: string,
  settings: C = {} as C,
): Option<Optional<string, C>> {
  return { ...value<Optional<string, C>>(describe, 'FILE', settings, nonEmpty), role: 'input' };
}

/** A file that the command writes. */
export function output<const C extends Common<string>>(
  describe: string,
  settings: C = {} as C,
): Option<Optional<string, C>> {
  return { ...value<Optional<string, C>>(describe, 'FILE', settings, nonEmpty), role: 'output' };
}

/**
 * A file that the command writes, named or not: true where the option stands alone. The word behind it is its value when
 * it ends like a file of that kind, `named`, of which `suffix` is the one that is written; that of `--option=FILE` always is.
 */
export function optionalOutput(
  describe: string,
  { suffix, named }: { readonly suffix: string; readonly named: RegExp },
): Option<string | boolean> {
  return {
    ...value<string | boolean>(describe, '[FILE]', { default: false }, (given, field) => {
      if (named.test(given) && !given.endsWith(suffix))
        throw badValue(field, `a file name that ends in ${suffix}`, given);
      return given === '' || given;
    }),
    role: 'output',
    alone: named,
  };
}

/** A directory that the command replaces as a whole. */
export function outputDirectory<const C extends Common<string>>(
  describe: string,
  settings: C = {} as C,
): Option<Optional<string, C>> {
  const described = value<Optional<string, C>>(describe, 'DIR', settings, nonEmpty);
  return { ...described, role: 'output directory' };
}

function nonEmpty(given: string, field: string): string {
  if (given === '') throw badValue(field, 'a non-empty value', given);
  return given;
}

/** A whole number in decimal, within an inclusive range. */
export function integer<const C extends Common<number> & Range>(
  describe: string,
  settings: C = {} as C,
): Option<Optional<number, C>> {
  return value(describe, 'N', settings, (given, field) => {
    const number = /^[+-]?\d+$/.test(given) ? Number(given) : Number.NaN;
    if (!Number.isSafeInteger(number)) throw badValue(field, 'a whole number', given);
    return inRange(number, settings, field);
  });
}

/** A real number within an inclusive range. */
export function real<const C extends Common<number> & Range>(
  describe: string,
  settings: C = {} as C,
): Option<Optional<number, C>> {
  return value(describe, 'P', settings, (given, field) => {
    const number = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i.test(given)
      ? Number(given)
      : Number.NaN;
    if (!Number.isFinite(number)) throw badValue(field, 'a number', given);
    return inRange(number, settings, field);
  });
}

/** One word out of a fixed list. */
export function choice<const W extends string, const C extends Common<NoInfer<W>>>(
  describe: string,
  words: readonly W[],
  settings: C = {} as C,
): Option<Optional<W, C>> {
  return value(describe, words.join('|'), settings, (given, field) => {
    if (!(words as readonly string[]).includes(given)) {
      throw badValue(field, words.join(' or '), given, didYouMean(given, words));
    }
    return given;
  });
}

/** An option that may be repeated; the values in the order given, none when absent. */
export function list(describe: string, valueName = 'LIST'): Option<readonly string[]> {
  return {
    kind: 'list',
    describe,
    required: false,
    fallback: undefined,
    valueName,
    role: null,
    parse: nonEmpty,
  };
}

/** Files that the command reads: an option that may be repeated. `filesOf`: those in a value of another form than a name. */
export function inputs(
  describe: string,
  form?: { readonly valueName: string; readonly filesOf: (value: string) => readonly string[] },
): Option<readonly string[]> {
  return {
    ...list(describe, form?.valueName ?? 'FILE'),
    role: 'input',
    ...(form && { filesOf: form.filesOf }),
  };
}

/** A switch, off unless given. */
export function flag(describe: string): Option<boolean> {
  return {
    kind: 'flag',
    describe,
    required: false,
    fallback: false,
    valueName: '',
    role: null,
    parse: Boolean,
  };
}

/** The error of an option value that cannot be used. */
export function badValue(
  field: string,
  expected: string,
  got: string | number,
  hint = '',
): UserError {
  return new UserError({
    code: 'BAD_OPTION_VALUE',
    message: `${field}: expected ${expected}, got '${got}'${hint}`,
    field,
    expected,
    got,
  });
}

function value<T>(
  describe: string,
  valueName: string,
  settings: Common<unknown>,
  parse: Option<T>['parse'],
): Option<T> {
  return {
    kind: 'value',
    describe,
    required: settings.required ?? false,
    fallback: settings.default,
    valueName: settings.valueName ?? valueName,
    role: null,
    parse,
  };
}

function inRange(number: number, range: Range, field: string): number {
  const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY } = range;
  if (number >= min && number <= max) return number;
  const expected =
    max === Number.POSITIVE_INFINITY
      ? `at least ${min}`
      : min === Number.NEGATIVE_INFINITY
        ? `at most ${max}`
        : `${min} to ${max}`;
  throw badValue(field, expected, number);
}
