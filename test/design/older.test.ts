import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { contentHash } from '../../generator/design/manifest/manifest.js';
import { readDesign } from '../../generator/design/read/read.js';
import { writeNpy } from '../../generator/network/formats/npy.js';
import { runCli } from '../support/cli.js';

// made by the last hcgs whose manifest had schema 2: generate --macs 4 --headroom 1 --no-source, name tiny
const RECORDED = resolve('test/design/recorded/tiny-schema-2.tgz');

let folder: string;
let place: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'hcgs-older-'));
  expect(spawnSync('tar', ['xzf', RECORDED, '-C', folder]).status).toBe(0);
});
beforeEach(() => {
  place = join(mkdtempSync(join(folder, 'place-')), "of 'mine'");
  cpSync(join(folder, 'tiny'), place, { recursive: true });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The command line that an error ends with, as a shell takes it apart. */
function pasted(stderr: string): readonly string[] {
  const command = stderr.split('\n').filter((line) => line.startsWith('  hcgs '));
  expect(command).toHaveLength(1);
  const words = spawnSync('bash', ['-c', `printf '%s\\0' ${command[0]}`], { encoding: 'utf8' });
  return words.stdout.split('\0').slice(1, -1);
}

describe('a design of an older version', () => {
  test.each(['info', 'estimate', 'cosim', 'synth', 'images'])(
    'is refused by %s with the command that makes it anew in its place, which works',
    async (name) => {
      const argv = {
        info: ['info', place],
        estimate: ['estimate', place],
        cosim: ['cosim', place],
        synth: ['synth', place, '--target', 'ecp5'],
        images: ['images', join(place, 'model.safetensors'), place],
      }[name] as string[];
      for (const options of 'cosim synth images'.includes(name) ? [[], ['--trust']] : [[]]) {
        const { exitCode, stderr, stdout } = await runCli([...argv, ...options, '--json']);
        expect(exitCode).toBe(2);
        expect(JSON.parse(stdout).error).toMatchObject({ code: 'DESIGN_VERSION' });
        const command = pasted(stderr);
        expect(command.slice(0, 2)).toEqual(['generate', join(place, 'model.safetensors')]);
        expect(command.join(' ')).toContain('--macs 4');
        expect(command.join(' ')).toContain('--headroom 1 --no-source --name tiny');
      }
      if (name !== 'info') return;
      const model = readFileSync(join(place, 'model.safetensors'));
      const command = pasted((await runCli(argv)).stderr);
      expect(await runCli(command)).toMatchObject({ exitCode: 0 });
      expect(readFileSync(join(place, 'model.safetensors')).equals(model)).toBe(true);
      expect(await runCli(argv)).toMatchObject({ exitCode: 0 });
      const { manifest } = readDesign(place);
      const before = JSON.parse(readFileSync(join(folder, 'tiny/design.json'), 'utf8'));
      for (const limit of [
        'tileRows',
        'tileColumns',
        'rowGroups',
        'cellLanes',
        'streamLanes',
        'sumSlots',
        'bankWords',
        'shiftXMost',
        'roundMost',
        'style',
      ]) {
        expect(manifest.parameters[limit], limit).toEqual(before.parameters[limit]);
      }
    },
  );

  test('of schema 4, without a description of its trace, is refused with its command', async () => {
    const command = pasted((await runCli(['info', place])).stderr);
    expect(await runCli(command)).toMatchObject({ exitCode: 0 });
    const file = join(place, 'design.json');
    const { trace: _, ...manifest } = JSON.parse(readFileSync(file, 'utf8'));
    manifest.schemaVersion = 4;
    manifest.designHash = contentHash(manifest);
    writeFileSync(file, JSON.stringify(manifest));
    const { stderr, exitCode } = await runCli(['cosim', place]);
    expect(exitCode).toBe(2);
    expect(await runCli(pasted(stderr))).toMatchObject({ exitCode: 0 });
    expect(readDesign(place).manifest.trace).toBeDefined();
  });

  test('has a model that runs as it is', async () => {
    const frames = join(folder, 'frames.npy');
    writeFileSync(frames, writeNpy({ type: 'int32', shape: [3, 2], data: [0, 1, 2, 3, 4, 5] }));
    const run = await runCli(['run', join(place, 'model.safetensors'), '--frames', frames]);
    expect(run.exitCode).toBe(0);
  });

  test('that says nothing usable of how it was made gets no command to paste', async () => {
    const file = join(place, 'design.json');
    for (const change of [{ name: 'x; touch PWNED' }, { rowGroups: '1; id' }, { rowGroups: 0 }]) {
      const manifest = JSON.parse(readFileSync(join(folder, 'tiny/design.json'), 'utf8'));
      Object.assign(manifest.parameters, change);
      manifest.designHash = contentHash(manifest);
      writeFileSync(file, JSON.stringify(manifest));
      const { stderr } = await runCli(['info', place]);
      expect(stderr).not.toContain('hcgs generate');
      expect(stderr).toContain('generate it anew from');
    }
    expect(existsSync('PWNED')).toBe(false);
  });
});
