import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { checkValue } from '../../generator/base/check-value.js';
import { modelBytes } from '../../generator/network/compressed-model.js';
import { randomModel } from '../../generator/network/random.js';
import { pointsOf } from '../../generator/sweep/space/points.js';
import { sampled } from '../../generator/sweep/space/sampling.js';
import { type SweepSpace, spaceSchema } from '../../generator/sweep/space/space.js';
import { laterRefusal, refusal } from '../support/refusal.js';

const folder = mkdtempSync(join(tmpdir(), 'hcgs-space-'));
afterAll(() => rmSync(folder, { recursive: true }));

const checked = (space: unknown) =>
  checkValue(space, 'space.json', spaceSchema, { code: 'SWEEP_SPACE', whole: 'the space' });
const points = (space: SweepSpace) => pointsOf(checked(space), folder);
const random = (more: object = {}) => ({ random: { inputs: 4, hidden: 8, ...more } });

describe('settings', () => {
  test('are a value, a list, or a range with steps or factors', async () => {
    const space = {
      networks: [random({ seed: { from: 2, to: 8, step: 3 } })],
      design: { macs: { from: 4, to: 16, factor: 2 }, cellLanes: 1 },
    };
    const found = (await points(space)).map(({ settings }) => [settings.seed, settings.macs]);
    const expected = [2, 5, 8].flatMap((seed) => [4, 8, 16].map((macs) => [seed, macs]));
    expect(found).toEqual(expected);
  });

  test('of a range end with the last step, whatever its binary digits', () => {
    const { synth } = checked({
      networks: [random()],
      synth: { clockMHz: { from: 0.1, to: 0.5, step: 0.1 } },
    });
    expect(synth?.clockMHz).toHaveLength(5);
  });

  test.each([
    [{ networks: [random({ seed: -1 })] }, 'networks.0.random.seed.0', -1],
    [{ networks: [random({ seed: [1, 'x'] })] }, 'networks.0.random.seed.1', "'x'"],
    [{ networks: [random()], design: { macz: 4 } }, 'design', '{"macz":4}'],
    [{ networks: [random()], stages: ['estimate', 'estimate'] }, 'stages', undefined],
    [{ networks: [{ file: 'a', ...random() }] }, 'networks.0', undefined],
    [{ networks: [random({ seed: { from: 5, to: 1 } })] }, 'networks.0.random.seed', undefined],
  ])('that cannot be are refused by name: %j', (space, field, got) => {
    const report = refusal(() => checked(space));
    expect(report).toMatchObject({ code: 'SWEEP_SPACE', file: 'space.json', field });
    if (got !== undefined) expect(report.got).toBe(got);
  });

  test.each([
    [{ blocks: '4' }, 'keep for hcgs'],
    [{ kind: 'rows', rate: 4, blocks: 2 }, 'rate, balance for rows'],
  ])('of patterns need what their kind needs: %j', async (pattern, expected) => {
    const report = await laterRefusal(() => points({ networks: [random({ pattern })] }));
    expect(report).toMatchObject({ code: 'SWEEP_SPACE', field: 'networks.0.random.pattern' });
    expect(report.expected).toBe(expected);
  });
});

