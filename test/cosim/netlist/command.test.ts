import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { schemas } from '../../../generator/cli/schemas/schemas.js';
import { writeNpy } from '../../../generator/network/formats/npy.js';
import { runCli } from '../../support/cli.js';

let folder: string;
const at = (name: string) => join(folder, name);
const cosim = (...args: readonly string[]) => runCli(['cosim', at('net'), '--json', ...args]);

async function done(...argv: readonly string[]) {
  const outcome = await runCli([...argv, '--json']);
  expect(outcome.exitCode, outcome.stderr).toBe(0);
  return outcome.json();
}

describe('cosim --netlist', () => {
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'hcgs-netlist-'));
    await done(
      ...['random', '--inputs', '3', '--hidden', '3', '--blocks', '2', '--keep', '1/2'],
      ...['--weight-bits', '3', '--activation-bits', '5', '--cell-bits', '8', '--bias-bits', '5'],
      ...['-o', at('model.safetensors')],
    );
    await done('generate', at('model.safetensors'), '--macs', '4', '-o', at('net'));
    const data = Int32Array.from({ length: 4 * 3 * 3 }, (_, i) => ((i * 7) % 31) - 15);
    writeFileSync(at('frames.npy'), writeNpy({ type: 'int32', shape: [4, 3, 3], data }));
    const labels = Int32Array.from([0, 1, 2, 1]);
    writeFileSync(at('labels.npy'), writeNpy({ type: 'int32', shape: [4], data: labels }));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it.each(['ecp5', 'ice40', 'generic'])(
    'the netlist for %s computes the network',
    async (target) => {
      const { exitCode, stderr, json } = await cosim('--netlist', target, '--random', '14');
      expect(exitCode, stderr).toBe(0);
      const report = schemas.cosim.parse(json());
      expect(report).toMatchObject({
        netlist: target,
        netlistFile: at(`net/flow/build/${target}/net.v`),
        synthesizer: expect.stringMatching(/^yosys \d/),
        compared: { sums: 0, c: 0, h: 0, outputs: 14 * 3 },
        comparedValues: 14 * 3,
        mismatches: 0,
        cyclesPerFrame: report.predictedCyclesPerFrame,
        latencyCycles: report.predictedLatencyCycles,
      });
    },
  );

  it('every product of the netlist for ecp5 is in a multiplier with its register', () => {
    const netlist = readFileSync(at('net/flow/build/ecp5/net.v'), 'utf8');
    const multipliers = netlist.match(/^ {2}MULT18X18D #\([\s\S]*?\) /gm) ?? [];
    expect(multipliers).toHaveLength(4 + 3);
    for (const cell of multipliers) expect(cell).toContain('.REG_OUTPUT_CLK("CLK0")');
  });

  it('takes frames, labels and stalls, and writes outputs and a JUnit report', async () => {
    const files = ['--frames', at('frames.npy'), '--labels', at('labels.npy')];
    const golden = await done('run', at('model.safetensors'), ...files, '-o', at('golden.npy'));
    const json = await done(
      ...['cosim', at('net'), '--netlist', 'generic', ...files, '--stall', '0.3'],
      ...['--outputs', at('y.npy'), '--junit', at('report.xml')],
    );
    expect(json).toMatchObject({ accuracy: golden.accuracy, cyclesPerFrame: null, utterances: 4 });
    expect(readFileSync(at('y.npy'))).toEqual(readFileSync(at('golden.npy')));
    const report = readFileSync(at('report.xml'), 'utf8');
    expect(report).toContain('<testsuite name="net.generic" tests="3" failures="0"');
  });

  it('one wrong LUT is found: frame, output, both values, exit code 1', async () => {
    const file = at('net/flow/build/ecp5/net.v');
    const netlist = readFileSync(file, 'utf8');
    // a LUT of the cell update
    const lut = /(LUT4 #\(\s*\.INIT\(16'h)([0-9a-f]{4})(\)\s*\) \\\S*u_lane)/;
    expect(netlist).toMatch(lut);
    const inverted = (hex: string) => (Number.parseInt(hex, 16) ^ 0xffff).toString(16);
    writeFileSync(
      file,
      netlist.replace(lut, (_, head, init, tail) => head + inverted(init).padStart(4, '0') + tail),
    );
    const { exitCode, json } = await cosim('--netlist', 'ecp5', '--random', '14', '--trust');
    expect(exitCode).toBe(1);
    const report = schemas.cosim.parse(json());
    expect(report.mismatches).toBeGreaterThan(0);
    expect(report.firstMismatch).toMatchObject({ tensor: 'outputs', layer: null, registers: [] });
    expect(report.firstMismatch?.expected).not.toBe(report.firstMismatch?.actual);
    expect(report.waveform).toBeNull();
  });
});
