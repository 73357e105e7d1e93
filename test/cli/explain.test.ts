import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { UserError } from '../../generator/base/errors.js';
import { allCommands } from '../../generator/cli/all-commands.js';
import { errorsPage } from '../../generator/cli/explain/errors-page.js';
import { changes, explainedCodes, nearest } from '../../generator/cli/explain/lookup.js';
import { THEMES } from '../../generator/cli/explain/texts/themes.js';
import { defineCommand, optionName } from '../../generator/cli/frame/command.js';
import { explain as schema } from '../../generator/cli/schemas/explain.js';
import { DIAGNOSTICS } from '../../generator/hdl/diagnostics.js';
import { runCli } from '../support/cli.js';
import { errorCodes } from './support/error-codes.js';

const commands = await allCommands();
const all = explainedCodes();
const own = all.map(({ code }) => code);

describe('every code of an error has a text', () => {
  const { found, obscure } = errorCodes(['cli/explain/texts/']);
  const inSources = new Map(found.map(({ code, place }) => [code, place]));
  for (const code of Object.keys(DIAGNOSTICS)) inSources.set(code, 'hdl/diagnostics/codes.ts');

  test('of errors of commands, of the system, and of the language', () => {
    const without = [...inSources].filter(([code]) => !own.includes(code));
    expect(without, 'a text in generator/cli/explain/texts/ for each').toEqual([]);
    expect(inSources.size).toBeGreaterThan(200);
  });

  test('no text is left of a code that is gone, and none has two', () => {
    expect(own.filter((code) => !inSources.has(code))).toEqual([]);
    expect(own.filter((code, at) => own.indexOf(code) !== at)).toEqual([]);
  });

  test('none can hide: what stands for a code is a literal or called code', () => {
    expect(obscure).toEqual([]);
  });

  test('in whatever form it is given', () => {
    const forms = {
      FILE_UNWRITABLE: 'member of a tuple that its type calls code',
      DISK_FULL: 'choice of two',
      TOOL_HANGS: 'list that is taken apart',
      PERMISSION_DENIED: 'table of errors of the system',
      LSTM_CHAIN: 'default of a parameter',
      TORCH_LIMIT: 'function that makes functions',
      HDF5_LIMIT: 'class, in JavaScript',
      REPEATED_OPTION: 'argument of a helper',
      TENSORFLOW_ATTRIBUTE: 'code in place of another one',
      MACROS: 'constant that is handed on',
      PARAMETER_RELATION: 'complaint of the language',
    };
    expect(Object.keys(forms).filter((code) => !inSources.has(code))).toEqual([]);
  });
});

describe('the texts', () => {
  test('are one line each, and say more than the code does', () => {
    for (const { code, means, why, remedy } of all) {
      expect(means, code).toMatch(/^\S.*[^.\s]$/);
      for (const text of [why, remedy]) expect(text, code).toMatch(/^\S.{9,}$/);
      expect(`${means}${why}${remedy}`).not.toContain('\n');
    }
  });

  test('have command lines of hcgs that exist, with their options', () => {
    const table = new Map(commands.map((command) => [command.name, command]));
    const wrong = all.flatMap(({ code, commands: lines = [] }) =>
      lines.flatMap((line) => {
        const words = /^(?:\w+=\S+ )?hcgs (.*)$/.exec(line)?.[1]?.split(' ');
        if (words === undefined) return [];
        const options = words.filter((word) => word.startsWith('-'));
        const command = table.get(words[0] as string);
        const known = ['--help', '--version', '--json'].concat(
          Object.keys(command?.options ?? {}).map(optionName),
        );
        const lost = command === undefined && !(words[0] as string).startsWith('-');
        const odd = options.filter((option) => !known.includes(option));
        return lost || odd.length > 0 ? [`${code}: ${line}`] : [];
      }),
    );
    expect(wrong).toEqual([]);
  });

  test('name options that some command has', () => {
    const known = new Set(commands.flatMap(({ options }) => Object.keys(options).map(optionName)));
    for (const more of ['--version', '--help', '--json', '--like-this', '--option', '--flow'])
      known.add(more);
    // of programs of others, in command lines that name them
    const others = ['--saved-model', '--output'];
    const wrong = all.flatMap(({ code, why, remedy }) =>
      [...`${why} ${remedy}`.matchAll(/(?<![\w-])--[a-z][a-z-]*/g)]
        .map(([option]) => option)
        .filter((option) => !known.has(option) && !others.includes(option))
        .map((option) => `${code}: ${option}`),
    );
    expect(wrong).toEqual([]);
  });

  test('stand in docs/errors.md word for word (scripts/errors-page writes it)', () => {
    expect(readFileSync('docs/errors.md', 'utf8')).toBe(errorsPage(THEMES));
  });
});

