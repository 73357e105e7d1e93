import { type Command, kebab } from '../frame/command.js';
import type { Option } from '../options/options.js';

/** What may follow an option: words of a list, a file, a directory, something that only the user knows, or nothing. */
export type Follows =
  | { readonly kind: 'words'; readonly words: readonly string[] }
  | { readonly kind: 'file' | 'directory' | 'other' | 'nothing' };

/** An option as a shell completes it. */
export interface CompletedOption {
  /** As it is typed: `--macs`, `-o`. */
  readonly name: string;
  readonly describe: string;
  readonly follows: Follows;
}

/** A command as a shell completes it. */
export interface CompletedCommand {
  readonly name: string;
  readonly summary: string;
  readonly options: readonly CompletedOption[];
}

const nothing = { kind: 'nothing' } as const;

/** Options of every command. */
const EVERYWHERE: readonly CompletedOption[] = [
  { name: '--help', describe: 'show help', follows: nothing },
  { name: '--json', describe: 'one JSON object on stdout, also on failure', follows: nothing },
  { name: '--quiet', describe: 'no progress on stderr', follows: nothing },
  { name: '--verbose', describe: 'the whole report', follows: nothing },
];

/** Options before any command. */
export const WITHOUT_COMMAND: readonly CompletedOption[] = [
  { name: '--help', describe: 'show help', follows: nothing },
  { name: '--version', describe: 'show the version', follows: nothing },
];

/** What shells need to know of the commands. */
export function completed(commands: readonly Command[]): readonly CompletedCommand[] {
  return commands.map(({ name, summary, options }) => ({
    name,
    summary,
    options: [
      ...Object.entries(options).map(([key, option]) => ({
        name: key.length === 1 ? `-${key}` : `--${kebab(key)}`,
        describe: option.describe,
        follows: follows(option),
      })),
      ...EVERYWHERE,
    ],
  }));
}

function follows({ kind, role, valueName, filesOf }: Option<unknown>): Follows {
  if (kind === 'flag') return nothing;
  if (/^[\w-]+(\|[\w-]+)+$/.test(valueName)) return { kind: 'words', words: valueName.split('|') };
  if (role === null || filesOf !== undefined) return { kind: 'other' };
  return { kind: role === 'output directory' ? 'directory' : 'file' };
}
