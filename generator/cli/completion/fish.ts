import { type CompletedCommand, type CompletedOption, WITHOUT_COMMAND } from './words.js';

/** A script for fish, for a file `hcgs.fish` in its folder of completions or for `source`. */
export function fishScript(commands: readonly CompletedCommand[]): string {
  const first = '-n __fish_use_subcommand';
  return [
    '# fish completion for hcgs',
    'complete -c hcgs -e',
    ...commands.map(
      ({ name, summary }) => `complete -c hcgs -f ${first} -a ${name} -d ${quoted(summary)}`,
    ),
    ...WITHOUT_COMMAND.map((option) => `complete -c hcgs ${first} ${argument(option)}`),
    ...commands.flatMap(({ name, options }) => {
      const here = `-n '__fish_seen_subcommand_from ${name}'`;
      return options.map((option) => `complete -c hcgs ${here} ${argument(option)}`);
    }),
    '',
  ].join('\n');
}

function argument({ name, describe, follows }: CompletedOption): string {
  const option = name.startsWith('--') ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`;
  const value = {
    nothing: () => [],
    other: () => ['-x'],
    file: () => ['-r', '-F'],
    directory: () => ['-x', "-a '(__fish_complete_directories)'"],
    words: () => ['-x', `-a '${follows.kind === 'words' ? follows.words.join(' ') : ''}'`],
  }[follows.kind]();
  return [option, ...value, `-d ${quoted(describe)}`].join(' ');
}

const quoted = (text: string): string => `'${text.replace(/[\\']/g, '\\$&')}'`;