describe('hcgs explain', () => {
  test('lists every code with a line, by theme', async () => {
    const { exitCode, stdout } = await runCli(['explain']);
    expect(exitCode).toBe(0);
    const lines = stdout.split('\n');
    for (const { title } of THEMES) expect(lines).toContain(title);
    for (const { code, means } of all) {
      expect(lines.filter((line) => line.startsWith(`  ${code} `))).toHaveLength(1);
      expect(stdout).toContain(means);
    }
    const listed = await runCli(['explain', '--json']);
    expect(schema.parse(listed.json()).codes.map(({ code }) => code)).toEqual(own);
  });

  test.each(['pattern_not_found', 'Pattern-Not-Found', ' PATTERN_NOT_FOUND'])(
    'finds %j',
    async (written) => {
      const { exitCode, stdout, stderr } = await runCli(['explain', written]);
      expect([exitCode, stderr]).toEqual([0, '']);
      expect(stdout).toMatch(/^PATTERN_NOT_FOUND \(patterns/);
      expect(stdout).toContain('\nwhy\n');
      expect(stdout).toContain('\nwhat to do\n');
      expect(stdout).toContain('    hcgs inspect NET\n');
      const json = schema.parse((await runCli(['explain', written, '--json'])).json());
      expect(json.codes).toMatchObject([{ code: 'PATTERN_NOT_FOUND' }]);
    },
  );

  test('of an unknown code names those that are most like it', async () => {
    const typed = await runCli(['explain', 'PATERN_NOT_FUOND', '--json']);
    expect(typed.exitCode).toBe(2);
    const { error } = typed.json() as { error: { expected: string } };
    expect(error).toMatchObject({ code: 'UNKNOWN_CODE', got: 'PATERN_NOT_FUOND' });
    expect(error.expected).toMatch(/^PATTERN_NOT_FOUND, /);
    const short = await runCli(['explain', 'patern']);
    expect(short.stderr).toMatch(/most like it: PATTERN_\w+, PATTERN_\w+, PATTERN_\w+;/);
    const part = await runCli(['explain', 'verilator']);
    expect(part.stderr).toMatch(/most like it: VERILATOR_\w+, VERILATOR_\w+, VERILATOR_\w+;/);
    expect(part.stderr).not.toContain('see:');
  });

  test('counts changes of a letter', () => {
    expect(changes('', 'abc')).toBe(3);
    expect(changes('kitten', 'sitting')).toBe(3);
    expect(changes('abc', 'abc')).toBe(0);
    expect(changes('bxd', 'abcde', true)).toBe(1);
    expect(changes('bcd', 'abcde')).toBe(2);
    expect(nearest('NPZ_CHOISE', ['NPY_INVALID', 'NPZ_CHOICE', 'NPZ_LIMIT'])[0]).toBe('NPZ_CHOICE');
  });
});

describe('a failure', () => {
  const table = ['FILE_SHORT', 'BAD_USAGE'].map((code) =>
    defineCommand({
      name: code.toLowerCase(),
      summary: 'Fails.',
      positionals: {},
      options: {},
      examples: [],
      run: () => {
        throw new UserError({ code, message: 'so', details: ['more'] });
      },
    }),
  );

  test('leads to more about its code in its last line, in text alone', async () => {
    const { stderr } = await runCli(['file_short'], table);
    expect(stderr).toBe('hcgs: so\nmore\nsee: hcgs explain FILE_SHORT\n');
    const json = await runCli(['file_short', '--json'], table);
    expect(json.stdout + json.stderr).not.toContain('see:');
  });

  test('of the command line, or of hcgs, has said all', async () => {
    expect((await runCli(['bad_usage'], table)).stderr).toBe('hcgs: so\nmore\n');
    expect((await runCli(['sing'], table)).stderr).not.toContain('see:');
  });
});
