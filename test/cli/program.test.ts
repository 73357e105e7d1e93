import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { UserError } from '../../generator/base/errors.js';
import { toolVersion } from '../../generator/base/package.js';
import { allCommands } from '../../generator/cli/all-commands.js';
import { commands } from '../../generator/cli/commands.js';
import { defineCommand } from '../../generator/cli/frame/command.js';
import {
  choice,
  flag,
  integer,
  list,
  output,
  real,
  text,
} from '../../generator/cli/options/options.js';
import { runCli } from '../support/cli.js';

const paint = defineCommand({
  name: 'paint',
  summary: 'Paints a wall.',
  positionals: {
    wall: text('the wall', { required: true, valueName: 'WALL' }),
    floor: text('the floor below it', { valueName: 'FLOOR' }),
  },
  options: {
    o: output('where the picture goes', { required: true }),
    coatCount: integer('coats', { default: 2, min: 1, max: 9 }),
    gloss: real('gloss', { min: 0, max: 1 }),
    tone: choice('tone', ['warm', 'cold'], { default: 'warm' }),
    spots: list('spots'),
    dry: flag('only pretend'),
  },
  examples: [['paint north -o p.png', 'paints the north wall']],
  run: (args) => ({ ok: args.tone === 'warm', json: { args }, lines: [`painted ${args.wall}`] }),
});
const fail = (name: string, error: () => unknown) =>
  defineCommand({
    name,
    summary: 'Fails.',
    positionals: {},
    options: {},
    examples: [],
    run: () => {
      throw error();
    },
  });
const table = [
  paint,
  fail('internal', () => new TypeError('x is undefined\nsecond line')),
  fail('full', () =>
    Object.assign(new Error('ENOSPC'), { code: 'ENOSPC', syscall: 'write', path: '/a/b' }),
  ),
  fail('input', () => new UserError({ code: 'WRONG', message: 'wrong', file: 'f', got: 3 })),
];
const run = (line: string) => runCli(line.split(' '), table);

describe('a command line', () => {
  test('becomes typed values, defaults included', async () => {
    const outcome = await run('paint 007 -o x --coat-count 3 --spots 1,2 --spots 3 --dry --json');
    expect(outcome.exitCode).toBe(0);
    expect(outcome.stderr).toBe('');
    expect(outcome.json()).toEqual({
      schemaVersion: 1,
      toolVersion,
      ok: true,
      args: {
        wall: '007',
        o: 'x',
        coatCount: 3,
        tone: 'warm',
        spots: ['1,2', '3'],
        dry: true,
      },
    });
  });

  test('without --json prints the text', async () => {
    expect((await run('paint north -o x')).stdout).toBe('painted north\n');
  });

  test('ends in 1 when a check failed', async () => {
    const outcome = await run('paint north -o x --tone cold --json');
    expect(outcome.exitCode).toBe(1);
    expect(outcome.json()).toMatchObject({ ok: false });
  });
});

describe('usage errors end in 2 with one JSON object', () => {
  const cases: readonly [string, object][] = [
    ['--json', { code: 'MISSING_COMMAND' }],
    ['sing --json', { code: 'UNKNOWN_COMMAND', got: 'sing' }],
    ['paint --json', { code: 'MISSING_ARGUMENT', field: 'WALL, -o' }],
    ['paint north --json', { code: 'MISSING_ARGUMENT', field: '-o' }],
    ['paint north --json -o', { code: 'MISSING_VALUE', field: '-o' }],
    ['paint north -o x --colour red --json', { code: 'UNKNOWN_OPTION', field: '--colour' }],
    ['paint north -o x --coatCount 2 --json', { code: 'UNKNOWN_OPTION', field: '--coatCount' }],
    ['paint a b c -o x --json', { code: 'UNEXPECTED_ARGUMENT', got: 'c' }],
    ['paint a -o x -o y --json', { code: 'REPEATED_OPTION', field: '-o' }],
    ['paint a -o x --coat-count 2.5 --json', { code: 'BAD_OPTION_VALUE', got: '2.5' }],
    ['paint a -o x --coat-count -1 --json', { code: 'BAD_OPTION_VALUE', expected: '1 to 9' }],
    ['paint a -o x --coat-count 0x3 --json', { code: 'BAD_OPTION_VALUE' }],
    ['paint a -o x --gloss shiny --json', { code: 'BAD_OPTION_VALUE', field: '--gloss' }],
    ['paint a -o x --gloss NaN --json', { code: 'BAD_OPTION_VALUE' }],
    ['paint a -o x --tone grey --json', { code: 'BAD_OPTION_VALUE', expected: 'warm or cold' }],
  ];
  test.each(cases)('%s', async (line, error) => {
    const outcome = await run(line);
    expect(outcome.exitCode).toBe(2);
    expect(outcome.json()).toMatchObject({ schemaVersion: 1, toolVersion, ok: false, error });
    expect(Object.keys(outcome.json().error as object)).toEqual([
      'code',
      'message',
      'file',
      'field',
      'expected',
      'got',
    ]);
    expect(outcome.stderr).toMatch(/^hcgs: /);
  });
});

