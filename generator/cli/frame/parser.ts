import yargs, { type Argv } from 'yargs';
import { type ErrorReport, UserError } from '../../base/errors.js';
import { didYouMean } from '../../base/nearest.js';
import { toolVersion } from '../../base/package.js';
import type { Option, OptionTable } from '../options/options.js';
import { type Command, type CommandEntry, kebab, loaded, optionName } from './command.js';

/** What a command line asks for. */
export type Request =
  | { readonly kind: 'help'; readonly text: string }
  | {
      readonly kind: 'run';
      readonly command: Command;
      readonly args: Readonly<Record<string, unknown>>;
      readonly quiet: boolean;
      readonly verbose: boolean;
    };

type Raw = Readonly<Record<string, unknown>>;

/** Reads a command line. Throws UserError on anything it does not understand. */
export async function parseCommandLine(
  commands: readonly (Command | CommandEntry)[],
  argv: readonly string[],
): Promise<Request> {
  const word = argv.find((text) => !text.startsWith('-'));
  const names = commands.map(({ name }) => name);
  const listed = commands.find(({ name }) => name === word);
  if (word !== undefined && listed === undefined) {
    const message = `unknown command '${word}'${didYouMean(word, names)}; hcgs --help lists them`;
    throw usage('UNKNOWN_COMMAND', message, {
      field: 'command',
      expected: names.join(', '),
      got: word,
    });
  }
  const command = listed && (await loaded(listed));
  let raw: Raw = {};
  let program = base();
  for (const one of command === undefined ? commands : []) {
    program = program.command(one.name, one.summary);
  }
  if (command !== undefined) {
    program = program.command(
      [command.name, ...Object.entries(command.positionals).map(operandSyntax)].join(' '),
      command.summary,
      (builder) => declare(builder, command),
      (parsed: Raw) => {
        raw = parsed;
      },
    );
  }
  let help = '';
  program.parse(withEmpty(argv, command), {}, (error, _argv, output) => {
    if (error) throw explain(error.message, argv, command);
    help = output;
  });
  if (help !== '') return { kind: 'help', text: help };
  if (command === undefined) {
    throw usage('MISSING_COMMAND', 'no command given; hcgs --help lists them', {
      field: 'command',
      expected: names.join(', '),
    });
  }
  const given = [
    ...readTable(command.positionals, (key) => [raw[key], key.toUpperCase()]),
    ...readTable(command.options, (key) => [raw[kebab(key)], optionName(key)]),
  ];
  refuseMissing(command, given);
  const args = Object.fromEntries(given.map(({ key, value }) => [key, value]));
  return { kind: 'run', command, args, quiet: raw.quiet === true, verbose: raw.verbose === true };
}

/** Options that stand alone get an empty value, so that they do not take the word behind them. */
function withEmpty(argv: readonly string[], command: Command | undefined): string[] {
  return argv.map((word, i) => {
    const option = Object.entries(command?.options ?? {}).find(([key]) => optionName(key) === word);
    const pattern = option?.[1].alone;
    return pattern === undefined || pattern.test(argv[i + 1] ?? '') ? word : `${word}=`;
  });
}

function base(): Argv {
  return yargs()
    .scriptName('hcgs')
    .usage('$0 COMMAND\n\nVerilog for sparse recurrent accelerators, proven by co-simulation.')
    .version(toolVersion)
    .help()
    .alias('help', 'h')
    .locale('en')
    .strict()
    .exitProcess(false)
    .wrap(100)
    .option('json', { type: 'boolean', describe: 'one JSON object on stdout, also on failure' })
    .option('quiet', { type: 'boolean', describe: 'no progress on stderr' })
    .option('verbose', { type: 'boolean', describe: 'the whole report, where there is a summary' })
    .parserConfiguration({
      'boolean-negation': false,
      'camel-case-expansion': false,
      'dot-notation': false,
      'parse-numbers': false,
      'parse-positional-numbers': false,
      'greedy-arrays': false,
    })
    .epilogue('Exit codes: 0 done, 1 a check failed, 2 bad input or usage, 3 internal error.');
}

/** Optional for the parser, always: a missing one is reported by `readTable`, in its own words. */
function operandSyntax([key]: readonly [string, Option<unknown>]): string {
  return `[${key}]`;
}

