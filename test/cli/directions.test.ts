import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Random } from '../../generator/base/random.js';
import { atOnce } from '../../generator/base/steps.js';
import { inspectionLines } from '../../generator/cli/inspect/inspect-text.js';
import { info, random, run } from '../../generator/cli/schemas/models.js';
import { parseModel } from '../../generator/network/compressed-model.js';
import { readNpy, writeNpy } from '../../generator/network/formats/npy.js';
import { inspectSteps } from '../../generator/network/inspect/inspect.js';
import { runCli } from '../support/cli.js';
import { codesFor, utterancesIn } from '../support/directed.js';
import { bidirectional } from '../support/float-directions.js';
import { integerUtterance } from '../support/integer-utterance.js';

let folder: string;
let model: string;
const at = (name: string) => join(folder, name);
const drawn = [
  'random',
  '--cell',
  'gru-before',
  '--inputs',
  '5',
  '--hidden',
  '6,4',
  '--outputs',
  '3',
];

async function done(...argv: string[]) {
  const outcome = await runCli([...argv, '--json', '--quiet']);
  expect(outcome.stderr).toBe('');
  expect(outcome.exitCode).toBe(0);
  return outcome.json();
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hcgs-directions-'));
  model = at('model.safetensors');
  random.parse(await done(...drawn, '--bidirectional', 'concat', '-o', model));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it.each([
  ['several utterances', [3, 7]],
  ['one utterance, without marks of its end', [10]],
] as const)('runs a model of both directions on %s', async (_, lengths) => {
  const content = parseModel(readFileSync(model), model);
  const frames = codesFor(content, [10], new Random(4));
  const shape = lengths.length === 1 ? [10, 5] : [2, 5, 5];
  writeFileSync(at('frames.npy'), writeNpy({ type: 'int32', shape, data: frames.codes }));
  const files = ['--frames', at('frames.npy'), '-o', at('y.npy'), '--states', at('s.npz')];
  const report = run.parse(await done('run', model, ...files));
  const own = lengths.length === 1 ? frames : { ...frames, lengths: Int32Array.of(5, 5) };
  expect(report).toMatchObject({ frames: 10, utterances: own.lengths.length, outputs: 3 });
  const wanted = utterancesIn(own).flatMap((one) => integerUtterance(content, one));
  const { data } = readNpy(readFileSync(at('y.npy')), 'y');
  expect(Array.from(data, Number)).toEqual(wanted.flatMap(({ outputs }) => outputs.map(Number)));
});

it('names the direction of each layer', async () => {
  const { stdout } = await runCli(['info', model]);
  expect(stdout).toContain('layer 1: bidirectional forward gru-new, 6 cells');
  expect(stdout).toContain('layer 3: bidirectional backward gru-new, 6 cells');
  const { layers } = info.parse(await done('info', model)) as unknown as ReturnType<
    typeof random.parse
  >;
  expect(layers.map(({ direction }) => direction)).toEqual([
    ...['forward', 'forward', 'backward', 'backward'],
    ...['forward', 'forward', 'backward', 'backward'],
  ]);
  expect(layers.every((layer) => layer.bidirectional && layer.aligned)).toBe(true);
  const { stdout: drawing } = await runCli([...drawn, '--bidirectional', 'sum', '-o', at('s.st')]);
  expect(drawing).toContain('layer 7 bidirectional backward x 4 x 12: dense');
});

it('names them of a float network too', () => {
  const source = bidirectional('lstm', { inputs: 4, cells: [3], outputs: 2 }, 1);
  const network = atOnce(inspectSteps(source, 'net'));
  expect(network.layers.map(({ direction, bidirectional }) => [direction, bidirectional])).toEqual([
    ['forward', true],
    ['backward', true],
  ]);
  const report = {
    ...network,
    file: 'net',
    bytes: 1,
    format: 'PyTorch',
    leftOut: [],
    notes: [],
    next: [],
  };
  const lines = inspectionLines(report as unknown as Parameters<typeof inspectionLines>[0]);
  expect(lines).toContain('  layer 0: bidirectional forward lstm, 4 inputs, 3 cells');
  expect(lines).toContain('  layer 1: bidirectional backward lstm, 4 inputs, 3 cells');
});

it.each([
  ['generate', ['-o', 'refused']],
  ['estimate', []],
] as const)('%s says that a pass runs backward', async (command, rest) => {
  const place = rest.map((word) => (word === 'refused' ? at(word) : word));
  const outcome = await runCli([command, model, ...place, '--json']);
  expect(outcome.exitCode).toBe(2);
  expect(outcome.json()).toMatchObject({
    error: {
      code: 'DESIGN_PROGRAM',
      field: 'pass.2.direction',
      expected: 'a design of --order sequence with --max-frames',
    },
  });
});

it('does not put the images of such a model into a design that goes forward', async () => {
  const forward = at('forward.safetensors');
  await done(...drawn, '-o', forward);
  await done('generate', forward, '--macs', '16', '-o', at('toy'));
  const outcome = await runCli(['images', model, at('toy'), '--json']);
  expect(outcome.exitCode).toBe(2);
  expect(outcome.json()).toMatchObject({ error: { code: 'DESIGN_PROGRAM' } });
});

it.each([
  ['--bidirectional', 'concat', 'a layer behind both directions of the last one'],
  ['--bidirectional', 'both', 'concat or sum'],
])('random refuses %s %s where it means nothing', async (option, value, expected) => {
  const argv = ['random', '--inputs', '5', '--hidden', '6', option, value, '-o', at('no.st')];
  const outcome = await runCli(argv);
  expect(outcome.exitCode).toBe(2);
  expect(outcome.stderr).toContain(expected);
});
