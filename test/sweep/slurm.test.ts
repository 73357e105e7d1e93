import {
  chmodSync,
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
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runCli } from '../support/cli.js';
import { hasSlurm, type Slurm, startSlurm } from '../support/slurm.js';
import { csvRows } from './support/csv-rows.js';

if (!hasSlurm) {
  console.warn('left out: sweeps on Slurm need root, slurmctld, slurmd, slurm-client and munge');
}

/** 200 points of 20 networks. */
const SPACE = {
  networks: [{ random: { inputs: 2, hidden: 4, seed: { from: 1, to: 20 } } }],
  design: {
    ...{ macs: 4, array: 'sets', keepOrder: true, cellLanes: 1, sumSlots: 1 },
    ...{ streamLanes: [1, 2], headroom: { from: 0, to: 4 } },
  },
};

describe.skipIf(!hasSlurm)('a sweep on Slurm', () => {
  let folder: string;
  let slurm: Slurm;
  const at = (name: string) => join(folder, name);
  const before = process.env.SLURM_CONF;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'hcgs-slurm-'));
    chmodSync(folder, 0o755); // munge asks for it
    mkdirSync(at('cluster'));
    slurm = await startSlurm(at('cluster'), 2);
    process.env.SLURM_CONF = slurm.conf;
    writeFileSync(at('space.json'), JSON.stringify(SPACE));
  });
  afterAll(async () => {
    await slurm?.stop();
    if (before === undefined) delete process.env.SLURM_CONF;
    else process.env.SLURM_CONF = before;
    rmSync(folder, { recursive: true, force: true });
  });

  const sweep = async (name: string, ...argv: readonly string[]) => {
    const line = ['sweep', at('space.json'), '-o', at(name), '--json', ...argv];
    const { exitCode, stdout } = await runCli(line);
    return { exitCode, report: JSON.parse(stdout) };
  };
  const onSlurm = (name: string) => sweep(name, '--launcher', 'slurm', '--task-points', '25');
  const rows = (name: string) => csvRows(readFileSync(at(`${name}/table.csv`), 'utf8'));
  const count = (name: string) =>
    existsSync(at(`${name}/results`)) ? readdirSync(at(`${name}/results`)).length : 0;
  const reached = async (name: string, points: number) => {
    while (count(name) < points) await sleep(50);
  };

  test('loses no point to killed tasks, node and controller, has none wrong and none twice', async () => {
    expect((await sweep('local')).exitCode).toBe(0);
    const running = onSlurm('killed');
    await reached('killed', 10);
    expect(killTasks(at('killed'))).toBeGreaterThan(0);
    await reached('killed', 40);
    await slurm.killNode();
    await sleep(500);
    slurm.startNode();
    await reached('killed', 80);
    await slurm.killController();
    await sleep(2000);
    slurm.startController();
    let { exitCode, report } = await running;
    // what is missing after three rounds is named, and the same command goes on
    expect(report.counts.failed).toBe(0);
    if (report.counts.missing > 0) {
      expect(exitCode).toBe(1);
      ({ exitCode, report } = await onSlurm('killed'));
    }
    expect(exitCode).toBe(0);
    expect(report.counts).toEqual({ done: 200, excluded: 0, failed: 0, missing: 0 });
    expect(new Set(rows('killed').map(({ id }) => id)).size).toBe(200);
    expect(rows('killed')).toEqual(rows('local'));
    expect((await onSlurm('killed')).report.ran).toBe(0);
  });
});

/** Ends the processes of the tasks of a sweep, as a node without memory would; how many there were. */
function killTasks(directory: string): number {
  let killed = 0;
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
      if (!words.some((word) => word.startsWith(join(directory, 'tasks')))) continue;
      process.kill(Number(pid), 'SIGKILL');
      killed++;
    } catch {
      // ended in between
    }
  }
  return killed;
}
