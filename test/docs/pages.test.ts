import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { allCommands } from '../../generator/cli/all-commands.js';
import { flowToolsFolder } from '../../generator/flow/tools/tools.js';
import { blockNeeds, isRun, NEEDS } from './needs.js';
import { anchors, type Page, pages, prose, shows } from './pages.js';

const commands = await allCommands();

/** Blocks that need more than scripts/setup installs are run as well, as far as it is here. */
const everything = process.env.HCGS_DOCS === 'all';

/**
 * Blocks marked `sh run` are executed, those of one page in order and in one directory that looks like a checkout:
 * scripts/ and examples/, an empty rtl-out/, scripts/ on the PATH, and the package in node_modules/. With HCGS_DOCS=all also
 * those marked `sh needs` of which all is here. Every line of a block marked `text output` must be
 * printed by the `sh run` block before it; `…` stands for text, alone for lines, left out.
 */
const all = pages();
const running = all.filter(({ fences }) => fences.some(({ info }) => isRun(info, everything)));

describe.each(running.map((page) => [page.path, page] as const))(
  'the commands of %s',
  (_, page) => {
    let place: string;
    let output = '';
    beforeAll(() => {
      place = mkdtempSync(join(tmpdir(), 'hcgs-docs-'));
      for (const name of ['scripts', 'examples']) symlinkSync(resolve(name), join(place, name));
      for (const folder of ['rtl-out', 'node_modules']) mkdirSync(join(place, folder));
      symlinkSync(resolve('.'), join(place, 'node_modules/hcgs'));
      // a project of its own, whatever stands in the folders above
      writeFileSync(join(place, 'package.json'), '{}');
    });
    afterAll(() => rmSync(place, { recursive: true, force: true }));

    const steps = page.fences.filter(
      ({ info }) => isRun(info, everything) || info === 'text output',
    );
    test.each(steps.map((step) => [`${step.line} (${step.info})`, step] as const))(
      'line %s',
      (_, { info, text }) => {
        if (info === 'text output') {
          const expected = text.split('\n').filter((line) => line !== '');
          const printed = output.split('\n').map((line) => line.trimEnd());
          expect(expected.filter((line) => !printed.some((real) => shows(line, real)))).toEqual([]);
          return;
        }
        const { status, stdout, stderr } = spawnSync('bash', ['-euo', 'pipefail', '-c', text], {
          cwd: place,
          encoding: 'utf8',
          env: {
            ...process.env,
            PATH: `${resolve('scripts')}:${process.env.PATH}:${flowToolsFolder()}`,
          },
        });
        output = stdout;
        expect(`${stderr}exit code ${status}`).toMatch(/exit code 0$/);
      },
    );
  },
);

test('README.md and the pages of docs/ run their examples', () => {
  expect(running.map(({ path }) => path)).toEqual(
    expect.arrayContaining(['README.md', 'docs/commands.md', 'docs/cosimulation.md']),
  );
});

test('every shell block says that it is run, or what it needs', () => {
  const others = all.flatMap(({ path, fences }) =>
    fences
      .filter(({ info }) => /^(sh|bash|shell|console)\b/.test(info) && blockNeeds(info) === null)
      .map(({ info, line }) => `${path}:${line}: ${info}`),
  );
  expect(others).toEqual([]);
});

describe('what a block needs', () => {
  test.each([
    ['sh run', 'run'],
    ['sh needs nextpnr-ice40', ['nextpnr-ice40']],
    ['sh needs fusesoc vivado', ['fusesoc', 'vivado']],
    ['sh', null],
    ['sh needs', null],
    ['sh needs patience', null],
    ['sh needs network patience', null],
    ['sh run needs network', null],
    ['bash run', null],
  ])('is read from %j', (info, expected) => {
    expect(blockNeeds(info)).toEqual(expected);
  });

  test('decides whether it is run', () => {
    expect(isRun('sh run', false)).toBe(true);
    expect(isRun('sh needs minutes', false)).toBe(false);
    expect(isRun('sh needs minutes', true)).toBe(true);
    expect(isRun('sh needs minutes network', true)).toBe(false);
    expect(isRun('text output', true)).toBe(false);
  });

  test('stands in the list for authors', () => {
    const page = readFileSync('CONTRIBUTING.md', 'utf8');
    for (const word of NEEDS.keys()) expect(page).toContain(`\`${word}\``);
  });
});

