import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { toolVersion } from '../../generator/base/package.js';
import { sha256 } from '../../generator/design/write/hash.js';
import { synthOf } from '../report/support/results.js';
import { runCli } from '../support/cli.js';

const EXAMPLE = 'examples/keyword-spotting';
let folder: string;
const at = (name: string) => join(folder, name);
let hash: string;

/** A result of `cosim` on a model or a design. */
const cosimOf = (hashes: { modelHash: string; designHash: string }) => ({
  ...{ schemaVersion: 1, toolVersion, ok: true, design: 'd', netlist: null, netlistFile: null },
  ...{ simulator: 'verilator', synthesizer: null, seed: 1, stall: 0, gap: 0, pause: 0, frames: 2 },
  ...{ utterances: 1, warmupFrames: 0, comparedValues: 4, mismatches: 0, firstMismatch: null },
  compared: { sums: 1, h: 1, c: 1, outputs: 1 },
  ...{ cyclesPerFrame: 10, predictedCyclesPerFrame: 10, frameCycles: null },
  ...{ predictedFrameCycles: null, latencyCycles: 12, predictedLatencyCycles: 12, emit: 'every' },
  ...{ order: 'frames', maxFrames: null, streams: 1, silentCycles: null },
  ...{ predictedSilentCycles: null, idealCyclesPerFrame: 8, macUtilization: 0.8, complaints: [] },
  saturations: { input: 0, gateInput: 0, cellInput: 0, cell: 0, hidden: 0 },
  ...{
    protocol: null,
    coverage: null,
    waveform: null,
    buildSeconds: 1,
    simSeconds: 1,
    framesPerSecond: 2,
  },
  ...{ simCycles: 30, cyclesPerSecond: 30, accuracy: null, goldenAccuracy: null },
  ...{ outputFractionBits: 12, ...hashes },
});

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hcgs-report-'));
  const shape = ['--inputs', '4', '--hidden', '8', '--outputs', '2', '-o', at('m.safetensors')];
  await runCli(['random', ...shape, '--quiet']);
  const design = ['--macs', '4', '--name', 'tiny', '-o', at('d'), '--quiet'];
  await runCli(['generate', at('m.safetensors'), ...design]);
  hash = JSON.parse(readFileSync(join(at('d'), 'design.json'), 'utf8')).designHash;
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What a report that is refused says, and that it left nothing behind. */
async function refused(...argv: string[]): Promise<Record<string, unknown>> {
  const outcome = await runCli(['report', ...argv, '-o', at('none.html'), '--json', '--quiet']);
  expect(outcome.exitCode).toBe(2);
  expect(existsSync(at('none.html'))).toBe(false);
  return outcome.json().error as Record<string, unknown>;
}

function write(name: string, value: unknown): string {
  writeFileSync(at(name), JSON.stringify(value));
  return at(name);
}

