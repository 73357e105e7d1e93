import { spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { runCli } from '../support/cli.js';
import { csvRows } from './support/csv-rows.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hcgs-sweep-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const SPACE = {
  networks: [{ random: { inputs: 4, hidden: 8, pattern: ['dense', { blocks: 2, keep: '1/2' }] } }],
  design: { macs: [4, 8], array: 'sets', keepOrder: true },
};
const at = (name: string) => join(folder, name);
const write = (space: object, name = 'space.json') => {
  writeFileSync(at(name), JSON.stringify(space));
  return at(name);
};

async function sweep(...argv: readonly string[]) {
  const { exitCode, stdout, stderr } = await runCli(['sweep', ...argv, '--json', '--workers', '2']);
  expect(stderr).not.toContain('internal');
  return { exitCode, report: JSON.parse(stdout) };
}
const table = () => csvRows(readFileSync(at('s/table.csv'), 'utf8'));
const results = () => readdirSync(at('s/results')).sort();
const contents = () => results().map((name) => readFileSync(at(`s/results/${name}`), 'utf8'));

describe('a sweep', () => {
  test('has the figures of estimate, a line for each point', async () => {
    const { exitCode, report } = await sweep(write(SPACE), '-o', at('s'));
    expect(exitCode).toBe(0);
    expect(report).toMatchObject({ points: 4, ran: 4, counts: { done: 4, failed: 0, missing: 0 } });
    const drawn = ['--inputs', '4', '--hidden', '8', '--blocks', '2', '--keep', '1/2'];
    await runCli(['random', ...drawn, '-o', at('m.safetensors')]);
    const design = ['--macs', '8', '--array', 'sets', '--keep-order'];
    const estimate = (await runCli(['estimate', at('m.safetensors'), ...design, '--json'])).json();
    const row = table().find(({ pattern, macs }) => pattern === 'hcgs 2 1/2' && macs === '8');
    expect(Number(row?.cyclesPerFrame)).toBe(estimate.cyclesPerFrame);
    expect(Number(row?.latencyCycles)).toBe(estimate.latencyCycles);
    expect(Number(row?.keptWeights)).toBe(estimate.keptWeights);
    expect(table()).toHaveLength(4);
  });

  test('goes on with what is missing, torn or wrong, and touches nothing else', async () => {
    const space = write(SPACE);
    await sweep(space, '-o', at('s'));
    const before = contents();
    const rows = table();
    const [gone, torn, foreign, kept] = results() as [string, string, string, string];
    rmSync(at(`s/results/${gone}`));
    writeFileSync(at(`s/results/${torn}`), (before[1] as string).slice(0, 40));
    writeFileSync(at(`s/results/${foreign}`), before[3] as string);
    const { exitCode, report } = await sweep(at('s'));
    expect(exitCode).toBe(0);
    expect(report.ran).toBe(3);
    expect(report.refused.map(({ file }: { file: string }) => file).sort()).toEqual(
      [torn, foreign].map((name) => at(`s/results/${name}`)).sort(),
    );
    expect(contents()[3]).toBe(before[3]);
    expect(results()).toContain(kept);
    expect(table()).toEqual(rows);
    expect((await sweep(at('s'))).report.ran).toBe(0);
  });

  test('grows with its space, and keeps what it has', async () => {
    await sweep(write(SPACE), '-o', at('s'));
    const more = { ...SPACE, design: { ...SPACE.design, macs: [4, 8, 16] } };
    const { report } = await sweep(write(more), '-o', at('s'));
    expect(report).toMatchObject({ points: 6, ran: 2 });
    const less = { ...SPACE, design: { ...SPACE.design, macs: 8 } };
    expect((await sweep(write(less), '-o', at('s'))).report).toMatchObject({ points: 2, ran: 0 });
    expect(table()).toHaveLength(2);
  });

  test('excludes what no design can be, and what is beyond a limit, and is no failure', async () => {
    const space = { ...SPACE, design: { ...SPACE.design, macs: [4, 5, 8] } };
    await sweep(write(space), '-o', at('s'));
    const most = Math.max(...table().map((row) => Number(row.cyclesPerFrame)));
    const limits = { cyclesPerFrame: { max: most - 1 } };
    const { exitCode, report } = await sweep(write({ ...space, limits }), '-o', at('s'));
    expect(exitCode).toBe(0);
    expect(report.ran).toBe(0);
    const codes = report.excluded.map(({ code }: { code: string }) => code).sort();
    expect(codes).toEqual(['DESIGN_MACS', 'SWEEP_LIMIT']);
    for (const { state, cyclesPerFrame, reason } of table()) {
      if (state === 'done') expect(Number(cyclesPerFrame)).toBeLessThan(most);
      else expect(reason).toMatch(/^(DESIGN_MACS|SWEEP_LIMIT): /);
    }
  });

  test('has points of their own for what a changed file holds', async () => {
    await runCli(['random', '--inputs', '4', '--hidden', '8', '-o', at('m.safetensors')]);
    const space = write({ networks: [{ file: 'm.safetensors' }], design: { macs: 4 } });
    await sweep(space, '-o', at('s'), '--dry-run');
    expect(existsSync(at('s'))).toBe(false);
    await sweep(space, '-o', at('s'));
    expect(results()).toHaveLength(1);
    await runCli([
      ...['random', '--inputs', '4', '--hidden', '8', '--seed', '9'],
      ...['-o', at('m.safetensors')],
    ]);
    const { report } = await sweep(space, '-o', at('s'));
    expect(report).toMatchObject({ points: 1, ran: 1 });
    expect(results()).toHaveLength(2);
  });

  test('is refused where something else is, and for figures that no stage gives', async () => {
    mkdirSync(at('other/of'), { recursive: true });
    const place = await sweep(write(SPACE), '-o', at('other'));
    expect(place.exitCode).toBe(2);
    expect(place.report.error).toMatchObject({ code: 'SWEEP_PLACE', file: at('other') });
    const limits = { cyclesPerFram: { max: 1 } };
    const { report } = await sweep(write({ ...SPACE, limits }), '-o', at('s'));
    expect(report.error).toMatchObject({ code: 'SWEEP_FIGURE', field: 'limits.cyclesPerFram' });
    expect(report.error.got).toContain('cyclesPerFrame');
    expect(existsSync(at('s'))).toBe(false);
  });

  test('takes a module that is checked', async () => {
    const text = `import type { SweepSpace } from 'hcgs';
export default { networks: [{ random: { inputs: 4, hidden: 8 } }], design: { macs: [4] } } satisfies SweepSpace;\n`;
    writeFileSync(at('space.ts'), text);
    expect((await sweep(at('space.ts'), '-o', at('s'))).report.counts.done).toBe(1);
    writeFileSync(at('bad.ts'), text.replace('macs: [4]', "macs: ['four']"));
    const { report } = await sweep(at('bad.ts'), '-o', at('s'));
    expect(report.error).toMatchObject({ code: 'CONFIG_TYPES' });
  });
});

