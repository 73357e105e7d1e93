import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { allCommands } from '../../generator/cli/all-commands.js';
import { schemas } from '../../generator/cli/schemas/schemas.js';
import { runCli } from '../support/cli.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'hcgs-completion-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const there = (shell: string) => spawnSync(shell, ['-c', 'true']).status === 0;
const scriptOf = async (shell: string) => (await runCli(['completion', shell])).stdout;

/** What bash offers for the last word of a line. */
async function inBash(...words: readonly string[]): Promise<readonly string[]> {
  const script = join(folder, 'hcgs.bash');
  writeFileSync(script, await scriptOf('bash'));
  const { stdout, status, stderr } = spawnSync(
    'bash',
    [
      '-c',
      `script=$1; shift; source "$script"; COMP_WORDS=(hcgs "$@"); COMP_CWORD=$#; _hcgs
       printf '%s\\n' "\${COMPREPLY[@]}"`,
      'bash',
      script,
      ...words,
    ],
    { encoding: 'utf8' },
  );
  expect(status, stderr).toBe(0);
  return stdout.split('\n').filter((line) => line !== '');
}

describe('bash offers', () => {
  test.each([
    ['commands', ['est'], ['estimate']],
    ['options of a command', ['estimate', 'm.safetensors', '--mac'], ['--macs']],
    ['words of a list', ['estimate', '--target', ''], ['ecp5', 'ice40', 'xilinx']],
    ['those that begin so', ['generate', 'm', '--weights', 'l'], ['loaded']],
    ['no words where a number stands', ['estimate', '--macs', ''], []],
    ['files in other places', ['estimate', 'm'], []],
    ['nothing for what is no command', ['paint', '--c'], []],
  ])('%s', async (_, words, offered) => {
    expect(await inBash(...words)).toEqual(offered);
  });

  test('every command and every option', async () => {
    const commands = await allCommands();
    expect((await inBash('')).filter((word) => !word.startsWith('-'))).toEqual(
      commands.map(({ name }) => name),
    );
    for (const { name, options } of commands) {
      const offered = (await inBash(name, '-')).filter((word) => word.startsWith('-'));
      expect(offered).toHaveLength(Object.keys(options).length + 4);
    }
  });
});

test.skipIf(!there('zsh'))('zsh reads its script', async () => {
  const script = join(folder, '_hcgs');
  writeFileSync(script, await scriptOf('zsh'));
  const { status, stderr } = spawnSync(
    'zsh',
    [
      '-f',
      '-c',
      'autoload -U compinit; compinit -D; source $1; whence _hcgs > /dev/null',
      'zsh',
      script,
    ],
    { encoding: 'utf8', env: { ...process.env, HOME: folder } },
  );
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
});

test.skipIf(!there('fish'))('fish offers the same', async () => {
  const script = join(folder, 'hcgs.fish');
  writeFileSync(script, await scriptOf('fish'));
  const offers = (line: string) => {
    const { status, stdout, stderr } = spawnSync(
      'fish',
      ['--no-config', '-c', `source ${script}; complete -C '${line}'`],
      { encoding: 'utf8', env: { ...process.env, HOME: folder } },
    );
    expect(status, stderr).toBe(0);
    return stdout.split('\n').flatMap((text) => (text === '' ? [] : [text.split('\t')[0]]));
  };
  expect(offers('hcgs est')).toEqual(['estimate']);
  expect(offers('hcgs estimate --target ').sort()).toEqual(['ecp5', 'ice40', 'xilinx']);
  expect(offers('hcgs estimate --mac')).toEqual(['--macs']);
});

test('as JSON, and a shell that is not known', async () => {
  const report = schemas.completion.parse((await runCli(['completion', 'fish', '--json'])).json());
  expect(report.script.trimEnd()).toBe((await scriptOf('fish')).trimEnd());
  const refused = await runCli(['completion', 'csh']);
  expect(refused.exitCode).toBe(2);
  expect(refused.stderr).toContain("SHELL: expected bash or zsh or fish, got 'csh'");
});