describe('links', () => {
  test.each(all.map((page) => [page.path, page] as const))('of %s lead somewhere', (_, page) => {
    const targets = [...prose(page).matchAll(/\]\(([^)\s]+)\)/g)].map(
      (match) => match[1] as string,
    );
    const broken = targets.filter((target) => {
      if (/^https?:/.test(target)) return false;
      const [file = '', anchor] = target.split('#', 2);
      const path = file === '' ? page.path : relative('.', resolve(dirname(page.path), file));
      if (!existsSync(path)) return true;
      const there = all.find((other) => other.path === path);
      return anchor !== undefined && there !== undefined && !anchors(there).includes(anchor);
    });
    expect(broken).toEqual([]);
  });
});

const COMMON = ['--json', '--quiet', '--verbose', '--help', '--version', '-h'];
/** Options of each command as users write them. */
const options = new Map(
  commands.map(({ name, options: table }) => [
    name,
    [
      ...COMMON,
      ...Object.keys(table).map((key) =>
        key.length === 1 ? `-${key}` : `--${key.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`)}`,
      ),
    ],
  ]),
);

const TRAINING = 'examples/keyword-spotting/training';
/** Options of the programs in Python beside the example. */
const trainingOptions = readdirSync(TRAINING)
  .filter((name) => name.endsWith('.py'))
  .flatMap((name) => [
    ...readFileSync(join(TRAINING, name), 'utf8').matchAll(/["'](--[a-z-]+)["']/g),
  ])
  .map((match) => match[1] as string);

/** Command lines of hcgs in the fenced blocks of a page: command and options. */
function commandLines({ fences }: Page): readonly { command: string; used: readonly string[] }[] {
  const shell = fences.filter(({ info }) => /^(sh\b.*|)$/.test(info));
  return shell.flatMap(({ text }) =>
    text
      .replace(/\\\n/g, ' ')
      .replaceAll(' && ', '\n')
      .split('\n')
      .flatMap((line) => {
        const match = /^(?:scripts\/)?hcgs (\S+)(.*)$/.exec(line.replace(/\s#.*$/, ''));
        if (match === null) return [];
        const used = [...(match[2] as string).matchAll(/(?<=\s)--?[a-z][a-z-]*/g)].map(String);
        return [{ command: match[1] as string, used }];
      }),
  );
}

describe('options', () => {
  test.each(all.map((page) => [page.path, page] as const))(
    'of the command lines of %s exist',
    (_, page) => {
      const unknown = commandLines(page).flatMap(({ command, used }) =>
        used
          .filter((option) => !options.get(command)?.includes(option))
          .map((option) => `${command} ${option}`),
      );
      const lost = commandLines(page).filter(({ command }) => !options.has(command));
      expect([...unknown, ...lost]).toEqual([]);
    },
  );

  test.each(all.map((page) => [page.path, page] as const))('named in %s exist', (_, page) => {
    const scripts = ['benchmarks', 'fuzzing', 'mutation'].flatMap((folder) => {
      const help = readFileSync(`scripts/${folder}/main.ts`, 'utf8').matchAll(/^ +(--[a-z]+) /gm);
      return [...help].map((match) => match[1] as string);
    });
    const known = [...options.values(), scripts, trainingOptions].flat();
    const named = [...prose(page).matchAll(/`(--?[a-z][a-z-]*)[^`]*`/g)].map(([, name]) => name);
    expect(named.filter((name) => !known.includes(name as string))).toEqual([]);
  });
});
