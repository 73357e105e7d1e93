import {
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { readFileBytes, watchingReads, writeFileAtomic } from '../../generator/base/files.js';
import { allCommands } from '../../generator/cli/all-commands.js';
import { type Command, optionName } from '../../generator/cli/frame/command.js';
import type { Option } from '../../generator/cli/options/options.js';
import { runCli } from '../support/cli.js';

const commands = await allCommands();

let folder: string;
let place: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'hcgs-roles-'));
});
beforeEach(() => {
  place = mkdtempSync(join(folder, 'case-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Named = readonly [key: string, option: Option<unknown>];
const positionals = (command: Command): readonly Named[] => Object.entries(command.positionals);
const optionsOf = (command: Command): readonly Named[] => Object.entries(command.options);
const withRole = (named: readonly Named[], ...roles: readonly unknown[]): readonly Named[] =>
  named.filter(([, { role }]) => roles.includes(role));

/** A value that lets the command line pass, for what is required and no file. */
const VALUES: Readonly<Record<string, string>> = {
  ...{ inputs: '2', hidden: '2', target: 'asic', WHAT: 'memory' },
};

/** A command line of a command in which the two things have these paths, and everything else that is required some value. */
function line(command: Command, paths: Readonly<Record<string, string>>): readonly string[] {
  const value = (key: string): string => paths[key] ?? VALUES[key] ?? join(place, `other-${key}`);
  const wanted = ([key, { required }]: Named): boolean => required || key in paths;
  return [
    command.name,
    ...positionals(command)
      .filter(wanted)
      .map(([key]) => value(key)),
    ...optionsOf(command)
      .filter(wanted)
      .flatMap(([key, { alone }]) =>
        alone === undefined ? [optionName(key), value(key)] : [`${optionName(key)}=${value(key)}`],
      ),
  ];
}

/** Other names of a file. */
const ALIASES: Readonly<Record<string, (file: string) => string>> = {
  itself: (file) => file,
  'another way to it': (file) => `${place}/./x/../${relative(place, file)}`,
  'a symbolic link': (file) => {
    symlinkSync(file, `${file}.link`);
    return `${file}.link`;
  },
  'a hard link': (file) => {
    linkSync(file, `${file}.hard`);
    return `${file}.hard`;
  },
  'a link to its folder': (file) => {
    symlinkSync(place, join(place, 'folder'));
    return join(place, 'folder', relative(place, file));
  },
};

const pairs = commands.flatMap((command) => {
  const all = [...positionals(command), ...optionsOf(command)];
  return withRole(all, 'output').flatMap(([output]) =>
    withRole(all, 'input').map(([input]) => [command, output, input] as const),
  );
});

describe('an output that is an input', () => {
  test.each(
    pairs.flatMap(([command, output, input]) =>
      Object.keys(ALIASES).map((alias) => [command.name, output, alias, input, command] as const),
    ),
  )('is refused: hcgs %s, --%s is %s of %s', async (_, output, alias, input, command) => {
    mkdirSync(join(place, 'x'));
    const file = join(place, 'in.bin');
    writeFileSync(file, 'mine');
    const name = ALIASES[alias]?.(file) as string;
    const outcome = await runCli([...line(command, { [input]: file, [output]: name }), '--json']);
    expect(outcome.exitCode, outcome.stderr).toBe(2);
    expect(outcome.json().error).toMatchObject({ code: 'OUTPUT_IS_INPUT', file: name });
    expect(readFileSync(file, 'utf8')).toBe('mine');
  });

  test.each(pairs.filter(([, , input]) => ['DIR', 'PATH'].includes(input)))(
    'is refused inside a design: %o, --%s',
    async (command, output, input) => {
      const design = join(place, 'design');
      mkdirSync(join(design, 'rtl'), { recursive: true });
      writeFileSync(join(design, 'design.json'), JSON.stringify({ files: { 'rtl/a.v': '' } }));
      writeFileSync(join(design, 'rtl/a.v'), 'mine');
      linkSync(join(design, 'rtl/a.v'), join(place, 'hard.v'));
      for (const file of [
        join(design, 'design.json'),
        join(design, 'rtl/a.v'),
        join(place, 'hard.v'),
      ]) {
        const { exitCode, stdout } = await runCli([
          ...line(command, { [input]: design, [output]: file }),
          '--json',
        ]);
        expect(exitCode).toBe(2);
        expect(JSON.parse(stdout).error).toMatchObject({ code: 'OUTPUT_IS_INPUT' });
      }
      expect(readFileSync(join(design, 'rtl/a.v'), 'utf8')).toBe('mine');
    },
  );

  test.each(
    commands.flatMap((command) => {
      const outputs = withRole(optionsOf(command), 'output').map(([key]) => key);
      return outputs.flatMap((a, i) =>
        outputs.slice(i + 1).map((b) => [command.name, a, b, command] as const),
      );
    }),
  )('is refused: hcgs %s, --%s and --%s are one file', async (_, a, b, command) => {
    const file = join(place, 'out.bin');
    for (const there of [false, true]) {
      if (there) writeFileSync(file, 'mine');
      const outcome = await runCli([
        ...line(command, { [a]: file, [b]: `${place}/./out.bin` }),
        '--json',
      ]);
      expect(outcome.json().error).toMatchObject({ code: 'OUTPUT_IS_INPUT' });
    }
    expect(readFileSync(file, 'utf8')).toBe('mine');
  });

  test.each([
    ['generate', 'o', 'config'],
    ['generate', 'o', 'MODEL'],
  ])('is refused in a directory that is replaced: %s -%s around %s', async (name, o, input) => {
    const command = commands.find((command) => command.name === name) as Command;
    writeFileSync(join(place, 'in.bin'), 'mine');
    const outcome = await runCli([
      ...line(command, { [input]: join(place, 'in.bin'), [o]: place }),
      '--json',
    ]);
    expect(outcome.json().error).toMatchObject({ code: 'OUTPUT_IS_INPUT' });
    expect(existsSync(join(place, 'in.bin'))).toBe(true);
  });

  test.each([
    [['synth', 'D', '--target', 'asic', '--macros', 'D/flow/build/asic/m.lib']],
    [['synth', 'D', '--target', 'asic', '--liberty', 'D/flow/build/asic/m.lib']],
    [['cosim', 'D', '--frames', 'D/waves/cosim.fst']],
    [['cosim', 'D', '--outputs', 'D/waves/cosim.fst']],
    [['cosim', 'D', '--netlist', 'ecp5', '--frames', 'D/flow/build/ecp5/f.npy']],
  ])('is refused among the results of a command: %j', async (argv) => {
    const words = argv.map((word) => word.replace(/^D/, join(place, 'D')));
    mkdirSync(join(place, 'D'));
    expect((await runCli([...words, '--json'])).json().error).toMatchObject({
      code: 'OUTPUT_IS_INPUT',
    });
  });

  test('is refused when it is written, whatever no option names', async () => {
    const file = join(place, 'beside.bin');
    writeFileSync(file, 'mine');
    linkSync(file, `${file}.hard`);
    await watchingReads(async () => {
      await readFileBytes(file);
      for (const name of [file, `${file}.hard`]) {
        await expect(writeFileAtomic(name, 'x')).rejects.toMatchObject({
          report: { code: 'OUTPUT_IS_INPUT' },
        });
      }
      await writeFileAtomic(join(place, 'other.bin'), 'x');
    });
    await watchingReads(() => writeFileAtomic(file, 'next'));
    expect(readFileSync(file, 'utf8')).toBe('next');
  });

  test('devices are no files', async () => {
    const argv = ['random', '--inputs', '2', '--hidden', '2', '-o', '/dev/null'];
    expect((await runCli(argv)).exitCode).toBe(0);
  });
});

describe('every option', () => {
  test.each(commands.map((command) => [command.name, command] as const))(
    'of %s that names a file says whether it is read or written',
    (_, command) => {
      const named = [...positionals(command), ...optionsOf(command)];
      const files = named.filter(
        ([, { kind, valueName, describe }]) =>
          kind === 'value' &&
          (/FILE|DIR|PATH/.test(valueName) || /\.np[yz]|\.svg|\bwrites\b/i.test(describe)),
      );
      const lacking = files.filter(([, { role }]) => role === null).map(([key]) => key);
      expect(lacking).toEqual([]);
      const saysWrites = optionsOf(command).filter(
        ([, { describe, kind }]) => kind === 'value' && /^writes/.test(describe),
      );
      expect(saysWrites.filter(([, { role }]) => role !== 'output').map(([key]) => key)).toEqual(
        [],
      );
      // all that stand by themselves are files, but for the code to explain, the name of a shell, and what to draw
      const others = ['CODE', 'SHELL', 'WHAT'];
      for (const [key] of positionals(command).filter(([name]) => !others.includes(name))) {
        expect(withRole(named, 'input').map(([name]) => name)).toContain(key);
      }
    },
  );
});
