import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCommand } from '../../generator/cli/run/run.js';
import { run as schema } from '../../generator/cli/schemas/models.js';
import { FloatNetwork } from '../../generator/network/float/run.js';
import { readNpy, writeNpy } from '../../generator/network/formats/npy.js';
import { importNetwork } from '../../generator/network/import/import.js';
import { runCli } from '../support/cli.js';

const folder = mkdtempSync(join(tmpdir(), 'hcgs-float-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const NET = 'examples/keyword-spotting/V16_q6.safetensors';
const hcgs = (line: string) =>
  runCli(
    line.split(' ').map((word) => word.replace('@', `${folder}/`)),
    [runCommand],
  );

describe('hcgs run --float', () => {
  const frames = readNpy(readFileSync('examples/keyword-spotting/synth_frames.npy'), 'f');
  const [utterances = 0, length = 0, inputs = 0] = frames.shape;

  beforeAll(() => {
    const codes = {
      type: 'int32',
      shape: [2, inputs],
      data: new Float64Array(2 * inputs),
    } as const;
    writeFileSync(join(folder, 'codes.npy'), writeNpy(codes));
  });

  it('gives what the network computes in every frame, each utterance from its start', async () => {
    const data = '--frames examples/keyword-spotting/synth_frames.npy';
    const { exitCode, json } = await hcgs(`run ${NET} --float ${data} -o @y.npy --json`);
    expect(exitCode).toBe(0);
    schema.parse(json());
    expect(json()).toMatchObject({ outputFractionBits: null, saturations: null, utterances });
    const y = readNpy(readFileSync(join(folder, 'y.npy')), 'y');
    const network = new FloatNetwork(importNetwork(readFileSync(NET), NET).model);
    const width = y.shape[2] as number;
    expect(y).toMatchObject({ type: 'float32', shape: [utterances, length, width] });
    for (const u of [0, utterances - 1]) {
      network.reset();
      for (let t = 0; t < length; t++) {
        const at = u * length + t;
        const own = network.step(frames.data.subarray(at * inputs, (at + 1) * inputs)).outputs;
        expect([...y.data.subarray(at * width, (at + 1) * width)]).toEqual(
          [...own].map(Math.fround),
        );
      }
    }
  });

  it.each([
    ['--float --frames @codes.npy', 'CALIBRATION_TYPE', 'descr'],
    ['--float --frames @codes.npy --states @s.npz', 'BAD_USAGE', '--states'],
    ['--frames @codes.npy --map fc=none', 'BAD_USAGE', '--map'],
  ])('refuses %s: %s', async (options, code, field) => {
    const { exitCode, json } = await hcgs(`run ${NET} ${options} --json`);
    expect(exitCode).toBe(2);
    expect(json()).toMatchObject({ error: { code, field } });
  });
});
