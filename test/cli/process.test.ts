import { spawn, spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { toolVersion } from '../../generator/base/package.js';

const program = resolve('scripts/hcgs');

describe('scripts/hcgs', () => {
  test('starts from any working directory', () => {
    const { status, stdout } = spawnSync(program, ['--version'], { cwd: tmpdir() });
    expect(stdout.toString()).toBe(`${toolVersion}\n`);
    expect(status).toBe(0);
  });

  test('passes on the exit code of a failure', () => {
    const { status, stdout } = spawnSync(program, ['nothing', '--json'], { cwd: tmpdir() });
    expect(status).toBe(2);
    expect(JSON.parse(stdout.toString())).toMatchObject({ ok: false });
  });

  test('a reader that goes away is no error', async () => {
    const child = spawn('bash', ['-c', `set -o pipefail; "${program}" --help | true`]);
    const status = await new Promise((done) => child.on('exit', done));
    expect(status).toBe(0);
  });
});
