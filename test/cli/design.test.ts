import { spawn, spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { schemas } from '../../generator/cli/schemas/schemas.js';
import { readDesign } from '../../generator/design/read/read.js';
import { runCli } from '../support/cli.js';

const program = resolve('scripts/hcgs');
let folder: string;
let model: string;
let design: string;

const at = (name: string) => join(folder, name);
/** Runs a command that must succeed and returns its object. */
async function done(...argv: string[]): Promise<Record<string, unknown>> {
  const outcome = await runCli([...argv, '--json', '--quiet']);
  expect(outcome.stderr).toBe('');
  expect(outcome.exitCode).toBe(0);
  return outcome.json();
}
/** Runs a command that must be refused and returns its error. */
async function refused(...argv: string[]) {
  const outcome = await runCli([...argv, '--json']);
  expect(outcome.exitCode).toBe(2);
  return outcome.json().error as Record<string, unknown>;
}
const random = (name: string, ...more: string[]) =>
  done(
    ...['random', '--inputs', '12', '--hidden', '16,8', '--blocks', '8,4', '--keep', '1/2,1/2'],
    ...['--outputs', '5', '-o', at(name), ...more],
  );

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hcgs-commands-'));
  model = at('model.safetensors');
  design = at('toy');
  await random('model.safetensors');
  await done('generate', model, '--macs', '16', '-o', design);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** How many files and folders are in a directory that is being written. */
function entries(directory: string): number {
  try {
    return readdirSync(directory, { recursive: true }).length;
  } catch {
    return 0; // renamed or removed while it was read
  }
}

/** All files below a directory with their contents. */
function tree(directory: string): ReadonlyMap<string, string> {
  const paths = readdirSync(directory, { recursive: true, encoding: 'utf8' });
  return new Map(
    paths
      .filter((path) => statSync(join(directory, path)).isFile())
      .sort()
      .map((path) => [path, readFileSync(join(directory, path), 'latin1')]),
  );
}

describe('generate', () => {
  test('says what it wrote, and info and estimate say the same', async () => {
    const written = schemas.generate.parse(
      await done('generate', model, '--macs', '16', '-o', design),
    );
    const info = schemas.info.parse(await done('info', design));
    expect(info).toMatchObject({ kind: 'design', name: 'toy', designHash: written.designHash });
    const { schemaVersion, toolVersion, ok, resources, ...rest } = schemas.estimate.parse(
      await done('estimate', design),
    );
    expect(resources).toBeNull();
    const { clockMHz, secondsPerFrame, latencySeconds, framesPerSecond, ...timeless } = rest;
    expect([clockMHz, secondsPerFrame, latencySeconds, framesPerSecond]).toEqual([
      null,
      null,
      null,
      null,
    ]);
    const { loadSeconds, ...figures } = timeless;
    expect(loadSeconds).toBeNull();
    expect(written.estimate).toEqual(figures);
    expect(await done('estimate', model, '--macs', '16')).toMatchObject(figures);
  });

  test('writes the same bytes again, from another directory and to another place', async () => {
    mkdirSync(at('elsewhere'));
    const argv = ['generate', '../model.safetensors', '--macs', '16', '-o', 'deep/er/toy'];
    const { status } = spawnSync(program, argv, { cwd: at('elsewhere') });
    expect(status).toBe(0);
    expect(tree(at('elsewhere/deep/er/toy'))).toEqual(tree(design));
  });

  test('keeps the model as it was', () => {
    expect(readFileSync(join(design, 'model.safetensors'))).toEqual(readFileSync(model));
  });

  test('puts a named design into rtl-out of the working directory', async () => {
    const { status } = spawnSync(program, ['generate', model, '--macs', '16', '--name', 'named'], {
      cwd: folder,
    });
    expect(status).toBe(0);
    expect(readDesign(at('rtl-out/named')).manifest.top).toBe('named');
  });

  test('takes a configuration file, and options override it', async () => {
    const config = at('toy.ts');
    writeFileSync(
      config,
      `import type { DesignConfig } from 'hcgs';\nexport default { macs: 16, sumSlots: 2 } satisfies DesignConfig;\n`,
    );
    const from = ['estimate', model, '--config', config];
    expect(await done(...from)).toMatchObject({ macs: 16, sumSlots: 2 });
    expect(await done(...from, '--macs', '32')).toMatchObject({ macs: 32, sumSlots: 2 });
  });

  test.each([
    ['a MAC count that does not fit', ['--macs', '7'], { code: 'DESIGN_MACS', field: '--macs' }],
    ['the name of a port', ['--name', 'Busy'], { code: 'BAD_DESIGN_NAME', got: 'Busy' }],
    ['a keyword as a name', ['--name', 'module'], { code: 'BAD_DESIGN_NAME', field: '--name' }],
    ['a name that is no identifier', ['--name', '1st'], { code: 'BAD_DESIGN_NAME', got: '1st' }],
  ])('refuses %s and writes nothing', async (_, options, error) => {
    const place = at('refused');
    expect(await refused('generate', model, ...options, '-o', place)).toMatchObject(error);
    expect(existsSync(place)).toBe(false);
  });

  test('takes no name from a directory that cannot give one', async () => {
    const error = await refused('generate', model, '-o', at('my-design'));
    expect(error).toMatchObject({ code: 'BAD_DESIGN_NAME', field: '-o', got: 'my-design' });
    await done('generate', model, '--macs', '16', '--name', 'mine', '-o', at('my-design'));
  });

  test('names the place where no directory can be made', async () => {
    const place = join(model, 'below');
    const error = await refused('generate', model, '--name', 'toy', '-o', place);
    expect(error).toMatchObject({ code: 'FILE_UNWRITABLE', file: place });
  });

  test('leaves an edited design alone', async () => {
    cpSync(design, at('edited'), { recursive: true });
    writeFileSync(at('edited/rtl/toy.v'), 'module mine; endmodule\n');
    const before = tree(at('edited'));
    const error = await refused('generate', model, '--name', 'toy', '-o', at('edited'));
    expect(error).toMatchObject({ code: 'DESIGN_EDITED' });
    expect(tree(at('edited'))).toEqual(before);
    expect(await refused('cosim', at('edited'))).toMatchObject({ code: 'DESIGN_EDITED' });
  });
});

describe('images', () => {
  test('puts another model on the design and leaves the Verilog as it is', async () => {
    cpSync(design, at('copy'), { recursive: true });
    await random('other.safetensors', '--seed', '2');
    const before = tree(at('copy'));
    schemas.images.parse(await done('images', at('other.safetensors'), at('copy')));
    const after = tree(at('copy'));
    const rtl = (files: ReadonlyMap<string, string>) =>
      [...files].filter(([path]) => path.startsWith('rtl/'));
    expect(rtl(after)).toEqual(rtl(before));
    expect(after.get('mem/toy_weights_0.mem')).not.toBe(before.get('mem/toy_weights_0.mem'));
    expect(after.get('sim/vectors/outputs.txt')).not.toBe(before.get('sim/vectors/outputs.txt'));
    await done('images', model, at('copy'));
    expect(tree(at('copy'))).toEqual(before);
  });

  test('names the limit that a model exceeds, and changes nothing', async () => {
    const big = at('big.safetensors');
    await done('random', '--inputs', '12', '--hidden', '64', '--outputs', '5', '-o', big);
    const before = tree(design);
    const error = await refused('images', big, design);
    expect(error).toMatchObject({ code: 'SHAPE_CONTRACT', file: big });
    expect(error.field).not.toBeNull();
    expect(tree(design)).toEqual(before);
  });
});

describe('cosim', () => {
  test('agrees, and its object is as documented', async () => {
    const outcome = await runCli(['cosim', design, '--random', '6', '--seed', '4', '--json']);
    expect(outcome.exitCode).toBe(0);
    expect(schemas.cosim.parse(outcome.json())).toMatchObject({ ok: true, mismatches: 0 });
  });
});

describe('a run that is stopped', () => {
  test('by SIGKILL at any moment leaves no half design', async () => {
    const whole = [...readDesign(design).files].length;
    for (const written of [0, 1, 8, Math.floor(whole / 2), whole, whole + 1]) {
      const child = spawn(program, ['generate', model, '--macs', '16', '-o', at('killed')]);
      const gone = new Promise((resolve) => child.on('exit', resolve));
      // the moments are those of its work, not of the clock: so many files are there, or all are
      const place = at(`.killed.tmp-${child.pid}`);
      const begun = () => existsSync(place) && entries(place) >= written;
      while (child.exitCode === null && !begun()) await sleep(1);
      child.kill('SIGKILL');
      await gone;
      if (existsSync(at('killed'))) readDesign(at('killed'));
    }
    await done('generate', model, '--macs', '16', '-o', at('killed'));
    expect(readdirSync(folder).filter((name) => name.startsWith('.killed'))).toEqual([]);
  });

  test('by SIGINT ends in the middle of its work, in 130 with its object', async () => {
    const argv = ['random', '--inputs', '512', '--hidden', '2048,2048,2048', '-o', at('stopped')];
    const child = spawn(program, [...argv, '--json']);
    const exit = new Promise((resolve) => child.on('exit', resolve));
    let stdout = '';
    child.stdout.on('data', (data) => {
      stdout += data;
    });
    // it is at work when it says so, however busy the machine
    await new Promise((resolve) => child.stderr.once('data', resolve));
    child.kill('SIGINT');
    // in the middle of its work: nothing of it is written
    expect(await exit).toBe(130);
    expect(JSON.parse(stdout)).toMatchObject({ ok: false, error: { code: 'INTERRUPTED' } });
    expect(existsSync(at('stopped'))).toBe(false);
  });
});

describe('a full disk', () => {
  test('is an error of the user, and nothing stays', async (context) => {
    const disk = at('disk');
    mkdirSync(disk);
    const mount = ['-t', 'tmpfs', '-o', 'size=24k', 'tmpfs', disk];
    if (spawnSync('mount', mount).status !== 0) return context.skip();
    try {
      const place = join(disk, 'toy');
      const error = await refused('generate', model, '--macs', '16', '-o', place);
      expect(error).toMatchObject({ code: 'DISK_FULL', file: place });
      expect(readdirSync(disk)).toEqual([]);
    } finally {
      spawnSync('umount', [disk]);
    }
  });
});
