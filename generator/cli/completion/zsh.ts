import { type CompletedCommand, type CompletedOption, WITHOUT_COMMAND } from './words.js';

/** A script for zsh, for a file `_hcgs` in `fpath` or for `source`. */
export function zshScript(commands: readonly CompletedCommand[]): string {
  return `#compdef hcgs
_hcgs() {
  local -a commands
  if (( CURRENT == 2 )); then
    commands=(
${commands.map(({ name, summary }) => `      ${quoted(`${name}:${escaped(summary)}`)}`).join('\n')}
    )
    _describe command commands
    _arguments ${WITHOUT_COMMAND.map(argument).join(' ')}
    return
  fi
  local command=$words[2]
  (( CURRENT-- ))
  shift words
  case $command in
${commands.map(branch).join('\n')}
  esac
}
if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
  _hcgs "$@"
else
  compdef _hcgs hcgs
fi
`;
}

function branch({ name, options }: CompletedCommand): string {
  const lines = options.map((option) => `        ${argument(option)} \\`);
  return [
    `    ${name})`,
    '      _arguments \\',
    ...lines,
    "        '*:file:_files'",
    '      ;;',
  ].join('\n');
}

function argument({ name, describe, follows }: CompletedOption): string {
  const action = {
    nothing: () => '',
    other: () => ':value: ',
    file: () => ':file:_files',
    directory: () => ':directory:_files -/',
    words: () => `:word:(${follows.kind === 'words' ? follows.words.join(' ') : ''})`,
  }[follows.kind]();
  return quoted(`${name}[${escaped(describe)}]${action}`);
}

const escaped = (text: string): string => text.replace(/[[\]:\\]/g, '\\$&');
const quoted = (text: string): string => `'${text.replace(/'/g, `'\\''`)}'`;
