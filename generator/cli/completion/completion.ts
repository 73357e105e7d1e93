import { defineCommand } from '../frame/command.js';
import { badValue, text } from '../options/options.js';
import { bashScript } from './bash.js';
import { fishScript } from './fish.js';
import { completed } from './words.js';
import { zshScript } from './zsh.js';

const SCRIPTS = { bash: bashScript, zsh: zshScript, fish: fishScript } as const;
const SHELLS = Object.keys(SCRIPTS) as readonly (keyof typeof SCRIPTS)[];

export const completionCommand = defineCommand({
  name: 'completion',
  summary: 'print a script that completes command lines of this program, for bash, zsh or fish',
  positionals: { SHELL: text(SHELLS.join(', '), { required: true, valueName: 'SHELL' }) },
  options: {},
  examples: [
    ['completion bash > ~/.local/share/bash-completion/completions/hcgs', 'for bash'],
    ['completion zsh > ~/.zfunc/_hcgs', 'for zsh, a folder of fpath'],
    ['completion fish > ~/.config/fish/completions/hcgs.fish', 'for fish'],
  ],
  run: async ({ SHELL: given }) => {
    const shell = SHELLS.find((name) => name === given);
    if (shell === undefined) throw badValue('SHELL', SHELLS.join(' or '), given);
    // loaded here: all of the program, to ask every command for its options
    const { allCommands } = await import('../all-commands.js');
    const script = SCRIPTS[shell](completed(await allCommands()));
    return { ok: true, json: { shell, script }, lines: script.replace(/\n$/, '').split('\n') };
  },
});
