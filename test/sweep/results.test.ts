import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { StageEntry } from '../../generator/sweep/results/record.js';
import { pointState, type SweepPlan } from '../../generator/sweep/results/state.js';
import { ResultStore } from '../../generator/sweep/results/store.js';
import type { Point } from '../../generator/sweep/space/point.js';
import { pointsOf } from '../../generator/sweep/space/points.js';
import { spaceSchema } from '../../generator/sweep/space/space.js';
import { stageKey } from '../../generator/sweep/stages/registry.js';

let folder: string;
let store: ResultStore;
let point: Point;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hcgs-results-'));
  store = new ResultStore(folder);
  const space = { networks: [{ random: { inputs: 4, hidden: 8 } }], design: { macs: [4, 8] } };
  [point] = (await pointsOf(spaceSchema.parse(space), folder)) as [Point];
});
afterEach(() => rmSync(folder, { recursive: true }));

const plan: SweepPlan = { stages: ['estimate', 'generate'], limits: {}, keepDesigns: false };
const passed = (
  stage: 'estimate' | 'generate',
  figures: Record<string, number>,
): StageEntry & { outcome: 'passed' } => ({
  outcome: 'passed',
  ...{ stage, key: stageKey(stage, point), seconds: 1, figures },
});
const stored = () => {
  const found = store.read(point.id);
  return found.kind === 'record' ? found.record : null;
};
const put = (text: string) => {
  const file = store.fileOf(point.id);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
};

describe('a result file', () => {
  test('is read as it was written, stage beside stage in their order', async () => {
    await store.put(point, passed('generate', { designFiles: 3 }));
    await store.put(point, passed('estimate', { cyclesPerFrame: 7 }));
    await store.put(point, passed('estimate', { cyclesPerFrame: 8 }));
    expect(stored()?.stages.map(({ stage }) => stage)).toEqual(['estimate', 'generate']);
    expect(pointState(point, stored(), plan)).toEqual({
      state: 'done',
      figures: { cyclesPerFrame: 8, designFiles: 3 },
    });
    expect(readdirSync(join(folder, 'results'))).toEqual([`${point.id}.json`]);
  });

  test.each([
    ['torn', (text: string) => text.slice(0, -20), /no JSON/],
    ['of another point', (text: string) => text.replace(point.id, '0123456789abcdef'), /of 0123/],
    ['of something else', () => '{"format":"else"}', /format/],
    ['with a field that it has not', (text: string) => text.replace('{', '{"x":1,'), /x/],
    ['empty', () => '', /no JSON/],
  ])('that is %s is refused, and the point counts as not run', async (_, change, why) => {
    await store.put(point, passed('estimate', { cyclesPerFrame: 7 }));
    const { recordText } = await import('../../generator/sweep/results/record.js');
    put(change(recordText(stored() as never)));
    expect(store.read(point.id)).toMatchObject({
      kind: 'refused',
      why: expect.stringMatching(why),
    });
    await store.put(point, passed('estimate', { cyclesPerFrame: 9 }));
    expect(stored()?.stages).toHaveLength(1);
  });

  test('of another version or other frames does not count', async () => {
    await store.put(point, { ...passed('estimate', {}), key: '0123456789abcdef' });
    expect(pointState(point, stored(), plan)).toMatchObject({
      state: 'missing',
      stage: 'estimate',
    });
    const trial = { ...point.trial, cosim: { random: 3, seed: 1 } };
    expect(stageKey('cosim', { ...point, trial })).not.toBe(stageKey('cosim', point));
    expect(stageKey('estimate', { ...point, trial })).toBe(stageKey('estimate', point));
  });

  test('with a failure is as before without it', async () => {
    await store.put(point, passed('estimate', { cyclesPerFrame: 7 }));
    const key = stageKey('generate', point);
    const failure = { code: 'INTERNAL', message: 'no', log: null };
    await store.put(point, { outcome: 'failed', stage: 'generate', key, seconds: 0, ...failure });
    expect(pointState(point, stored(), plan)).toMatchObject({ state: 'failed', code: 'INTERNAL' });
    await store.forgetFailures(point);
    expect(pointState(point, stored(), plan)).toMatchObject({
      state: 'missing',
      stage: 'generate',
    });
  });
});

describe('limits', () => {
  test('exclude a point at the stage that is beyond, and let it go on when they are wider', async () => {
    await store.put(point, passed('estimate', { cyclesPerFrame: 70, macUtilization: 0.5 }));
    const state = (limits: SweepPlan['limits']) => pointState(point, stored(), { ...plan, limits });
    expect(state({ cyclesPerFrame: { max: 69 } })).toMatchObject({
      state: 'excluded',
      stage: 'estimate',
      code: 'SWEEP_LIMIT',
      reason: 'cyclesPerFrame 70 is above 69',
      figures: { cyclesPerFrame: 70 },
    });
    expect(state({ macUtilization: { min: 0.6 } }).state).toBe('excluded');
    expect(state({ cyclesPerFrame: { max: 70 }, macUtilization: { min: 0.5 } })).toMatchObject({
      state: 'missing',
      stage: 'generate',
    });
  });
});
