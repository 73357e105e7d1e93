import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { coverageOf } from '../../generator/cosim/reached/points.js';
import { runCli } from '../support/cli.js';

/** A line as Verilator writes it. */
function point(file: string, line: number, page: string, o: string, count: number, h = 'TOP.u') {
  const fields = { f: `work/${file}`, l: line, n: 7, t: 'x', page, o, h };
  const key = Object.entries(fields).map(([name, value]) => `\x01${name}\x02${value}`);
  return `C '${key.join('')}' ${count}`;
}

describe('coverage', () => {
  test('is counted by module and kind, a point once for all instances', () => {
    const text = [
      '# SystemC::Coverage-3',
      point('a.v', 3, 'v_line/a', 'block', 0, 'TOP.u0'),
      point('a.v', 3, 'v_line/a', 'block', 5, 'TOP.u1'),
      point('a.v', 3, 'v_line/a', 'block', 0, 'TOP.u2'),
      point('a.v', 4, 'v_branch/a', 'if', 1),
      point('a.v', 4, 'v_branch/a', 'else', 0),
      point('a.v', 9, 'v_toggle/a__pi2', 'w[0]', 0),
      point('b.v', 1, 'v_toggle/b', 'q', 2),
      point('top.v', 1, 'v_line/top', 'block', 0),
    ].join('\n');
    const { modules, ...all } = coverageOf([text], new Set(['a.v', 'b.v']));
    expect(modules).toEqual([
      {
        ...{ module: 'a', line: { covered: 1, points: 1 }, branch: { covered: 1, points: 2 } },
        toggle: { covered: 0, points: 1 },
      },
      {
        ...{ module: 'b', line: { covered: 0, points: 0 }, branch: { covered: 0, points: 0 } },
        toggle: { covered: 1, points: 1 },
      },
    ]);
    expect(all).toEqual({
      ...{ line: { covered: 1, points: 1 }, branch: { covered: 1, points: 2 } },
      toggle: { covered: 1, points: 2 },
    });
  });

  test('of several runs is what any of them reached', () => {
    const runs = [0, 1].map((n) => point('a.v', 3, 'v_line/a', 'block', n));
    expect(coverageOf(runs, new Set(['a.v'])).line).toEqual({ covered: 1, points: 1 });
  });

  test('of another form is not guessed at', () => {
    expect(() => coverageOf(["C 'x' many"], new Set())).toThrow('an unknown line');
  });
});

describe('cosim --coverage', () => {
  const folder = mkdtempSync(join(tmpdir(), 'hcgs-coverage-test-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const at = (name: string) => join(folder, name);
  const cosim = async (...options: string[]) => {
    const outcome = await runCli(['cosim', at('d'), '--random', '4', '--json', ...options]);
    expect(outcome.exitCode).toBe(0);
    return outcome.json();
  };

  test('finds that the protocol pass reaches more than frames alone', async () => {
    const shape = ['--inputs', '4', '--hidden', '8', '--outputs', '2', '-o', at('m.safetensors')];
    await runCli(['random', ...shape, '--quiet']);
    const design = ['--macs', '4', '--name', 'cov', '-o', at('d'), '--quiet'];
    await runCli(['generate', at('m.safetensors'), ...design]);
    const whole = (await cosim('--coverage')).coverage as ReturnType<typeof coverageOf>;
    const frames = (await cosim('--coverage', '--no-protocol')).coverage as typeof whole;
    expect(whole.modules.map(({ module }) => module)).toContain('cov_sequencer');
    expect(whole.modules.every(({ module }) => module.startsWith('cov'))).toBe(true);
    expect(frames.line.points).toBe(whole.line.points);
    expect(frames.branch.covered).toBeLessThan(whole.branch.covered);
    expect(whole.line.covered).toBeGreaterThan(0.95 * whole.line.points);
    expect((await cosim('--no-protocol')).coverage).toBeNull();
  });

  test('goes with the RTL alone', async () => {
    const { stderr, exitCode } = await runCli(['cosim', at('d'), '--coverage', '--inject', '1']);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('--coverage counts in the RTL as it is');
  });
});