describe('points', () => {
  test('have names that follow from their settings alone', async () => {
    const one = await points({ networks: [random({ seed: 3 })], design: { macs: 8 } });
    const among = await points({
      networks: [random({ outputs: 3 }), random({ seed: [1, 2, 3], weightBits: 6 })],
      design: { macs: [4, 8] },
      objectives: { cyclesPerFrame: 'min' },
    });
    const named = among.find(({ id }) => id === one[0]?.id);
    expect(named?.settings).toMatchObject({ seed: 3, macs: 8 });
    expect(new Set(among.map(({ id }) => id)).size).toBe(among.length);
  });

  test('are there once, those of one network together', async () => {
    const found = await points({
      networks: [random({ seed: [1, 2, 1] }), random({ seed: 1 })],
      design: { macs: [8, 4, 8] },
    });
    expect(found.map(({ settings }) => `${settings.seed}/${settings.macs}`)).toEqual([
      '1/8',
      '1/4',
      '2/8',
      '2/4',
    ]);
  });

  test('are others when a file holds something else, and the same wherever it lies', async () => {
    const model = (seed: number) =>
      modelBytes(
        randomModel({
          ...{ inputs: 4, hidden: [8], patterns: [null], sharing: 'shared', outputs: 0, seed },
          words: { weight: 6, activation: 13, cell: 16, bias: 16 },
        }),
      );
    const idOf = async (name: string) =>
      (await points({ networks: [{ name: 'n', file: name }] }))[0]?.id;
    writeFileSync(join(folder, 'a.safetensors'), model(1));
    writeFileSync(join(folder, 'b.safetensors'), model(1));
    writeFileSync(join(folder, 'c.safetensors'), model(2));
    expect(await idOf('a.safetensors')).toBe(await idOf('b.safetensors'));
    expect(await idOf('a.safetensors')).not.toBe(await idOf('c.safetensors'));
  });

  test('of a compressed model take no compression, those of a trained network need one', async () => {
    const compress = { noise: 1, weightBits: [4, 6] };
    const report = await laterRefusal(() =>
      points({ networks: [{ file: 'a.safetensors', compress }] }),
    );
    expect(report).toMatchObject({ code: 'SWEEP_SPACE', field: 'networks.0.compress' });
  });
});

describe('samples', () => {
  const lengths = [[4, 5, 3], [7]];
  const all = sampled(lengths, { kind: 'grid' });
  const key = (drawn: (typeof all)[number]) => JSON.stringify(drawn);

  test('of a grid are all points, the last setting fastest', () => {
    expect(all).toHaveLength(67);
    expect(all.slice(0, 4).map(({ indices }) => indices.join(''))).toEqual([
      '000',
      '001',
      '002',
      '010',
    ]);
    expect(new Set(all.map(key)).size).toBe(67);
  });

  test.each([1, 2, 3])('at random are different points, the same for a seed: %i', (seed) => {
    const sample = { kind: 'random', points: 40, seed } as const;
    const drawn = sampled(lengths, sample);
    expect(new Set(drawn.map(key)).size).toBe(40);
    expect(drawn.every((one) => all.some((other) => key(other) === key(one)))).toBe(true);
    expect(sampled(lengths, sample)).toEqual(drawn);
    expect(sampled(lengths, { ...sample, seed: seed + 7 })).not.toEqual(drawn);
  });

  test('of a Latin hypercube have each value as often as each other', () => {
    const drawn = sampled([[10, 20, 5]], { kind: 'latin', points: 20, seed: 4 });
    const counts = (axis: number) => {
      const found = new Map<number, number>();
      for (const { indices } of drawn) {
        const index = indices[axis] as number;
        found.set(index, (found.get(index) ?? 0) + 1);
      }
      return [...found.values()];
    };
    expect(drawn).toHaveLength(20);
    expect(counts(0)).toEqual(new Array(10).fill(2));
    expect(counts(1)).toEqual(new Array(20).fill(1));
    expect(counts(2)).toEqual(new Array(5).fill(4));
  });

  test('have one value out of each part of a setting with more values than points', () => {
    const drawn = sampled([[1000]], { kind: 'latin', points: 10, seed: 5 });
    const parts = drawn.map(({ indices: [index = 0] }) => Math.floor(index / 100));
    expect(parts).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  test('with too many points are refused, and those of huge grids are drawn', () => {
    const huge = [[1000, 1000, 1000, 1000]];
    expect(refusal(() => sampled(huge, { kind: 'grid' })).code).toBe('SWEEP_TOO_MANY');
    expect(sampled(huge, { kind: 'random', points: 50 })).toHaveLength(50);
  });
});
