import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Random } from '../../generator/base/random.js';
import { compressCommand } from '../../generator/cli/compress/compress.js';
import { runCommand } from '../../generator/cli/run/run.js';
import { sweepBits } from '../../generator/cli/schemas/sweep-bits.js';
import type { SweepReport } from '../../generator/cli/sweep-bits/report.js';
import { sweepBitsCommand } from '../../generator/cli/sweep-bits/sweep-bits.js';
import { encodeElements } from '../../generator/network/formats/elements.js';
import { readNpy, writeNpy } from '../../generator/network/formats/npy.js';
import { type Tensor, writeSafetensors } from '../../generator/network/formats/safetensors.js';
import { runCli } from '../support/cli.js';

const folder = mkdtempSync(join(tmpdir(), 'hcgs-sweep-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const at = (name: string) => join(folder, name);
const table = [sweepBitsCommand, compressCommand, runCommand];
const hcgs = (line: string) =>
  runCli(
    line.split(' ').map((word) => word.replace('@', `${folder}/`)),
    table,
  );

const example = 'examples/keyword-spotting';
const KEYWORDS = `${example}/V16_q6.safetensors --calibrate ${example}/synth_frames.npy --cell-bits 16`;
const LABELS = `${example}/synth_labels.npy`;

/** A dense network with 4 inputs, 8 cells and 3 outputs; weights that no short word holds. */
function floatNetwork(name: string, scale = 1): void {
  const random = new Random(7);
  const tensor = (shape: number[]): Tensor => {
    const length = shape.reduce((a, b) => a * b, 1);
    const values = Float64Array.from({ length }, () => scale * (2 * random.unit() - 1));
    return { dtype: 'F32', shape, bytes: encodeElements('float32', values) };
  };
  const tensors = new Map([
    ['lstm.weight_ih_l0', tensor([32, 4])],
    ['lstm.weight_hh_l0', tensor([32, 8])],
    ['fc.weight', tensor([3, 8])],
    ['fc.bias', { dtype: 'F32', shape: [3], bytes: new Uint8Array(12) } as Tensor],
  ]);
  writeFileSync(at(name), writeSafetensors({ metadata: {}, tensors }));
}

function frames(name: string, shape: number[], type: 'float32' | 'int32' = 'float32'): void {
  const random = new Random(3);
  const length = shape.reduce((a, b) => a * b, 1);
  const value = () => (type === 'int32' ? random.below(100) : 2 * random.unit() - 1);
  const data = Float64Array.from({ length }, value);
  writeFileSync(at(name), writeNpy({ type, shape, data }));
}

async function sweep(line: string): Promise<SweepReport> {
  const outcome = await hcgs(`sweep-bits ${line} --json --quiet`);
  expect(outcome.stderr).toBe('');
  expect(outcome.exitCode).toBe(0);
  sweepBits.parse(outcome.json());
  return outcome.json() as unknown as SweepReport;
}

beforeAll(() => {
  floatNetwork('n.safetensors');
  frames('f.npy', [5, 6, 4]);
  writeFileSync(at('l.npy'), writeNpy({ type: 'int32', shape: [5], data: [0, 1, 2, 1, 0] }));
});

describe('hcgs sweep-bits on a keyword network', () => {
  let report: SweepReport;
  beforeAll(async () => {
    report = await sweep(
      `${KEYWORDS} --labels ${LABELS} --weight-bits 4-7 --activation-bits 8-10 --csv @k.csv --plot @k.svg`,
    );
  });

  const point = (weight: number, activation: number) => {
    const found = report.points.find(
      (p) => p.weightBits === weight && p.activationBits === activation,
    );
    if (found === undefined) throw new Error(`no point ${weight}/${activation}`);
    return found;
  };

  it('has a point for every pair of word lengths', () => {
    const pairs = [4, 5, 6, 7].flatMap((w) => [8, 9, 10].map((a) => [w, a]));
    expect(report.points.map((p) => [p.weightBits, p.activationBits])).toEqual(pairs);
  });

  it('shows less error with more bits, and none from bits that the weights do not need', () => {
    for (const activation of [8, 9, 10]) {
      const errors = [4, 5, 6].map((w) => point(w, activation).rmsError);
      expect(errors).toEqual([...errors].sort((a, b) => b - a));
      expect(errors[0]).toBeGreaterThan(2 * (errors[2] as number));
      // the weights of this network were trained in 6 bits
      expect(point(7, activation).rmsError).toBe(point(6, activation).rmsError);
    }
    expect(point(6, 8).rmsError).toBeGreaterThan(2 * point(6, 10).rmsError);
    expect(point(4, 8).accuracy).toBeLessThan(point(6, 10).accuracy as number);
    expect(point(6, 10).accuracy).toBe(report.float.accuracy);
  });

  it('gives what compress and run give for the same word lengths', async () => {
    const { points, float } = report;
    for (const { weightBits, activationBits, correct, accuracy, rmsError, ...rest } of [
      points[0] as (typeof points)[number],
      point(5, 9),
    ]) {
      const words = `--weight-bits ${weightBits} --activation-bits ${activationBits}`;
      const compressed = await hcgs(`compress ${KEYWORDS} ${words} -o @one.safetensors --json`);
      expect(compressed.json().outputError).toMatchObject({
        rms: rmsError,
        relativeRms: rest.relativeError,
        referenceRms: float.rms,
      });
      const data = `--frames ${example}/synth_frames.npy --labels ${LABELS}`;
      const run = await hcgs(`run @one.safetensors ${data} --json`);
      expect(run.json()).toMatchObject({ correct, accuracy });
    }
  });

  it('writes a table with the numbers of the JSON object', () => {
    const [head, ...lines] = readFileSync(at('k.csv'), 'utf8').trimEnd().split('\r\n');
    const names = (head as string).split(',');
    const rows = lines.map((line) =>
      Object.fromEntries(line.split(',').map((value, i) => [names[i], Number(value)])),
    );
    expect(rows).toEqual(report.points);
  });

  it('draws every point, in accuracy and in error, and frames the smallest ones', () => {
    const svg = readFileSync(at('k.svg'), 'utf8');
    const texts = [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map((match) => match[1]);
    const { points, smallest } = report;
    const accuracies = points.map((p) => (100 * (p.accuracy as number)).toFixed(1));
    const errors = points.map((p) => (100 * (p.relativeError as number)).toPrecision(3));
    const start = texts.indexOf(accuracies[0] as string);
    expect(texts.slice(start, start + points.length)).toEqual(accuracies);
    const other = texts.indexOf(errors[0] as string);
    expect(texts.slice(other, other + points.length)).toEqual(errors);
    expect(texts).toContain('Word lengths of V16_q6');
    expect(texts).toContain('accuracy, % of the utterances (float 100.0)');
    expect(smallest.length).toBeGreaterThan(0);
    expect(svg.match(/stroke-width="2.5"/g)).toHaveLength(2 * smallest.length);
  });
});

describe('hcgs sweep-bits', () => {
  const DENSE = '@n.safetensors --calibrate @f.npy --dense --cell-bits 16';

  it('shows the error as a table where there are no labels, and the same bytes each time', async () => {
    const line = `sweep-bits ${DENSE} --weight-bits 4-5 --activation-bits 9-11`;
    const first = await hcgs(`${line} --plot @a.svg --csv @a.csv`);
    await hcgs(`${line} --plot @b.svg --csv @b.csv`);
    expect(first.exitCode).toBe(0);
    expect(first.stdout).toMatch(
      /weights \\ activations +9 +10 +11\n4( +\d[\d.]*){3}\n5( +\d[\d.]*){3}\n/,
    );
    expect(first.stdout).not.toContain('accuracy');
    for (const kind of ['svg', 'csv']) {
      expect(readFileSync(at(`a.${kind}`))).toEqual(readFileSync(at(`b.${kind}`)));
    }
    expect(readFileSync(at('a.csv'), 'utf8')).toMatch(/^4,9,16,[\d.]+,[\d.]+,,\r$/m);
  });

  it('names the smallest pairs within a distance, none of them larger than another', async () => {
    const line = `${DENSE} --weight-bits 3-12 --activation-bits 6-14`;
    const { points, smallest } = await sweep(`${line} --within 2`);
    const close = points.filter((p) => 100 * (p.relativeError as number) <= 2);
    expect(smallest.length).toBeGreaterThan(0);
    for (const p of close) {
      const below = smallest.filter(
        (s) => s.weightBits <= p.weightBits && s.activationBits <= p.activationBits,
      );
      expect(below.length).toBeGreaterThan(0);
    }
    for (const s of smallest) {
      const covered = smallest.filter(
        (other) => other.weightBits <= s.weightBits && other.activationBits <= s.activationBits,
      );
      expect(covered).toEqual([s]);
      expect(close).toContainEqual(expect.objectContaining(s));
    }
    const none = await hcgs(`sweep-bits ${line} --within 0`);
    expect(none.stdout).toContain('no word lengths of these have an error of at most 0 %');
  });

  it('varies c, in steps, and says where the best lies on the edge of a range', async () => {
    const line = '@n.safetensors --calibrate @f.npy --dense --weight-bits 12 --activation-bits 14';
    const report = await sweep(`${line} --cell-bits 8-12/2 --within 100`);
    expect(report.cellBits).toEqual([8, 10, 12]);
    expect(report.points.map((p) => p.cellBits)).toEqual([8, 10, 12]);
    const errors = report.points.map((p) => p.relativeError as number);
    expect(errors).toEqual([...errors].sort((a, b) => b - a));
    expect(report.smallest).toEqual([{ weightBits: 12, activationBits: 14, cellBits: 8 }]);
    // 8 bits of c are the fewest that there are: nothing lies beyond
    expect(report.edges.map((edge) => /--\w+-bits/.exec(edge)?.[0])).toEqual([
      '--weight-bits',
      '--weight-bits',
      '--activation-bits',
      '--activation-bits',
    ]);
    const none = await sweep(`${line} --cell-bits 8-10 --within 0`);
    expect(none.edges.join()).toMatch(/the best of these lie at 10 bits of c, the most that/);
    const { stdout } = await hcgs(`sweep-bits ${line} --cell-bits 8-10 --within 0 --plot @c.svg`);
    expect(stdout).toContain('the best of these lie at 10 bits of c');
    expect(stdout.match(/in % of the float outputs, c of \d+ bits/g)).toHaveLength(3);
    expect(readFileSync(at('c.svg'), 'utf8').match(/c of \d+ bits</g)).toHaveLength(3);
  });

  it('takes one word length, chosen patterns and labels', async () => {
    const line = '@n.safetensors --calibrate @f.npy --labels @l.npy --weight-bits 6 --cell-bits 16';
    const pattern = '--select magnitude --blocks 4,2 --keep 1/2,1/2';
    const { points, float } = await sweep(`${line} --activation-bits 13 ${pattern}`);
    expect(points).toHaveLength(1);
    expect(points[0]).toMatchObject({ weightBits: 6, activationBits: 13 });
    const data = '--calibrate @f.npy --labels @l.npy --weight-bits 6 --activation-bits 13';
    const compress = `compress @n.safetensors ${data} ${pattern} -o @chosen.safetensors --json`;
    const { outputError, correct } = (await hcgs(compress)).json() as {
      outputError: { rms: number };
      correct: { quantised: number; float: number };
    };
    expect(points[0]).toMatchObject({ rmsError: outputError.rms, correct: correct.quantised });
    expect(float.correct).toBe(correct.float);
    expect(float.accuracy).toBe((float.correct as number) / 5);
  });

  it('keeps the float reference when all outputs are zero', async () => {
    const zero = readNpy(readFileSync(at('f.npy')), 'f');
    writeFileSync(
      at('zero.npy'),
      writeNpy({ ...zero, type: 'float32', data: zero.data.map(() => 0) }),
    );
    const { points, float, smallest } = await sweep(
      '@n.safetensors --calibrate @zero.npy --dense --weight-bits 6 --activation-bits 8-9 --cell-bits 16 --plot @z.svg',
    );
    expect(float.rms).toBe(0);
    expect(points.map((p) => p.relativeError)).toEqual([null, null]);
    expect(smallest).toEqual([]);
  });

  it('says at which word lengths a format could not be had', async () => {
    floatNetwork('tiny.safetensors', 2 ** -29);
    const line = 'sweep-bits @tiny.safetensors --calibrate @f.npy --dense --weight-bits 2-8';
    const { exitCode, json } = await hcgs(`${line} --activation-bits 9 --json`);
    expect(exitCode).toBe(2);
    const { error } = json() as { error: Record<string, string> };
    expect(error).toMatchObject({ code: 'QUANTISE_RANGE', field: 'lstm.weight_ih_l0' });
    expect(error.message).toMatch(
      /with weights of [3-8], activations of 9 and c of (16|20|24) bits$/,
    );
  });

  it.each([
    [`${DENSE} --weight-bits 1-4`, 'BAD_OPTION_VALUE', '--weight-bits'],
    [`${DENSE} --weight-bits 8-4`, 'BAD_OPTION_VALUE', '--weight-bits'],
    [`${DENSE} --activation-bits 8-17`, 'BAD_OPTION_VALUE', '--activation-bits'],
    ['@n.safetensors --calibrate @f.npy --cell-bits 16-24/0', 'BAD_OPTION_VALUE', '--cell-bits'],
    ['@n.safetensors --calibrate @f.npy --cell-bits 16-25', 'BAD_OPTION_VALUE', '--cell-bits'],
    [`${DENSE} --activation-bits 8,9`, 'BAD_OPTION_VALUE', '--activation-bits'],
    [`${DENSE} --within -1`, 'BAD_OPTION_VALUE', '--within'],
    [`${DENSE} --plot @p.png`, 'BAD_OPTION_VALUE', '--plot'],
    [`${DENSE} --csv @n.safetensors`, 'OUTPUT_IS_INPUT', '--csv'],
    [`${DENSE} --csv @p.svg --plot @p.svg`, 'OUTPUT_IS_INPUT', '--plot'],
    [`${DENSE} --labels @f.npy`, 'LABELS_SHAPE', 'shape'],
    ['@n.safetensors --dense', 'MISSING_ARGUMENT', '--calibrate'],
    ['@n.safetensors --calibrate @i.npy --dense', 'CALIBRATION_TYPE', 'descr'],
    ['@n.safetensors --calibrate @wide.npy --dense', 'FRAMES_WIDTH', 'shape'],
    ['@missing.safetensors --calibrate @f.npy', 'FILE_MISSING', null],
  ])('refuses %s: %s', async (line, code, field) => {
    frames('i.npy', [5, 6, 4], 'int32');
    frames('wide.npy', [5, 6, 5]);
    const { exitCode, json } = await hcgs(`sweep-bits ${line} --json`);
    expect(exitCode).toBe(2);
    expect(json()).toMatchObject({ ok: false, error: { code, field } });
    for (const name of ['p.png', 'p.svg']) expect(existsSync(at(name))).toBe(false);
  });
});
