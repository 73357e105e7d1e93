import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { schemas } from '../../generator/cli/schemas/schemas.js';
import { readDesign } from '../../generator/design/read/read.js';
import { writeDesign } from '../../generator/design/write/write.js';
import { writeNpy } from '../../generator/network/formats/npy.js';
import { runCli } from '../support/cli.js';

let folder: string;
const at = (...names: readonly string[]) => join(folder, ...names);

async function done(...argv: readonly string[]) {
  const outcome = await runCli([...argv, '--json']);
  expect(outcome.exitCode, outcome.stderr).toBe(0);
  return outcome.json();
}

beforeAll(async () => {
  // here with the flags that users have
  vi.stubEnv('HCGS_TEST_BUILDS', 'plain');
  folder = mkdtempSync(join(tmpdir(), 'hcgs-cosim-'));
  await done(
    ...['random', '--inputs', '6', '--hidden', '7,5', '--blocks', '4', '--keep', '1/2'],
    ...['--outputs', '3', '--seed', '4', '-o', at('model.safetensors')],
  );
  await done('generate', at('model.safetensors'), '--macs', '16', '-o', at('net'));
  const data = Int32Array.from({ length: 4 * 3 * 6 }, (_, i) => ((i * 977) % 8191) - 4095);
  writeFileSync(at('frames.npy'), writeNpy({ type: 'int32', shape: [4, 3, 6], data }));
  const labels = Int32Array.from([0, 1, 2, 1]);
  writeFileSync(at('labels.npy'), writeNpy({ type: 'int32', shape: [4], data: labels }));
});
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

