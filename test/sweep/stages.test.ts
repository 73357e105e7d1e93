import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { Ended } from '../../generator/sweep/sweep.js';
import { paretoSet } from '../../generator/sweep/tables/pareto.js';
import { runCli } from '../support/cli.js';
import { csvRows } from './support/csv-rows.js';

const folder = mkdtempSync(join(tmpdir(), 'hcgs-stages-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const at = (name: string) => join(folder, name);
const clips = (name: string) => resolve('examples/keyword-spotting', name);

async function sweep(space: object, name: string, ...argv: readonly string[]) {
  writeFileSync(at(`${name}.json`), JSON.stringify(space));
  const line = ['sweep', at(`${name}.json`), '-o', at(name), '--json', '--workers', '2', ...argv];
  const { exitCode, stdout } = await runCli(line);
  const rows = csvRows(readFileSync(at(`${name}/table.csv`), 'utf8'));
  return { exitCode, report: JSON.parse(stdout), rows };
}

describe('stages', () => {
  test('of accuracy say what sweep-bits says of the same words', async () => {
    const network = {
      file: clips('V16_q6.safetensors'),
      labels: clips('synth_labels.npy'),
      compress: { calibrate: clips('synth_frames.npy'), weightBits: [3, 6], activationBits: 8 },
    };
    const { exitCode, rows, report } = await sweep(
      {
        networks: [network],
        design: { macs: 8, array: 'sets', keepOrder: true },
        stages: ['accuracy'],
        limits: { accuracy: { min: 0.5 } },
        objectives: { accuracy: 'max', relativeError: 'min' },
      },
      'kws',
    );
    expect(exitCode).toBe(0);
    const bits = await runCli([
      ...['sweep-bits', network.file, '--calibrate', network.compress.calibrate],
      ...['--labels', network.labels, '--weight-bits', '3-6/3', '--activation-bits', '8'],
      ...['--cell-bits', '16', '--json'],
    ]);
    const { points } = bits.json() as { points: Record<string, number>[] };
    expect(points).toHaveLength(2);
    for (const { weightBits, accuracy, relativeError } of points) {
      const row = rows.find((one) => one.weightBits === String(weightBits));
      expect(Number(row?.accuracy)).toBe(accuracy);
      expect(Number(row?.relativeError)).toBe(relativeError);
      expect(row?.state).toBe((accuracy as number) < 0.5 ? 'excluded' : 'done');
    }
    expect(readFileSync(report.plotFile, 'utf8')).toMatch(/^<svg/);
  });

  test('of designs simulate what passed the limits, and go on where a sweep was before', async () => {
    const space = {
      networks: [{ random: { inputs: 2, hidden: 4 } }],
      design: { macs: [4, 8], array: 'sets', keepOrder: true },
      cosim: { random: 4 },
    };
    const { rows } = await sweep(space, 'designs');
    const most = Math.max(...rows.map((row) => Number(row.cyclesPerFrame)));
    const limits = { cyclesPerFrame: { max: most - 1 } };
    const stages = ['estimate', 'generate', 'cosim'];
    const more = await sweep({ ...space, limits, stages, keepDesigns: true }, 'designs');
    expect(more.exitCode).toBe(0);
    expect(more.report).toMatchObject({ ran: 1, counts: { done: 1, excluded: 1 } });
    const [done] = more.rows.filter(({ state }) => state === 'done');
    expect(done?.measuredCyclesPerFrame).toBe(done?.cyclesPerFrame);
    expect(Number(done?.comparedValues)).toBeGreaterThan(0);
    const design = at(`designs/designs/${done?.id}/design.json`);
    expect(JSON.parse(readFileSync(design, 'utf8')).designHash).toBe(done?.designHash);
  });

  test('that fail leave a log and the command that runs them again', async () => {
    const file = at('frames.csv');
    writeFileSync(file, 'no,frames\n');
    const networks = [{ random: { inputs: 2, hidden: 4 }, frames: file }];
    const space = { networks, design: { macs: [4, 8] }, stages: ['accuracy'] };
    const { exitCode, report, rows } = await sweep(space, 'failing', '--max-failures', '1');
    expect(exitCode).toBe(1);
    expect(report.stopped).toBe(true);
    expect(report.counts.failed).toBeGreaterThanOrEqual(1);
    const [failure] = report.failures;
    expect(readFileSync(failure.logFile, 'utf8')).toContain('macs: ');
    expect(report.repeat).toBe(`hcgs sweep ${at('failing')} --repeat-failed`);
    expect(rows.some(({ log }) => log === `logs/${failure.id}.log`)).toBe(true);
    const again = await sweep(space, 'failing', '--repeat-failed');
    expect(again.report).toMatchObject({ ran: 2, counts: { failed: 2 } });
    expect((await sweep(space, 'failing')).report.ran).toBe(0);
  });
});

describe('a Pareto set', () => {
  const ended = (...figures: readonly (readonly [number, number | null])[]) =>
    figures.map(([a, b], i) => ({
      point: { id: String(i) },
      state: { state: 'done', figures: { a, b } },
    })) as unknown as readonly Ended[];

  test('has the points that none is better than, the best of the first objective first', () => {
    const points = ended([3, 1], [1, 1], [2, 5], [2, 4], [1, 1], [4, 9], [0, null]);
    const ids = paretoSet(points, { a: 'min', b: 'max' }).map(({ point }) => point.id);
    expect(ids).toEqual(['1', '4', '2', '5']);
    expect(paretoSet(points, {})).toEqual([]);
  });
});
