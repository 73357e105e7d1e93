import { spawnSync } from 'node:child_process';
import {
  chmodSync,
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
import { dirname, join, resolve } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { synth } from '../../generator/cli/schemas/synth.js';
import { smallDesign } from '../flow/support/small-design.js';
import { runCli } from '../support/cli.js';
import { FITTING, recordedTools, script } from './support/recorded-tools.js';

let folder: string;
let design: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hcgs-build-'));
  design = await smallDesign(folder, 'tiny', ['--headroom', '0']);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
afterEach(() => {
  vi.unstubAllEnvs();
});

/** Runs `synth` on the design. */
const run = (...argv: readonly string[]) => runCli(['synth', design, ...argv]);

/** Contents of all files below a folder, by path. */
function contentsOf(directory: string): ReadonlyMap<string, string> {
  const entries = readdirSync(directory, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const paths = files.map((entry) => join(entry.parentPath, entry.name));
  return new Map(paths.sort().map((path) => [path, readFileSync(path, 'latin1')]));
}

describe('hcgs synth --build', () => {
  let build: string;
  beforeEach(() => {
    recordedTools(folder, 'ice40', FITTING);
    build = join(mkdtempSync(join(folder, 'build-')), 'up5k');
  });
  const into = (place: string, ...more: readonly string[]) =>
    run('--target', 'ice40', '--build', place, '--json', ...more);
  const refusal = async (place: string) => (await into(place)).json().error;

  test('puts everything there and nothing into the design', async () => {
    const before = contentsOf(design);
    const { exitCode, stdout, stderr } = await into(build);
    expect(exitCode, stderr).toBe(0);
    expect(contentsOf(design)).toEqual(before);
    const report = synth.parse(JSON.parse(stdout));
    expect(report.build).toBe(build);
    for (const name of ['tiny.json', 'report.json']) {
      expect(report.files).toContain(join(build, name));
      expect(existsSync(join(build, name))).toBe(true);
    }
    expect(readdirSync(build)).toEqual(expect.arrayContaining(['yosys.log', 'nextpnr.log']));
    expect(readdirSync(dirname(build))).toEqual(['up5k']);
    // what it wrote it replaces, and through a link what the link leads to
    symlinkSync(build, `${build}.link`);
    expect((await into(`${build}.link`, '--seed', '9')).exitCode).toBe(0);
    expect(readFileSync(join(build, 'nextpnr.log'), 'utf8')).toContain('--seed 9');
  });

  test('runs the tools where the memory images are found', async () => {
    const seen = join(folder, 'seen');
    script(
      join(folder, 'bin/yosys'),
      `[ "$1" = -V ] && echo "Yosys 0.0" && exit\nls mem >${seen}; exit 1`,
    );
    await into(build);
    expect(readFileSync(seen, 'utf8').trim().split('\n')).toEqual(readdirSync(join(design, 'mem')));
  });

  test('leaves only logs there after a failure, and names them', async () => {
    await into(build);
    script(
      join(folder, 'bin/yosys'),
      '[ "$1" = -V ] && echo "Yosys 0.0" && exit\necho ERROR: no; exit 1',
    );
    const log = join(build, 'yosys.log');
    expect(await refusal(build)).toMatchObject({ code: 'SYNTHESIS_FAILED', file: log });
    expect(readdirSync(build)).toEqual(['build.json', 'yosys.log']);
    recordedTools(folder, 'ice40', FITTING);
    expect((await into(build)).exitCode).toBe(0);
  });

  test('replaces nothing that synth did not write', async () => {
    mkdirSync(build);
    writeFileSync(join(build, 'notes.txt'), 'mine');
    expect(await refusal(build)).toMatchObject({ code: 'BUILD_TAKEN', file: build });
    rmSync(join(build, 'notes.txt'));
    expect((await into(build)).exitCode).toBe(0);
    writeFileSync(join(build, 'notes.txt'), 'mine');
    const added = { code: 'BUILD_TAKEN', file: join(build, 'notes.txt'), field: '--build' };
    expect(await refusal(build)).toMatchObject(added);
    rmSync(join(build, 'notes.txt'));
    writeFileSync(join(build, 'tiny.json'), 'mine');
    expect(await refusal(build)).toMatchObject({
      code: 'BUILD_TAKEN',
      file: join(build, 'tiny.json'),
    });
    expect(readFileSync(join(build, 'tiny.json'), 'utf8')).toBe('mine');
    const file = `${build}.txt`;
    writeFileSync(file, 'mine');
    expect(await refusal(file)).toMatchObject({ code: 'BUILD_TAKEN', file });
  });

  test('keeps what was put there while the tools were at work', async () => {
    mkdirSync(build);
    script(
      join(folder, 'bin/yosys'),
      `[ "$1" = -V ] && echo "Yosys 0.0" && exit\n: > ${join(build, 'mine.txt')}; exit 1`,
    );
    expect(await refusal(build)).toMatchObject({ code: 'BUILD_TAKEN' });
    expect(readdirSync(build)).toEqual(['mine.txt']);
  });

  test.each([['rtl'], ['flow/build/ice40'], ['results']])(
    'is refused inside the design: %s',
    async (path) => {
      const before = contentsOf(design);
      const place = join(design, path);
      expect(await refusal(place)).toMatchObject({ code: 'BUILD_IN_DESIGN', file: place });
      symlinkSync(design, `${build}.design`);
      expect(await refusal(join(`${build}.design`, path))).toMatchObject({
        code: 'BUILD_IN_DESIGN',
      });
      expect(contentsOf(design)).toEqual(before);
    },
  );

  test('is refused around the design', async () => {
    expect(await refusal(folder)).toMatchObject({ code: 'OUTPUT_IS_INPUT' });
    expect(await refusal(design)).toMatchObject({ code: 'OUTPUT_IS_INPUT' });
  });

  test('makes no folder for a design that is none', async () => {
    const { exitCode } = await runCli([
      ...['synth', join(folder, 'bin'), '--target', 'ice40', '--build', join(build, 'a/b')],
    ]);
    expect(exitCode).toBe(2);
    expect(existsSync(build)).toBe(false);
  });
});

describe('a design that cannot be written to', () => {
  const root = process.getuid?.() === 0;
  /** Root may write everywhere: somebody else takes its place. */
  const other = root ? { uid: 65_534, gid: 65_534 } : {};
  const reads = `fs.readFileSync(${JSON.stringify(resolve('generator/cli/main.ts'))})`;
  const able = spawnSync(process.execPath, ['-e', reads], other).status === 0;
  if (!able) console.warn('skipped: nobody else can read the program here');

  /** Runs the program as somebody who may not write what is of this user. */
  function asAnother(argv: readonly string[], env: NodeJS.ProcessEnv) {
    const program = [resolve('node_modules/.bin/tsx'), resolve('generator/cli/main.ts')] as const;
    return spawnSync(process.execPath, [...program, ...argv], {
      ...{ ...other, env: { ...process.env, ...env }, encoding: 'utf8' },
    });
  }

  test.skipIf(!able)(
    'is refused before a tool starts, with the option that helps, and synthesised with it',
    () => {
      recordedTools(folder, 'ice40', FITTING);
      const before = contentsOf(design);
      const mine = mkdtempSync(join(tmpdir(), 'hcgs-mine-'));
      const env = { HCGS_CACHE: join(mine, 'cache'), TMPDIR: mine, HOME: mine };
      const started = join(mine, 'started');
      const yosys = join(folder, 'bin/yosys');
      const marked = readFileSync(yosys, 'utf8').replace(
        '\n',
        `\n[ "$1" = -V ] || : >${started}\n`,
      );
      writeFileSync(yosys, marked);
      chmodSync(folder, 0o755);
      chmodSync(mine, 0o777);
      const folders = ['', 'flow'].map((path) => join(design, path));
      for (const path of folders) chmodSync(path, 0o555);
      try {
        const argv = ['synth', design, '--target', 'ice40', '--json'];
        const refused = asAnother(argv, env);
        expect(refused.status, refused.stderr).toBe(2);
        const { error } = JSON.parse(refused.stdout);
        expect(error).toMatchObject({ code: 'DESIGN_UNWRITABLE', field: '--build' });
        expect(existsSync(started)).toBe(false);
        const place = join(mine, 'results');
        const done = asAnother([...argv, '--build', place], env);
        expect(done.status, done.stderr).toBe(0);
        expect(existsSync(started)).toBe(true);
        expect(existsSync(join(place, 'tiny.json'))).toBe(true);
        expect(contentsOf(design)).toEqual(before);
        const nowhere = asAnother([...argv, '--build', join(design, '../x/y')], env);
        if (root) {
          expect(JSON.parse(nowhere.stdout).error).toMatchObject({ code: 'FILE_UNWRITABLE' });
        }
      } finally {
        for (const path of folders) chmodSync(path, 0o755);
        rmSync(mine, { recursive: true, force: true });
      }
    },
  );
});
