import type { Progress } from '../../base/progress.js';
import type { OptionTable, OptionValues } from '../options/options.js';

/** What a command hands back: the same result for people (`lines`) and for programs (`json`). */
export interface CommandResult {
  /** False when a check failed: exit code 1. */
  readonly ok: boolean;
  /** Fields of the JSON object; `schemaVersion`, `toolVersion` and `ok` are added to it. */
  readonly json: Readonly<Record<string, unknown>>;
  /**
   * Report for a person. Each is printed as one line whatever it holds: hidden characters of names, paths and metadata
   * are shown escaped, so that nothing in a file can make a line of its own or act on a terminal.
   */
  readonly lines: readonly string[];
  /** What of it a person sees without --verbose, where that is less. */
  readonly summary?: readonly string[];
  /** Command lines that make sense now, the most obvious first. */
  readonly next?: readonly string[];
  /** What a person should not miss, a sentence each: on stderr behind the report; JSON has fields of its own for it. */
  readonly warnings?: readonly string[];
}

/** What a command may use besides its arguments. */
export interface CommandIo {
  /** Goes to stderr, and only when the work takes over a second. */
  readonly progress: Progress;
  /** A line on stderr for the person at the terminal: a warning, a path worth knowing. Shown escaped, as `lines` are. */
  readonly note: (text: string) => void;
  /** The caller wants JSON: text need not be composed. */
  readonly json: boolean;
}

/**
 * A command as its file declares it. Keys of `options` are written in camel case and used as
 * `--kebab-case` (one letter: `-o`); keys of `positionals` are their names in the help text.
 */
export interface CommandSpec<P extends OptionTable, O extends OptionTable> {
  readonly name: string;
  readonly summary: string;
  /** In order. Required ones first. */
  readonly positionals: P;
  readonly options: O;
  /** Command lines without the program's name, each with what it does. */
  readonly examples: readonly (readonly [command: string, does: string])[];
  /** Places that the command replaces or removes beside those of its options. */
  readonly writes?: (args: OptionValues<P> & OptionValues<O>) => readonly string[];
  readonly run: (
    args: OptionValues<P> & OptionValues<O>,
    io: CommandIo,
  ) => CommandResult | Promise<CommandResult>;
}

/** A command with its argument types hidden, as the program's table holds it. */
export interface Command {
  readonly name: string;
  readonly summary: string;
  readonly positionals: OptionTable;
  readonly options: OptionTable;
  readonly examples: readonly (readonly [command: string, does: string])[];
  readonly writes?: (args: Readonly<Record<string, unknown>>) => readonly string[];
  readonly run: (
    args: Readonly<Record<string, unknown>>,
    io: CommandIo,
  ) => CommandResult | Promise<CommandResult>;
}

/**
 * A command in the program's table: what the list of commands says of it. The rest is loaded when the command is asked
 * for, with all that it works with.
 */
export interface CommandEntry {
  readonly name: string;
  readonly summary: string;
  readonly load: () => Promise<Command>;
}

/** The command of an entry; a command stands for itself. */
export async function loaded(listed: Command | CommandEntry): Promise<Command> {
  return 'load' in listed ? listed.load() : listed;
}

/** Declares a command; the types of its arguments follow from the tables. */
export function defineCommand<const P extends OptionTable, const O extends OptionTable>(
  spec: CommandSpec<P, O>,
): Command {
  const { writes } = spec;
  return {
    ...spec,
    writes: (args) => writes?.(args as OptionValues<P> & OptionValues<O>) ?? [],
    run: (args, io) => spec.run(args as OptionValues<P> & OptionValues<O>, io),
  };
}

/** The option as the user writes it: `weightBits` is `--weight-bits`, `o` is `-o`. */
export function optionName(key: string): string {
  return key.length === 1 ? `-${key}` : `--${kebab(key)}`;
}

/** `weightBits` -> `weight-bits`. */
export function kebab(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
