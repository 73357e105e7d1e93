import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cosimCommand } from '../../generator/cli/cosim/cosim.js';
import { runProgram } from '../../generator/cli/frame/program.js';

async function cosim(...args: readonly string[]) {
  let stdout = '';
  const exitCode = await runProgram([cosimCommand], ['cosim', ...args, '--json'], {
    stdout: (text) => {
      stdout += text;
    },
    stderr: () => undefined,
    terminal: false,
    debug: false,
  });
  return { exitCode, json: JSON.parse(stdout) };
}

describe('bad usage of cosim ends with exit code 2', () => {
  let directory: string;
  beforeAll(async () => {
    directory = await mkdtemp(path.join(tmpdir(), 'hcgs-cosim-'));
    await writeFile(path.join(directory, 'design.json'), '{}');
  });
  afterAll(() => rm(directory, { recursive: true }));

  it.each([
    ['a stall probability of 1', ['--stall', '1'], '--stall'],
    ['a negative stall probability', ['--stall=-0.1'], '--stall'],
    ['a gap probability of 1', ['--gap', '1'], '--gap'],
    ['back-pressure without an end', ['--pause', '1.5'], '--pause'],
    ['stalls and gaps', ['--stall', '0.2', '--gap', '0.1'], '--stall'],
    ['a protocol pass and none', ['--protocol', '--no-protocol'], '--no-protocol'],
    ['no random frames', ['--random', '0'], '--random'],
    ['frames and random frames', ['--frames', 'f.npy', '--random', '3'], '--random'],
    ['labels without frames', ['--labels', 'l.npy'], '--labels'],
  ])('%s', async (_, args, field) => {
    const { exitCode, json } = await cosim(directory, ...args);
    expect(exitCode).toBe(2);
    expect(json).toMatchObject({ ok: false, error: { field } });
  });

  it('a directory that is no design', async () => {
    const { exitCode, json } = await cosim(directory);
    expect(exitCode).toBe(2);
    expect(json.error).toMatchObject({ code: 'NOT_A_DESIGN' });
  });
});
