import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { silentProgress } from '../../../generator/base/progress.js';
import { failureSchema, schemas } from '../../../generator/cli/schemas/schemas.js';
import { measureActivity } from '../../../generator/cosim/activity/measure.js';
import { randomFrames } from '../../../generator/cosim/driver/random-frames.js';
import { cosimDesign } from '../../../generator/cosim/read-design.js';
import { type Activity, activitySchema } from '../../../generator/design/manifest/activity.js';
import { placedModel } from '../../../generator/design/read/placed-model.js';
import { designHardware, readDesign } from '../../../generator/design/read/read.js';
import { inputFormat } from '../../../generator/network/frames.js';
import { ONE_PORT, TWO_PORTS } from '../../accelerator/support/macro-lists.js';
import { runCli } from '../../support/cli.js';

let folder: string;
const at = (name: string) => join(folder, name);

async function done(...argv: readonly string[]) {
  const outcome = await runCli([...argv, '--json']);
  expect(outcome.exitCode, outcome.stderr + outcome.stdout).toBe(0);
  return outcome.json();
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hcgs-activity-'));
  const shape = ['--inputs', '7', '--hidden', '12,8', '--blocks', '4', '--keep', '1/2'];
  await done('random', ...shape, '--outputs', '3', '--seed', '2', '-o', at('m.safetensors'));
  writeFileSync(at('macros.json'), JSON.stringify({ macros: [ONE_PORT, TWO_PORTS] }));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const macros = () => ['--macros', at('macros.json')];

/** Accesses of a frame to the macros whose path begins so, each column of a grid once. */
function accessesOf({ macros }: Pick<Activity, 'macros'>) {
  return (block: string, of: 'reads' | 'writes'): number =>
    macros
      .filter(({ instance }) => instance.startsWith(`u_core.${block}.`))
      .filter(({ instance }) => !/g_column\[[1-9]\d*\]/.test(instance))
      .reduce((sum, { ports }) => sum + ports.reduce((all, port) => all + port[of], 0), 0);
}

describe('the activity of macros', () => {
  test('has a read of every tile in the weight banks, and one of the state of each cell', async () => {
    const options = ['--weights', 'loaded', ...macros()];
    const report = await done(
      'generate',
      at('m.safetensors'),
      '--name',
      'ab',
      '-o',
      at('ab'),
      '--macs',
      '8',
      ...options,
    );
    const design = schemas.generate.parse(report);
    const file = at('activity.json');
    await done('cosim', at('ab'), '--random', '3', '--no-protocol', '--activity', file);
    const activity = activitySchema.parse(JSON.parse(readFileSync(file, 'utf8')));
    const accesses = accessesOf(activity);
    const { layers, cyclesPerFrame } = design.estimate;
    const tiles = layers.reduce((sum, layer) => sum + Number(layer.tiles), 0);
    expect(tiles).toBeGreaterThan(0);
    expect(accesses('u_weights', 'reads')).toBe(tiles);
    expect(accesses('u_weights', 'writes')).toBe(0);
    expect(accesses('u_cells.u_c', 'reads')).toBe(12 + 8);
    expect(accesses('u_cells.u_c', 'writes')).toBe(12 + 8);
    // the biases of each cell and output, and a word behind the last
    expect(accesses('u_cells.u_bias', 'reads')).toBe(12 + 8 + 3 + 1);
    expect(activity).toMatchObject({ design: 'ab', cyclesPerFrame });
    // every macro, at the paths that synthesis has for them
    const kinds = design.chip?.macros ?? [];
    const placed = kinds.filter(({ listed }) => listed).flatMap(({ instances }) => instances);
    expect(activity.macros.map(({ instance }) => instance).sort()).toEqual([...placed].sort());
  });

  test.each([
    ['several streams', ['--streams', '3']],
    ['whole utterances', ['--order', 'sequence', '--max-frames', '4']],
    ['last frames alone', ['--emit', 'last']],
  ])('is that of a frame with %s', async (_, options) => {
    const directory = at(`of${options[0]}`);
    await done(
      'generate',
      at('m.safetensors'),
      '--name',
      'ab',
      '-o',
      directory,
      '--macs',
      '8',
      ...options,
      ...macros(),
    );
    const stored = readDesign(directory);
    const { model } = placedModel(stored);
    const design = cosimDesign(stored, model);
    const { inputs, bits } = inputFormat(model);
    const frames = randomFrames({ frames: 5, inputs, bits, seed: 1 });
    const measured = await measureActivity(design, designHardware(stored.manifest), frames, {
      ...{ seed: 1, progress: silentProgress },
    });
    const accesses = accessesOf(measured);
    expect(accesses('u_cells.u_c', 'reads')).toBeCloseTo(12 + 8, 9);
    expect(accesses('u_cells.u_c', 'writes')).toBeCloseTo(12 + 8, 9);
    expect(measured.cyclesPerFrame).toBeCloseTo(design.predicted.cyclesPerFrame, 9);
  });

  test('is refused of a design without macros, and of a netlist', async () => {
    await done(
      'generate',
      at('m.safetensors'),
      '--macs',
      '8',
      '--name',
      'plain',
      '-o',
      at('plain'),
    );
    const refused = async (...options: readonly string[]) => {
      const outcome = await runCli([
        'cosim',
        at('plain'),
        '--random',
        '1',
        '--no-protocol',
        '--json',
        ...options,
      ]);
      expect(outcome.exitCode).toBe(2);
      return failureSchema.parse(outcome.json()).error.code;
    };
    expect(await refused('--activity', at('none.json'))).toBe('NO_MACROS');
    expect(await refused('--activity', at('none.json'), '--netlist', 'ecp5')).toBe('BAD_USAGE');
  });
});
