import { type CompletedCommand, type CompletedOption, WITHOUT_COMMAND } from './words.js';

/** A script for bash: it completes commands, options, words of lists, and files where files belong. */
export function bashScript(commands: readonly CompletedCommand[]): string {
  const names = (options: readonly CompletedOption[]) => options.map(({ name }) => name).join(' ');
  return `# bash completion for hcgs
_hcgs() {
  local current=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD - 1]}
  local command= options= words= word
  COMPREPLY=()
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD - 1}"; do
    case $word in
      -*) ;;
      *) command=$word; break ;;
    esac
  done
  case $command in
    '') words='${[...commands.map(({ name }) => name), ...WITHOUT_COMMAND.map(({ name }) => name)].join(' ')}' ;;
${commands.map((command) => branch(command, names)).join('\n')}
  esac
  if [[ -z $words && $current == -* ]]; then words=$options; fi
  if [[ -n $words ]]; then
    mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
    compopt +o default 2> /dev/null
  fi
}
complete -o default -F _hcgs hcgs
`;
}

function branch(
  { name, options }: CompletedCommand,
  names: (options: readonly CompletedOption[]) => string,
): string {
  const choices = options.flatMap(({ name: option, follows }) =>
    follows.kind === 'words'
      ? [`        ${option}) words='${follows.words.join(' ')}' ;;`]
      : follows.kind === 'other'
        ? [`        ${option}) compopt +o default 2> /dev/null; return ;;`]
        : [],
  );
  const after = choices.length === 0 ? [] : ['      case $before in', ...choices, '      esac'];
  return [`    ${name})`, `      options='${names(options)}'`, ...after, '      ;;'].join('\n');
}