describe('failures', () => {
  test.each([
    ['input', 2, { code: 'WRONG', message: 'wrong', file: 'f', field: null, got: 3 }],
    ['full', 2, { code: 'DISK_FULL', file: '/a/b' }],
    ['internal', 3, { code: 'INTERNAL_ERROR', message: 'internal error: x is undefined' }],
  ])('%s ends in %i, without a stack', async (name, exitCode, error) => {
    const outcome = await run(`${name} --json`);
    expect(outcome.exitCode).toBe(exitCode);
    expect(outcome.json()).toMatchObject({ ok: false, error });
    expect(outcome.stderr).not.toContain('    at ');
  });
});

describe('help and version', () => {
  test('--help lists the commands', async () => {
    const { exitCode, stdout } = await run('--help');
    expect(exitCode).toBe(0);
    expect(stdout).toContain('Paints a wall.');
  });

  test("a command's help shows its options and examples", async () => {
    const { exitCode, stdout } = await run('paint --help');
    expect(exitCode).toBe(0);
    expect(stdout).toContain('hcgs paint WALL [FLOOR]');
    expect(stdout).toContain('--coat-count');
    expect(stdout).toContain('hcgs paint north -o p.png');
  });

  test('--version prints the version', async () => {
    expect((await run('--version')).stdout).toBe(`${toolVersion}\n`);
  });

  test('with --json they are objects too', async () => {
    expect((await run('--version --json')).json()).toMatchObject({ ok: true, help: toolVersion });
  });
});

describe('a slip of the hand', () => {
  test.each([
    ['pain north', "unknown command 'pain'; did you mean paint?; hcgs --help lists them"],
    ['sing north', "unknown command 'sing'; hcgs --help lists them"],
    ['paint north -o x --coat-cuont 2', 'unknown option --coat-cuont; did you mean --coat-count?'],
    ['paint north -o x --jsn', 'unknown option --jsn; did you mean --json?'],
    ['paint north -o x --wholly-else', 'unknown option --wholly-else'],
    ['paint', 'WALL, -o are missing; see hcgs paint --help'],
  ])('%s', async (line, message) => {
    const { stderr, exitCode } = await run(line);
    expect(exitCode).toBe(2);
    expect(stderr).not.toContain('field:');
    expect(stderr.split('\n')[0]).toBe(`hcgs: ${message}`);
  });

  test('a word of a list, and a device', async () => {
    expect((await runCli(['estimate', 'm', '--target', 'ice4'])).stderr).toContain(
      "got 'ice4'; did you mean ice40?",
    );
    expect((await runCli(['estimate', 'm', '--device', 'LFE5U-26F'])).stderr).toContain(
      'did you mean LFE5U-25F?',
    );
  });
});

describe('the program', () => {
  test('every command has a summary, options that say what they do, and examples', async () => {
    for (const command of await allCommands()) {
      expect(command.summary).not.toBe('');
      expect(command.examples.length).toBeGreaterThan(0);
      for (const [line] of command.examples) expect(line.startsWith(command.name)).toBe(true);
      const outcome = await runCli([command.name, '--help']);
      expect(outcome.exitCode).toBe(0);
    }
  });

  test('the list of commands says what the commands say', async () => {
    const said = (all: readonly { readonly name: string; readonly summary: string }[]) =>
      all.map(({ name, summary }) => ({ name, summary }));
    expect(said(commands)).toEqual(said(await allCommands()));
  });

  test('help and version load no more than the frame', () => {
    const seen = new Set<string>();
    const packages = new Set<string>();
    const visit = (file: string): void => {
      if (seen.has(file)) return;
      seen.add(file);
      const imports = /^(?:import|export)( type)?[^;]*? from '(.*?)';/gm;
      for (const [, typed, from = ''] of readFileSync(file, 'utf8').matchAll(imports)) {
        if (typed !== undefined || from.startsWith('node:')) continue;
        if (from.startsWith('.')) visit(join(dirname(file), from.replace(/\.js$/, '.ts')));
        else packages.add(from);
      }
    };
    visit('generator/cli/main.ts');
    const elsewhere = [...seen].filter((file) => !/^generator\/(base|cli\/frame)\//.test(file));
    expect(elsewhere.sort()).toEqual(['generator/cli/commands.ts', 'generator/cli/main.ts']);
    expect([...packages].sort()).toEqual(['leven', 'yargs']);
  });
});
