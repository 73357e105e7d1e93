import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Random } from '../../generator/base/random.js';
import { writeNpy } from '../../generator/network/formats/npy.js';
import { writeNpz } from '../../generator/network/formats/npz.js';
import { runCli } from '../support/cli.js';

const folder = mkdtempSync(join(tmpdir(), 'hcgs-utterances-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const hcgs = (line: string) =>
  runCli(line.split(' ').map((word) => word.replace('@', `${folder}/`)));

const LENGTHS = [3, 8, 1, 5];
const [INPUTS, LONGEST] = [4, 8];

beforeAll(async () => {
  const shape = '--inputs 4 --hidden 8 --blocks 2 --keep 1/2 --outputs 3';
  expect((await hcgs(`random ${shape} -o @m.safetensors`)).exitCode).toBe(0);
  expect((await hcgs('generate @m.safetensors --macs 4 -o @net')).exitCode).toBe(0);
  const random = new Random(4);
  const clip = (frames: number) => ({
    type: 'int32' as const,
    shape: [frames, INPUTS],
    data: Array.from({ length: frames * INPUTS }, () => random.between(-4096, 4095)),
  });
  const clips = LENGTHS.map(clip);
  const named = new Map(clips.map((one, u) => [`clip ${u}`, one]));
  writeFileSync(join(folder, 'clips.npz'), writeNpz(named));
  // no codes behind the ends
  const rows = clips.flatMap(({ data }) => [
    ...data,
    ...new Array(LONGEST * INPUTS - data.length).fill(2 ** 30),
  ]);
  const padded = { type: 'int32', shape: [LENGTHS.length, LONGEST, INPUTS], data: rows } as const;
  writeFileSync(join(folder, 'padded.npy'), writeNpy(padded));
  writeFileSync(join(folder, 'n.json'), JSON.stringify(LENGTHS));
  writeFileSync(join(folder, 'l.csv'), 'label\n0\n1\n2\n0\n');
});

describe('co-simulation of utterances of different length', () => {
  it.each([
    ['clips.npz', '.npz'],
    ['padded.npy --lengths @n.json', '.npy'],
  ])('%s: outputs, cycles and accuracy are those of the golden model', async (frames, ending) => {
    const given = `--frames @${frames} --labels @l.csv`;
    const golden = await hcgs(`run @m.safetensors ${given} -o @golden${ending} --json`);
    const cosim = await hcgs(`cosim @net ${given} --no-protocol --outputs @y${ending} --json`);
    expect(cosim.exitCode, cosim.stderr).toBe(0);
    const { accuracy } = golden.json() as { accuracy: number };
    const report = cosim.json() as Record<string, unknown>;
    expect(report).toMatchObject({
      frames: 17,
      utterances: 4,
      mismatches: 0,
      accuracy,
      goldenAccuracy: accuracy,
      compared: { outputs: 17 * 3 },
      cyclesPerFrame: report.predictedCyclesPerFrame,
    });
    const bytes = (name: string) => readFileSync(join(folder, `${name}${ending}`));
    expect(bytes('y')).toEqual(bytes('golden'));
  });
});
