import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import config from '../../vitest.config.js';
import { type Process, processesBelow, progress, watch } from '../support/watchdog.js';

describe('no test fails by being slow', () => {
  test('a test has no limit of wall time', () => {
    expect(config.test).toMatchObject({ testTimeout: 0, hookTimeout: 0 });
    const limits = /\btimeout: *[\d_]+|\}, [\d_]{3,}\);|performance\.now\(\).*toBeLess/g;
    const found = readdirSync('test', { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts') && name !== 'house/slow-machines.test.ts')
      .flatMap((name) =>
        [...readFileSync(join('test', name), 'utf8').matchAll(limits)].map(
          ([text]) => `${name}: ${text}`,
        ),
      );
    expect(found).toEqual([]);
  });

  test('progress is processor time of any process, old or new', () => {
    const one = (pid: number, used: number, started = '1'): Process => ({
      ...{ pid, parent: 1, used, started, name: 'g++' },
    });
    expect(progress([one(1, 5)], [one(1, 5)])).toBe(0);
    expect(progress([one(1, 5)], [one(1, 7), one(2, 3)])).toBe(5);
    expect(progress([one(1, 5), one(2, 9)], [one(1, 6)])).toBe(1);
    expect(progress([one(1, 5)], [one(1, 2, '8')])).toBe(2);
  });

  test('what waits for ever is killed with everything below it', async () => {
    const child = spawn('bash', ['-c', 'sleep 36000 & echo started; wait']);
    await new Promise((resolve) => child.stdout.once('data', resolve));
    const below = processesBelow(child.pid as number);
    expect(below).toHaveLength(1);
    const said: string[] = [];
    const given = { everyMs: 20, quietChecks: 3, report: (text: string) => said.push(text) };
    // what is looked after is what lies below the bash
    const stop = watch({ ...given, root: child.pid as number });
    const code = await new Promise((resolve) => child.on('exit', resolve));
    stop();
    expect(code).toBe(0);
    expect(said.join()).toMatch(/no progress for 0.06 s, killed: (ba)?s\w+ \(\d+\)/);
  });
});