describe('hcgs report', () => {
  test('says what is missing and what brings it', async () => {
    const argv = ['report', at('m.safetensors'), '--macs', '4', '-o', at('r.html'), '--quiet'];
    const { stdout, exitCode } = await runCli([...argv, '--verbose']);
    expect(exitCode).toBe(0);
    expect(stdout).toContain(`report: ${at('r.html')}, `);
    expect(stdout).toContain('not in it: Nothing is on record: --cosim FILE');
    const short = await runCli(argv);
    expect(short.stdout).toMatch(/^9 parts have nothing to show yet: --verbose/m);
  });

  test('takes results of its own design, and of its own model', async () => {
    const modelHash = sha256(readFileSync(at('m.safetensors')));
    const own = write('own.json', cosimOf({ modelHash, designHash: hash }));
    const synth = write('synth.json', synthOf(hash));
    for (const argv of [
      [at('d'), '--cosim', own, '--cosim', own, '--synth', synth],
      [at('m.safetensors'), '--macs', '4', '--cosim', own],
    ]) {
      const outcome = await runCli(['report', ...argv, '-o', at('o.html'), '--quiet']);
      expect(outcome.stderr).toBe('');
      expect(readFileSync(at('o.html'), 'utf8')).toContain(
        'Every value that was compared is equal',
      );
    }
  });

  test('refuses results of another design or model', async () => {
    const other = '0'.repeat(64);
    const cosim = write('other.json', cosimOf({ modelHash: other, designHash: other }));
    const expected = { code: 'OTHER_DESIGN', file: cosim, field: 'designHash', expected: hash };
    expect(await refused(at('d'), '--cosim', cosim)).toMatchObject({ ...expected, got: other });
    const model = [at('m.safetensors'), '--macs', '4'];
    expect(await refused(...model, '--cosim', cosim)).toMatchObject({ field: 'modelHash' });
    const synth = write('other-synth.json', synthOf(other));
    expect(await refused(at('d'), '--synth', synth)).toMatchObject({ code: 'OTHER_DESIGN' });
    expect(await refused(...model, '--synth', synth)).toMatchObject({
      ...{ code: 'BAD_USAGE', field: '--synth' },
    });
  });

  test('refuses what is no result, by name', async () => {
    const cosim = cosimOf({ modelHash: hash, designHash: hash });
    const { frames: _, ...less } = cosim;
    for (const [value, field] of [
      [less, 'frames'],
      [{ ...cosim, more: 1 }, 'the object'],
      [{ ok: false, error: { code: 'X', message: 'it went wrong' } }, 'error'],
      [[], 'the object'],
    ] as const) {
      const file = write('bad.json', value);
      const error = await refused(at('d'), '--cosim', file);
      expect(error).toMatchObject({ code: 'NOT_A_RESULT', file, field });
      expect(error.message).toContain('holds no result of "hcgs cosim --json"');
    }
    writeFileSync(at('torn.json'), '{"ok": tr');
    expect(await refused(at('d'), '--sweep-bits', at('torn.json'))).toMatchObject({
      code: 'JSON_INVALID',
    });
  });

  test('refuses options without what they belong to, before it reads anything', async () => {
    for (const [option, needs] of [
      ['--labels', '--frames'],
      ['--float', '--frames'],
      ['--lengths', '--frames'],
    ] as const) {
      const error = await refused('nowhere', option, 'x');
      expect(error).toMatchObject({ code: 'BAD_USAGE', field: option });
      expect(error.message).toBe(`${option} needs ${needs}`);
    }
    expect(await refused('nowhere', '--frames', 'f', '--map', 'a=b')).toMatchObject({
      message: '--map needs --float',
    });
    const named = await runCli(['report', at('d'), '-o', at('r.pdf')]);
    expect(named.stderr).toContain('-o: expected a name ending in .html');
  });

  test('refuses a float network that is another one', async () => {
    const frames = `${EXAMPLE}/synth_frames.npy`;
    const net = `${EXAMPLE}/V16_q6.safetensors`;
    await runCli(['compress', net, '--calibrate', frames, '-o', at('k.safetensors'), '--quiet']);
    const argv = [at('k.safetensors'), '--macs', '8', '--frames', frames];
    const other = 'examples/tiny/net.safetensors';
    const map = ['--map', 'lstm=encoder.rnn', '--map', 'fc=head'];
    const error = await refused(...argv, '--float', other, ...map);
    expect(error).toMatchObject({ code: 'FLOAT_DIFFERS', file: other });
  });

  test('escapes names, so that a page shows them and nothing else', async () => {
    const name = at('<img src=x onerror=alert(1)>&"\u202e.safetensors');
    writeFileSync(name, readFileSync(at('m.safetensors')));
    await runCli(['report', name, '--macs', '4', '-o', at('esc.html'), '--quiet']);
    const html = readFileSync(at('esc.html'), 'utf8');
    expect(html).not.toContain('<img');
    expect(html).toContain('&lt;img src');
    expect(html.includes('\u202e')).toBe(false);
  });
});

test('--json-file writes what --json prints', async () => {
  const line = ['sweep-bits', `${EXAMPLE}/V16_q6.safetensors`, '--weight-bits', '6'];
  const rest = ['--activation-bits', '10', '--cell-bits', '16', '--calibrate-noise', '1'];
  const outcome = await runCli([
    ...line,
    ...rest,
    '--json',
    '--json-file',
    at('s.json'),
    '--quiet',
  ]);
  expect(readFileSync(at('s.json'), 'utf8')).toBe(outcome.stdout);
});
