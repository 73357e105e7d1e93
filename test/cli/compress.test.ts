import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { planDesign } from '../../generator/accelerator/index.js';
import { readModel } from '../../generator/network/compressed-model.js';
import { readNpy, writeNpy } from '../../generator/network/formats/npy.js';
import { type Outcome, runCli } from '../support/cli.js';

const folder = mkdtempSync(join(tmpdir(), 'hcgs-compress-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const example = 'examples/keyword-spotting';
const at = (name: string) => join(folder, name);

/** Compresses the bundled network as `name`. */
const compress = (name: string, ...options: string[]): Promise<Outcome> =>
  runCli(['compress', `${example}/V16_q6.safetensors`, '-o', at(name), ...options]);

/** The first utterances of the bundled frames and labels. */
const UTTERANCES = 6;
const first = (name: string): string => {
  const { type, shape, data } = readNpy(readFileSync(`${example}/${name}`), name);
  const [all = 1, ...rest] = shape;
  const size = UTTERANCES * (data.length / all);
  const kind = type === 'float32' ? 'float32' : 'int32';
  const array = { type: kind, shape: [UTTERANCES, ...rest], data: data.slice(0, size) } as const;
  writeFileSync(at(name), writeNpy(array));
  return at(name);
};
const FRAMES = ['--calibrate', first('synth_frames.npy')];
const LABELS = ['--labels', first('synth_labels.npy')];
const COUNT = UTTERANCES * 25;

let files = 0;
function config(text: string): readonly string[] {
  const file = at(`config-${files++}.ts`);
  writeFileSync(
    file,
    `import type { CompressConfig } from 'hcgs';\nexport default ${text} satisfies CompressConfig;\n`,
  );
  return ['--config', file];
}

interface Report {
  readonly words: Record<string, number>;
  readonly inputFraction: number;
  readonly cells: { readonly fraction: number }[];
  readonly tensors: {
    readonly name: string;
    readonly fraction: number;
    readonly saturated: number;
  }[];
  readonly calibration: {
    readonly saturations: Record<string, number>;
    readonly layers: Record<string, number>[];
  };
  readonly accumulators: {
    readonly bits: number;
    readonly sums: { readonly sum: string; readonly bits: number; readonly margin: number }[];
  };
}

async function report(name: string, ...options: string[]): Promise<Report> {
  const outcome = await compress(name, '--json', '--quiet', ...options);
  expect(outcome.stderr).toBe('');
  expect(outcome.exitCode).toBe(0);
  return outcome.json() as unknown as Report;
}

async function failure(...options: string[]) {
  const outcome = await compress('never.safetensors', '--json', ...options);
  expect(outcome.exitCode).toBe(2);
  expect(existsSync(at('never.safetensors'))).toBe(false);
  return (outcome.json() as { error: Record<string, unknown> }).error;
}

describe('what compress reports about the golden model', () => {
  it('is the accuracy and the error of the outputs against float', async () => {
    expect(await report('a.safetensors', ...FRAMES, ...LABELS)).toMatchObject({
      correct: { utterances: 6, float: 6, quantised: 6 },
      outputError: { relativeRms: expect.closeTo(0.002, 2), referenceRms: expect.any(Number) },
    });
    const { stdout } = await compress('a.safetensors', ...FRAMES, ...LABELS);
    expect(stdout).toMatch(
      /^outputs against float on 150 frames: r\.m\.s\. error .* \(0\.\d+ %\)/m,
    );
    expect(stdout).toMatch(
      /^accuracy on 6 utterances: float 6 \(100\.0 %\), quantised 6 \(100\.0 %\)$/m,
    );
  });

  it('has no accuracy without labels', async () => {
    expect(await report('a.safetensors', ...FRAMES)).toMatchObject({ correct: null });
    expect((await compress('a.safetensors', ...FRAMES)).stdout).not.toContain('accuracy');
  });

  it('is what each layer clamped, adding up to the totals', async () => {
    const formats = config('{ layers: [{}, { cellFraction: 15 }], inputFraction: 12 }');
    const { calibration, tensors } = await report('a.safetensors', ...FRAMES, ...formats);
    const { layers, saturations } = calibration;
    expect(layers).toHaveLength(2);
    expect(layers[0]).toMatchObject({ gateSums: 4 * 128 * COUNT, cells: 128 * COUNT, cell: 0 });
    expect(layers[1]?.cell).toBeGreaterThan(0);
    for (const kind of ['gateInput', 'cellInput', 'cell', 'hidden']) {
      const sum = layers.reduce((total, layer) => total + (layer[kind] as number), 0);
      expect([kind, saturations[kind]]).toEqual([kind, sum]);
    }
    expect(saturations.input).toBeGreaterThan(0);
    expect(tensors[0]).toMatchObject({ name: 'x', fraction: 12, saturated: saturations.input });
  });

  it('is the accumulator of a design for this model', async () => {
    const { accumulators } = await report('a.safetensors', ...FRAMES);
    const model = await readModel(at('a.safetensors'));
    const { configuration } = planDesign(model, { name: 'dut', macs: 8, headroom: 0 });
    expect(accumulators.bits).toBe(configuration.accumulatorBits);
    const aligned = accumulators.sums.filter(({ sum }) => sum === 'aligned');
    expect(Math.max(...aligned.map(({ bits }) => bits))).toBe(configuration.sumBits);
    expect(accumulators.sums.map(({ sum }) => sum).join()).toBe(
      'x,h,aligned,x,h,aligned,x,aligned',
    );
    for (const { margin } of accumulators.sums) expect(margin).toBeGreaterThanOrEqual(0);
  });
});

describe('the configuration of compress', () => {
  it('gives words, ranges and binary points; options override it', async () => {
    const options = config(`{
      words: { weight: 8, activation: 12, cell: 15, bias: 14 },
      range: 50,
      layers: [{ xExponent: 5, biasFraction: 9, cellFraction: 8 }],
      output: { exponent: 3 },
    }`);
    const file = await report('a.safetensors', ...FRAMES, ...options);
    expect(file.words).toEqual({ weight: 8, activation: 12, cell: 15, bias: 14 });
    const point = (of: Report, name: string) => of.tensors.find((t) => t.name === name)?.fraction;
    expect(['lstm.weight_ih_l0', 'lstm.bias_l0', 'fc.weight'].map((n) => point(file, n))).toEqual([
      5, 9, 3,
    ]);
    expect(file.cells[0]?.fraction).toBe(8);
    const bits = '--weight-bits 7 --activation-bits 13 --cell-bits 17 --bias-bits 18';
    const given = [...bits.split(' '), '--range', 'max'];
    const over = await report('b.safetensors', ...FRAMES, ...options, ...given);
    expect(over.words).toEqual({ weight: 7, activation: 13, cell: 17, bias: 18 });
    expect(file.calibration.saturations.input).toBeGreaterThan(0);
    expect(over.calibration.saturations.input).toBe(0);
    expect(point(over, 'fc.weight')).toBe(3);
  });

  it('is the same as the options it stands for', async () => {
    await report('a.safetensors', ...FRAMES, ...config('{ words: { cell: 14 }, range: 98.5 }'));
    await report('b.safetensors', ...FRAMES, '--cell-bits', '14', '--range', '98.5');
    expect(readFileSync(at('a.safetensors'))).toEqual(readFileSync(at('b.safetensors')));
  });

  it.each([
    [
      '{ layers: [{}, { cellFraction: 2.5 }] }',
      'layers.1.cellFraction',
      'a whole number, -32 to 32',
      2.5,
    ],
    [
      '{ weightRange: 101 }',
      'weightRange',
      'least-squares, max or a percentage above 0, at most 100',
      101,
    ],
  ])('with %s is refused', async (text, field, expected, got) => {
    const [option, file] = config(text) as [string, string];
    const error = await failure(...FRAMES, option, file);
    expect(error).toMatchObject({ code: 'CONFIG_VALUE', file, field, expected, got });
    expect(error.message).toBe(`${file}: ${field}: expected ${expected}, got ${got}`);
  });

  it('with more layers than the network is refused, naming the file', async () => {
    const [option, file] = config('{ layers: [{}, {}, {}] }') as [string, string];
    expect(await failure(...FRAMES, option, file)).toMatchObject({
      code: 'FORMAT_LAYERS',
      file,
      field: 'layers',
      got: 3,
    });
  });

  it('of another kind is a type error with its line', async () => {
    const [option, file] = config('{\n  macs: 64,\n}') as [string, string];
    const error = await failure(...FRAMES, option, file);
    expect(error.code).toBe('CONFIG_TYPES');
    expect(error.message).toContain(`${file}:3: `);
    expect(error.message).toContain('CompressConfig');
  });
});

describe('a calibration without frames', () => {
  it('takes noise, says so, and is the same every time', async () => {
    const noise = ['--calibrate-noise', '0.5'];
    const json = await report('a.safetensors', ...noise);
    expect(json).toMatchObject({
      calibration: { file: null, noise: 0.5, utterances: 8, frames: 256 },
      notes: [
        expect.stringContaining('the output layer is fc.weight'),
        expect.stringMatching(/noise with standard deviation 0\.5.*may clip/),
      ],
    });
    const { stdout } = await compress('b.safetensors', ...noise);
    expect(stdout).toMatch(/^note: .*noise.*may clip on real data$/m);
    expect(readFileSync(at('a.safetensors'))).toEqual(readFileSync(at('b.safetensors')));
    const { provenance } = await readModel(at('a.safetensors'));
    expect(provenance.calibration).toBe('noise with standard deviation 0.5, 8 x 32 frames');
  });

  it('follows the deviation', async () => {
    const small = await report('a.safetensors', '--calibrate-noise', '0.1');
    const large = await report('a.safetensors', '--calibrate-noise', '1.6');
    expect(small.inputFraction - large.inputFraction).toBe(4);
  });
});

describe('options of compress that do not go together', () => {
  it.each([
    [[], 'MISSING_ARGUMENT', '--calibrate'],
    [[...FRAMES, '--calibrate-noise', '1'], 'BAD_USAGE', '--calibrate-noise'],
    [['--calibrate-noise', '1', ...LABELS], 'BAD_USAGE', '--labels'],
    [['--calibrate-noise', '0'], 'BAD_OPTION_VALUE', '--calibrate-noise'],
    [['--calibrate-noise', 'much'], 'BAD_OPTION_VALUE', '--calibrate-noise'],
    [[...FRAMES, '--range', '0'], 'BAD_OPTION_VALUE', '--range'],
    [[...FRAMES, '--range', 'least-squares'], 'BAD_OPTION_VALUE', '--range'],
    [[...FRAMES, '--weight-range', '100.5'], 'BAD_OPTION_VALUE', '--weight-range'],
    [[...FRAMES, '--labels', `${folder}/seven.npy`], 'LABELS_SHAPE', 'shape'],
  ])('%j are refused: %s', async (options, code, field) => {
    const seven = { type: 'int32', shape: [7], data: new Int32Array(7) } as const;
    writeFileSync(at('seven.npy'), writeNpy(seven));
    expect(await failure(...options)).toMatchObject({ code, field });
  });
});
