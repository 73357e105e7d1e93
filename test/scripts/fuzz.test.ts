import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../generator/base/errors.js';
import { fuzz } from '../../scripts/fuzzing/fuzz.js';
import { judge } from '../../scripts/fuzzing/oracle.js';
import { isSuspicious, peakLimit } from '../../scripts/fuzzing/peak.js';
import type { TargetName } from '../../scripts/fuzzing/targets.js';

const SEED = 11;

describe('damaged and hostile files', () => {
  it.each<[TargetName, number]>([
    ['onnx', 80],
    ['safetensors', 400],
    ['keras', 300],
    ['torch', 300],
    ['json', 300],
    ['npz', 200],
    ['tflite', 300],
    ['tensorflow', 100],
    ['npy', 400],
    ['frames', 300],
    ['labels', 300],
    ['model', 400],
  ])('of %s, %i of them, are refused with a code or read consistently', async (target, inputs) => {
    const { findings, accepted, refused, compared, peak } = await fuzz(target, SEED, {
      inputs,
      small: true,
    });
    expect(findings.map(({ input, from, what }) => ({ seed: SEED, input, from, what }))).toEqual(
      [],
    );
    expect(peak?.bytes).toBeGreaterThan(10e6);
    expect(peak?.bytes).toBeLessThan(peakLimit(peak?.file ?? 0));
    expect(accepted).toBeGreaterThan(0);
    expect(refused.size).toBeGreaterThan(2);
    if (target === 'onnx') expect(compared).toBeGreaterThan(0);
  });
});

describe('the judge finds', () => {
  const bytes = new Uint8Array(10);
  const judged = (read: () => unknown, check: () => string | null = () => null) =>
    judge(read, check, bytes);
  const quickly = (read: () => unknown) =>
    judge(read, () => null, bytes, { processor: 100, wall: 1000 });

  it('an exception that is no error with a code', () => {
    const fails = () => {
      throw new TypeError('oh');
    };
    expect(judged(fails)).toMatchObject({ kind: 'finding', what: expect.stringContaining('oh') });
  });

  it('what has no end, and stops it', () => {
    const endless = () => {
      for (;;);
    };
    expect(quickly(endless)).toEqual({ kind: 'finding', what: 'no end' });
  });

  it('what takes too much processor time, though it ends well or in an error', () => {
    const slow = () => {
      const begun = process.cpuUsage();
      while (process.cpuUsage(begun).user < 150_000);
    };
    const found = { kind: 'finding', what: expect.stringContaining('ms of processor time') };
    const limits = { processor: 100, wall: 600_000 };
    expect(judge(slow, () => null, bytes, limits)).toEqual(found);
    const refused = () => {
      slow();
      throw new UserError({
        code: 'SLOW',
        message: '',
        file: '',
        field: '',
        expected: '',
        got: '',
      });
    };
    expect(judge(refused, () => null, bytes, limits)).toEqual(found);
    const waits = () => {
      const until = performance.now() + 150;
      while (performance.now() < until)
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50);
    };
    expect(judge(waits, () => null, bytes, limits)).toMatchObject({ kind: 'accepted' });
  });

  it('what takes far more memory than the file', () => {
    const large = () => new Uint8Array(2 ** 28);
    expect(judged(large)).toEqual({ kind: 'finding', what: '256 MiB for a file of 10 bytes' });
  });

  it('memory that is suspicious', () => {
    // in a process of its own: one that ran other tests holds freed memory, in which it grows unseen
    const grown = (mebibytes: number) => {
      const script = 'test/support/grown-memory.ts';
      const command = ['node_modules/tsx/dist/cli.mjs', script, String(mebibytes)];
      return Number(spawnSync(process.execPath, command, { encoding: 'utf8' }).stdout);
    };
    expect(isSuspicious(grown(300), 10)).toBe(true);
    expect(isSuspicious(grown(1), 10)).toBe(false);
  });

  it('a result that contradicts itself', () => {
    expect(
      judged(
        () => 1,
        () => 'wrong',
      ),
    ).toEqual({ kind: 'finding', what: 'wrong' });
    expect(judged(() => 1)).toEqual({ kind: 'accepted', result: 1 });
  });
});

it('scripts/fuzz knows its options and refuses others', () => {
  const run = (...options: string[]) => spawnSync('scripts/fuzz', options, { encoding: 'utf8' });
  expect(run('--help')).toMatchObject({ status: 0, stdout: expect.stringContaining('--seconds') });
  expect(run('--target', 'png')).toMatchObject({ status: 2, stdout: '' });
  expect(run('--minutes', '1', '--seconds', '1')).toMatchObject({ status: 2, stdout: '' });
});
