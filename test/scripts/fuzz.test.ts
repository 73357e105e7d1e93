import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { fuzz } from '../../scripts/fuzzing/fuzz.js';
import { judge } from '../../scripts/fuzzing/oracle.js';
import type { TargetName } from '../../scripts/fuzzing/targets.js';

const SEED = 11;

describe('damaged and hostile files', () => {
  it.each<[TargetName, number]>([
    ['onnx', 80],
    ['safetensors', 400],
    ['npy', 400],
    ['model', 400],
  ])('of %s, %i of them, are refused with a code or read consistently', async (target, inputs) => {
    const { findings, accepted, refused, compared } = await fuzz(target, SEED, {
      inputs,
      small: true,
    });
    expect(findings.map(({ input, from, what }) => ({ seed: SEED, input, from, what }))).toEqual(
      [],
    );
    expect(accepted).toBeGreaterThan(0);
    expect(refused.size).toBeGreaterThan(2);
    if (target === 'onnx') expect(compared).toBeGreaterThan(0);
  });
});

describe('the judge finds', () => {
  const bytes = new Uint8Array(10);
  const judged = (read: () => unknown, check: () => string | null = () => null) =>
    judge(read, check, bytes);

  it('an exception that is no error with a code', () => {
    const fails = () => {
      throw new TypeError('oh');
    };
    expect(judged(fails)).toMatchObject({ kind: 'finding', what: expect.stringContaining('oh') });
  });

  it('what takes too long, and stops it', () => {
    const endless = () => {
      for (;;);
    };
    expect(judged(endless)).toEqual({ kind: 'finding', what: 'more than 2000 ms' });
  });

  it('what takes far more memory than the file', () => {
    const large = () => new Uint8Array(2 ** 28);
    expect(judged(large)).toEqual({ kind: 'finding', what: '256 MiB for a file of 10 bytes' });
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
});