describe('cosim of a generated design', () => {
  it('finds no mismatch and the predicted cycles, and reports as documented', async () => {
    const json = await done('cosim', at('net'), '--random', '14', '--seed', '9');
    schemas.cosim.parse(json);
    expect(json).toMatchObject({
      frames: 14,
      compared: { sums: 14 * 48, c: 14 * 12, h: 14 * 12, outputs: 14 * 3 },
      comparedValues: 14 * 75,
      mismatches: 0,
      firstMismatch: null,
      cyclesPerFrame: json.predictedCyclesPerFrame,
      latencyCycles: json.predictedLatencyCycles,
    });
  });

  it('writes the outputs that the golden model writes, and decides the same', async () => {
    const files = ['--frames', at('frames.npy'), '--labels', at('labels.npy')];
    const hardware = await done('cosim', at('net'), ...files, '--outputs', at('y.npy'));
    const golden = await done('run', at('model.safetensors'), ...files, '-o', at('golden.npy'));
    expect(readFileSync(at('y.npy'))).toEqual(readFileSync(at('golden.npy')));
    expect(hardware.accuracy).toBe(golden.accuracy);
    expect(hardware.goldenAccuracy).toBe(golden.accuracy);
    expect(hardware.utterances).toBe(4);
  });

  it('measures no cycles under stalls', async () => {
    const json = await done('cosim', at('net'), '--random', '9', '--stall', '0.4');
    schemas.cosim.parse(json);
    expect(json).toMatchObject({ mismatches: 0, cyclesPerFrame: null, latencyCycles: null });
    expect(json.macUtilization).toBeNull();
  });

  it('resets in operation and sends wrong frames, unless told not to', async () => {
    const json = schemas.cosim.parse(await done('cosim', at('net'), '--random', '4', '--protocol'));
    expect(json.protocol).toMatchObject({ complaints: [] });
    expect(json.protocol?.resets).toBeGreaterThan(100);
    expect(json.protocol?.wrongFrames).toBeGreaterThan(100);
    const without = await done('cosim', at('net'), '--random', '4', '--no-protocol');
    expect(schemas.cosim.parse(without).protocol).toBeNull();
  });

  it('knows gaps and back-pressure apart', async () => {
    const stalled = async (...options: readonly string[]) =>
      schemas.cosim.parse(await done('cosim', at('net'), '--random', '9', ...options));
    expect(await stalled('--gap', '0.3')).toMatchObject({ stall: null, gap: 0.3, pause: 0 });
    expect(await stalled('--pause', '0.3')).toMatchObject({ stall: null, gap: 0, pause: 0.3 });
    expect(await stalled('--stall', '0.3')).toMatchObject({ stall: 0.3, gap: 0.3, pause: 0.3 });
  });

  it('leaves the design unedited, waveforms included', async () => {
    const json = await done('cosim', at('net'), '--random', '2', '--waves');
    expect(json.waveform).toBe(join(at('net'), 'waves', 'cosim.fst'));
    expect(existsSync(json.waveform as string)).toBe(true);
    await done('cosim', at('net'), '--random', '2');
  });

  it('puts a waveform where the user says, and nothing beside it', async () => {
    mkdirSync(at('looks'));
    const named = at('looks', 'a.fst');
    const linked = at('looks', 'b.fst');
    const directory = at('looks', 'c.fst');
    symlinkSync('elsewhere', linked);
    mkdirSync(directory);
    rmSync(join(at('net'), 'waves'), { recursive: true, force: true });
    for (const [file, words] of [
      [named, ['--waves', named, at('net')]],
      [linked, [`--waves=${linked}`, at('net')]],
    ] as const)
      expect((await done('cosim', '--random', '2', ...words)).waveform).toBe(file);
    const refused = await runCli(['cosim', at('net'), '--waves', directory, '--json']);
    expect(refused.json().error).toMatchObject({ code: 'FILE_IS_DIRECTORY' });
    expect(readdirSync(at('looks')).sort()).toEqual(['a.fst', 'b.fst', 'c.fst', 'elsewhere']);
    // all but the date
    expect(readFileSync(named).length).toBe(readFileSync(at('looks', 'elsewhere')).length);
    expect(existsSync(join(at('net'), 'waves'))).toBe(false);
  });

  it('has the word behind --waves for its file only when it is called like one', async () => {
    const bad = await runCli(['cosim', at('net'), '--waves', 'net.vcd', '--json']);
    expect(bad.json().error).toMatchObject({ code: 'BAD_OPTION_VALUE', field: '--waves' });
    const none = await runCli(['cosim', '--waves', at('none'), '--json']);
    expect(none.json().error).toMatchObject({ code: 'NOT_A_DESIGN', file: at('none') });
  });

  it('calls a full disk by its name, also where the waveform meets it', async (context) => {
    const disk = at('disk');
    mkdirSync(disk);
    // room for the design, none for the waveform
    if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', disk]).status !== 0) {
      return context.skip();
    }
    try {
      cpSync(at('net'), join(disk, 'net'), { recursive: true });
      rmSync(join(disk, 'net/waves'), { recursive: true, force: true });
      spawnSync('dd', ['if=/dev/zero', `of=${join(disk, 'fill')}`, 'bs=4k']);
      const outcome = await runCli([
        'cosim',
        join(disk, 'net'),
        '--random',
        '2',
        '--waves',
        '--json',
      ]);
      expect(outcome.exitCode, outcome.stderr).toBe(2);
      expect(outcome.json().error).toMatchObject({ code: 'DISK_FULL' });
      expect(readdirSync(join(disk, 'net/waves'))).toEqual([]);
    } finally {
      spawnSync('umount', [disk]);
    }
  });

  it('finds a fault of the top module around the core', async () => {
    const { manifest, files } = readDesign(at('net'));
    const top = Buffer.from(files.get('rtl/net.v') as Uint8Array).toString();
    const crossed = top.replace(/(\.m_axis_tlast +)\(m_axis_tlast\)/, '$1(busy)');
    expect(crossed).not.toBe(top);
    const changed = new Map<string, string | Uint8Array>([...files, ['rtl/net.v', crossed]]);
    await writeDesign(at('crossed'), manifest, changed);
    const outcome = await runCli(['cosim', at('crossed'), '--random', '4', '--trust', '--json']);
    expect(outcome.exitCode, outcome.stderr).toBe(1);
    expect(schemas.cosim.parse(outcome.json()).mismatches).toBeGreaterThan(0);
  });

  it('ends with exit code 1 and the first mismatch when a memory image is wrong', async () => {
    const { manifest, files } = readDesign(at('net'));
    const bias = Buffer.from(files.get('mem/net_bias.mem') as Uint8Array).toString();
    const flipped = bias.replace(/[0-9a-f](?=\n|$)/, (digit) => (digit === '7' ? '6' : '7'));
    expect(flipped).not.toBe(bias);
    const changed = new Map<string, string | Uint8Array>([...files, ['mem/net_bias.mem', flipped]]);
    await writeDesign(at('wrong'), manifest, changed);

    const { exitCode, ...outcome } = await runCli([
      ...['cosim', at('wrong'), '--random', '4', '--trust', '--junit', at('report.xml'), '--json'],
    ]);
    const json = schemas.cosim.parse(outcome.json());
    expect(exitCode).toBe(1);
    expect(json.ok).toBe(false);
    expect(json.mismatches).toBeGreaterThan(0);
    expect(json.firstMismatch).toMatchObject({ frame: 0, layer: 0, tensor: 'sums' });
    expect(existsSync(json.waveform as string)).toBe(true);
    expect(readFileSync(at('report.xml'), 'utf8')).toMatch(/name="layer 0 sums">\s*<failure/);

    const text = await runCli(['cosim', at('wrong'), '--random', '4', '--trust']);
    expect(text.exitCode).toBe(1);
    expect(text.stdout).toMatch(/first mismatch: frame 0, layer 0, row \d+, sum of gate/);
  });

  it('ends with exit code 1 and a waveform of what only a reset in operation shows', async () => {
    const { manifest, files } = readDesign(at('net'));
    const file = 'rtl/net_frame_input.v';
    const verilog = Buffer.from(files.get(file) as Uint8Array).toString();
    const changed = verilog.replace("pending <= 1'b1;", '');
    expect(changed).not.toBe(verilog);
    await writeDesign(
      at('lost'),
      manifest,
      new Map<string, string | Uint8Array>([...files, [file, changed]]),
    );

    const { exitCode, ...outcome } = await runCli([
      ...['cosim', at('lost'), '--trust', '--junit', at('lost.xml'), '--json'],
    ]);
    const json = schemas.cosim.parse(outcome.json());
    expect(exitCode).toBe(1);
    expect(json).toMatchObject({ ok: false, mismatches: 0, complaints: [] });
    const first = json.protocol?.complaints[0] as string;
    expect(first).toMatch(
      /^life \d+ \(.*\) after (the first reset|rst for .*): frame 0, layer \d, row 0, .*: expected -?\d+, got -?\d+ \(cycle \d+\)$/,
    );
    expect(existsSync(json.waveform as string)).toBe(true);
    const report = readFileSync(at('lost.xml'), 'utf8');
    expect(report).toMatch(/name="protocol">\s*<failure message="life \d+/);
  });
});
