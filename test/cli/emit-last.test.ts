import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Random } from '../../generator/base/random.js';
import { generateAgain } from '../../generator/design/read/again.js';
import { foreignHardware } from '../../generator/design/read/foreign.js';
import { readDesign } from '../../generator/design/read/read.js';
import { modelBytes } from '../../generator/network/compressed/write.js';
import { parseModel } from '../../generator/network/compressed-model.js';
import { emitProvenance } from '../../generator/network/emit.js';
import { readNpy, writeNpy } from '../../generator/network/formats/npy.js';
import { runCli } from '../support/cli.js';

let folder: string;
let model: string;
let design: string;
const at = (name: string) => join(folder, name);
const UTTERANCES = 3;
const FRAMES = 4;

async function done(...argv: string[]): Promise<Record<string, unknown>> {
  const outcome = await runCli([...argv, '--json', '--quiet']);
  expect(outcome.stderr).toBe('');
  expect(outcome.exitCode).toBe(0);
  return outcome.json();
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hcgs-emit-'));
  model = at('model.safetensors');
  design = at('toy');
  await done('random', '--inputs', '5', '--hidden', '6', '--outputs', '3', '-o', model);
  await done('generate', model, '--macs', '16', '--emit', 'last', '-o', design);
  const random = new Random(1);
  const count = UTTERANCES * FRAMES * 5;
  writeFileSync(
    at('frames.npy'),
    writeNpy({
      type: 'int32',
      shape: [UTTERANCES, FRAMES, 5],
      data: Int32Array.from({ length: count }, () => random.between(-4096, 4095)),
    }),
  );
  writeFileSync(
    at('labels.npy'),
    writeNpy({ type: 'int32', shape: [UTTERANCES], data: Int32Array.of(0, 1, 2) }),
  );
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('hardware and golden model write the same outputs, those of last frames', async () => {
  const frames = ['--frames', at('frames.npy'), '--labels', at('labels.npy')];
  const cosim = await done('cosim', design, ...frames, '--outputs', at('hardware.npy'));
  expect(cosim).toMatchObject({ ok: true, emit: 'last', mismatches: 0 });
  expect(cosim.compared).toMatchObject({ outputs: UTTERANCES * 3, h: UTTERANCES * FRAMES * 6 });
  expect(cosim.silentCycles).toBe(cosim.predictedSilentCycles);
  const run = ['run', model, ...frames];
  const last = await done(...run, '--emit', 'last', '-o', at('last.npy'));
  const every = await done(...run, '-o', at('every.npy'));
  expect([last.accuracy, every.accuracy]).toEqual([cosim.accuracy, cosim.goldenAccuracy]);
  expect([last.emit, every.emit]).toEqual(['last', 'every']);
  expect(readFileSync(at('hardware.npy'))).toEqual(readFileSync(at('last.npy')));
  const read = (name: string) => readNpy(readFileSync(at(name)), name);
  const [all, ends] = [read('every.npy'), read('last.npy')];
  expect([all.shape, ends.shape]).toEqual([
    [UTTERANCES, FRAMES, 3],
    [UTTERANCES, 3],
  ]);
  const expected = Array.from({ length: UTTERANCES }, (_, u) => {
    const end = (u + 1) * FRAMES * 3;
    return Array.from(all.data).slice(end - 3, end);
  });
  expect(Array.from(ends.data)).toEqual(expected.flat());
});

test('the design says it, and how it is made again', async () => {
  const figures = await done('estimate', design);
  expect(figures).toMatchObject({ emit: 'last' });
  expect(await done('estimate', model, '--macs', '16', '--emit', 'last')).toMatchObject({
    silentCycles: figures.silentCycles,
  });
  expect(await done('estimate', model, '--macs', '16')).toMatchObject({
    ...{ emit: 'every', silentCycles: null },
  });
  const own = readDesign(design);
  const bytes = readFileSync(model);
  expect(generateAgain(design, { ...own.manifest }, bytes)).toContain(' --emit last ');
  expect(foreignHardware(own)).toMatchObject({ emit: 'last' });
  const parameters = { ...own.manifest.parameters, emit: '`include' };
  expect(
    foreignHardware({ ...own, manifest: { ...own.manifest, parameters } } as never),
  ).toBeNull();
});

test('a network that says so gets a note, and outputs of every frame', async () => {
  const says = parseModel(readFileSync(model), model);
  const provenance = { ...says.provenance, ...emitProvenance(true) };
  writeFileSync(at('says.safetensors'), modelBytes({ ...says, provenance }));
  const generate = ['generate', at('says.safetensors'), '--macs', '16', '-o', at('says')];
  const { stderr, exitCode } = await runCli([...generate, '--quiet']);
  expect(exitCode).toBe(0);
  expect(stderr).toContain('--emit last');
  expect(readDesign(at('says')).manifest.parameters.emit).toBeUndefined();
  for (const emit of ['every', 'last']) {
    const chosen = await runCli([...generate, '--quiet', '--emit', emit]);
    expect(chosen.stderr).toBe('');
  }
});