describe('a sweep that is killed', () => {
  test('loses nothing: the same command ends it, each point once', async () => {
    const seed = { from: 1, to: 12 };
    const random = { inputs: 4, hidden: 8, seed };
    const space = write({ ...SPACE, networks: [{ random }] });
    for (const most of [3, 9]) {
      const argv = ['--import', 'tsx', 'generator/cli/main.ts', 'sweep', space, '-o', at('s')];
      const child = spawn(process.execPath, argv, { stdio: 'ignore' });
      const ended = new Promise((resolve) => child.on('exit', resolve));
      let over = false;
      void ended.then(() => {
        over = true;
      });
      const count = () => (existsSync(at('s/results')) ? results().length : 0);
      while (count() < most && !over) await sleep(20);
      child.kill('SIGKILL');
      await ended;
    }
    const left = 24 - results().filter((name) => name.endsWith('.json')).length;
    const { exitCode, report } = await sweep(space, '-o', at('s'));
    expect(exitCode).toBe(0);
    expect(report.counts).toEqual({ done: 24, excluded: 0, failed: 0, missing: 0 });
    expect(report.ran).toBeLessThanOrEqual(left);
    const rows = table();
    expect(new Set(rows.map(({ id }) => id)).size).toBe(24);
    await sweep(space, '-o', at('t'));
    expect(csvRows(readFileSync(at('t/table.csv'), 'utf8'))).toEqual(rows);
    expect(existsSync(at('s/work'))).toBe(false);
  });
});