function declare(builder: Argv, command: Command): Argv {
  const operands = Object.entries(command.positionals).map(([key, { required }]) =>
    required ? key.toUpperCase() : `[${key.toUpperCase()}]`,
  );
  const line = ['$0', command.name, ...operands, '[options]'].join(' ');
  let result = builder.usage(`${line}\n\n${command.summary}`);
  for (const [key, { describe }] of Object.entries(command.positionals)) {
    result = result.positional(key, { type: 'string', describe });
  }
  for (const [key, option] of Object.entries(command.options)) {
    result = result.option(kebab(key), {
      type: option.kind === 'flag' ? 'boolean' : 'string',
      describe: describeOption(option),
      requiresArg: option.kind !== 'flag' && option.alone === undefined,
    });
  }
  for (const [example, does] of command.examples) result = result.example(`$0 ${example}`, does);
  return result;
}

function describeOption(option: Option<unknown>): string {
  const notes = [
    ...(option.valueName === '' ? [] : [option.valueName]),
    ...(option.required ? ['required'] : []),
    ...(option.kind === 'value' && option.fallback !== undefined && option.alone === undefined
      ? [`default ${option.fallback}`]
      : []),
    ...(option.kind === 'list' ? ['may be repeated'] : []),
  ];
  return notes.length === 0 ? option.describe : `${option.describe} [${notes.join(', ')}]`;
}

/** One argument, parsed and checked. */
interface Argument {
  readonly key: string;
  /** As the user writes it. */
  readonly field: string;
  readonly value: unknown;
  readonly missing: boolean;
}

/** Values of one table; `given` finds a raw value and says how the user writes its key. */
function readTable(
  table: OptionTable,
  given: (key: string) => readonly [raw: unknown, field: string],
): readonly Argument[] {
  return Object.entries(table).map(([key, option]) => {
    const [raw, field] = given(key);
    const value = readValue(option, raw, field);
    return { key, field, value, missing: value === undefined && option.required };
  });
}

/** All that is missing is named together. */
function refuseMissing(command: Command, given: readonly Argument[]): void {
  const fields = given.filter(({ missing }) => missing).map(({ field }) => field);
  if (fields.length === 0) return;
  const named = fields.join(', ');
  const message = `${named} ${fields.length === 1 ? 'is' : 'are'} missing; see hcgs ${command.name} --help`;
  throw usage('MISSING_ARGUMENT', message, { field: named });
}

function readValue(option: Option<unknown>, raw: unknown, field: string): unknown {
  const given = raw === undefined ? [] : Array.isArray(raw) ? raw : [raw];
  if (option.kind === 'list') return given.map((value) => option.parse(String(value), field));
  if (option.kind === 'flag') return given.includes(true);
  if (given.length > 1) {
    throw usage('REPEATED_OPTION', `${field} is given more than once`, { field });
  }
  return given.length === 0 ? option.fallback : option.parse(String(given[0]), field);
}

/** Options of every command. */
const EVERYWHERE = ['--help', '--version', '--json', '--quiet', '--verbose'];

/** Turns a message of the parser into an error that names what the user typed. */
function explain(
  message: string,
  argv: readonly string[],
  command: Command | undefined,
): UserError {
  const line = message.split('\n', 1)[0] as string;
  const unknown = /^Unknown (?:argument|command)s?: (.*)/.exec(line)?.[1]?.split(', ', 1)[0];
  if (unknown !== undefined && argv.includes(unknown)) {
    return usage('UNEXPECTED_ARGUMENT', `unexpected argument '${unknown}'`, { got: unknown });
  }
  if (unknown !== undefined) {
    const field = dashed(unknown);
    const known = [...Object.keys(command?.options ?? {}).map(optionName), ...EVERYWHERE];
    return usage('UNKNOWN_OPTION', `unknown option ${field}${didYouMean(field, known)}`, { field });
  }
  const valueless = /^Not enough arguments following: (.*)/.exec(line)?.[1];
  if (valueless !== undefined) {
    const field = dashed(valueless);
    return usage('MISSING_VALUE', `${field} needs a value`, { field });
  }
  return usage('BAD_USAGE', line, {});
}

function dashed(word: string): string {
  if (word.startsWith('-')) return word;
  return word.length === 1 ? `-${word}` : `--${word}`;
}

function usage(
  code: string,
  message: string,
  details: Pick<ErrorReport, 'field' | 'expected' | 'got'>,
): UserError {
  return new UserError({ code, message, ...details });
}
