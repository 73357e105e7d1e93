import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { moduleBeside } from '../../generator/base/pool.js';
import { runLocal } from '../../generator/sweep/launch/local.js';
import { TaskQueue } from '../../generator/sweep/launch/queue.js';
import { laterRefusal } from '../support/refusal.js';
import type { MoodyTask } from './support/moody-worker.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hcgs-local-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const module = moduleBeside(import.meta.url, 'support/moody-worker');

interface Seen {
  readonly done: string[];
  readonly crashed: string[];
  readonly said: string[];
}

async function run(
  groups: readonly (readonly MoodyTask[])[],
  { workers = 2, stillborn = false, most = Number.POSITIVE_INFINITY } = {},
): Promise<Seen> {
  const seen: Seen = { done: [], crashed: [], said: [] };
  await runLocal<MoodyTask>({
    ...{ module, setup: { folder, stillborn }, groups, workers, workerMb: 1 },
    onDone: ({ id }) => seen.done.push(id),
    onCrash: async ({ id }, stage, { how, said }) => {
      seen.crashed.push(`${id} ${stage} ${how}`);
      seen.said.push(said);
    },
    goesOn: () => seen.done.length + seen.crashed.length < most,
  });
  return seen;
}

const tasks = (group: string, ...moods: MoodyTask['mood'][]): readonly MoodyTask[] =>
  moods.map((mood, i) => ({ id: `${group}${i}`, mood }));
const written = () =>
  readdirSync(folder)
    .filter((name) => name !== 'began')
    .sort();

describe('processes that run points', () => {
  test('take many each, those of a network in one', async () => {
    const groups = ['a', 'b', 'c', 'd'].map((name) => tasks(name, 'well', 'well', 'well', 'well'));
    const { done, crashed } = await run(groups);
    expect(done.sort()).toEqual(groups.flat().map(({ id }) => id));
    expect(crashed).toEqual([]);
    expect(written()).toHaveLength(16);
    const began = readFileSync(join(folder, 'began'), 'utf8').trim().split('\n');
    const pids = new Map(began.map((line) => line.split(' ').reverse() as [string, string]));
    expect(new Set(pids.values()).size).toBeLessThanOrEqual(2);
    // one that starts late gives a network away in part, and no more
    const made = new Set([...pids].map(([id, pid]) => `${id[0]} ${pid}`));
    expect(made.size).toBeLessThanOrEqual(6);
  });

  test('that end under a point lose that one alone', async () => {
    const groups = [
      tasks('a', 'well', 'killed', 'well'),
      tasks('b', 'exits', 'well', 'throws', 'well'),
    ];
    const { done, crashed, said } = await run(groups);
    expect(crashed.sort()).toEqual([
      'a1 estimate signal SIGKILL',
      'b0 estimate exit code 3',
      'b2 estimate exit code 1',
    ]);
    expect(done.sort()).toEqual(['a0', 'a2', 'b1', 'b3']);
    expect(written()).toEqual(['a0', 'a2', 'b1', 'b3']);
    const fault = said.find((text) => text.includes('point b2 is throws'));
    expect(fault).toContain('a fault of the worker');
    expect(fault).not.toContain('point b1');
  });

  test('that cannot write results end the whole run', async () => {
    const more = Array.from({ length: 30 }, () => 'well' as const);
    const { code } = await laterRefusal(() =>
      run([tasks('a', 'well', 'full', ...more)], { workers: 1 }),
    );
    expect(code).toBe('DISK_FULL');
    expect(written()).toEqual(['a0']);
  });

  test('that end before they do anything are no fault of points', async () => {
    const error = await laterRefusal(() => run([tasks('a', 'well', 'well')], { stillborn: true }));
    expect(error).toMatchObject({ code: 'SWEEP_WORKER', details: ['no memory for me'] });
    expect(written()).toEqual([]);
  });

  test('begin no point once it is enough', async () => {
    const moods = Array.from({ length: 20 }, () => 'killed' as const);
    const { crashed } = await run([tasks('a', ...moods)], { workers: 1, most: 3 });
    expect(crashed).toHaveLength(3);
  });
});

describe('a queue of points', () => {
  test('gives half of a long network to who has none', () => {
    const queue = new TaskQueue([Array.from({ length: 9 }, (_, id) => ({ id: String(id) }))]);
    const [one, other] = [{}, {}];
    expect(queue.next(one)?.id).toBe('0');
    expect(queue.next(other)?.id).toBe('5');
    const rest = new Set<string>();
    for (let task = queue.next(one); task !== undefined; task = queue.next(one)) rest.add(task.id);
    expect([...rest].sort()).toEqual(['1', '2', '3', '4', '6', '7', '8']);
    expect(queue.next(other)).toBeUndefined();
  });

  test('gives each point once, also what a worker has left', () => {
    const groups = [3, 1, 4].map((count, g) =>
      Array.from({ length: count }, (_, i) => ({ id: `${g}.${i}` })),
    );
    const queue = new TaskQueue(groups);
    const gone = {};
    const given = [queue.next(gone)?.id];
    queue.putBack(gone, { id: given.pop() as string });
    queue.release(gone);
    const workers = [{}, {}];
    for (let i = 0; i < 20; i++) {
      const task = queue.next(workers[i % 2] as object);
      if (task !== undefined) given.push(task.id);
    }
    expect(given.sort()).toEqual(groups.flat().map(({ id }) => id));
  });
});
