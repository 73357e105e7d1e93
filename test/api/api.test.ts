import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { filesBelow } from '../../generator/design/write/tree.js';
import {
  type CompressedModel,
  compress,
  cosim,
  emit,
  type Network,
  plan,
  read,
  run,
  UserError,
} from '../../generator/index.js';
import { readNpy } from '../../generator/network/formats/npy.js';
import { runCli } from '../support/cli.js';

const NET = 'examples/tiny/net.safetensors';
const FRAMES = 'examples/tiny/frames.npy';
const MAP = ['lstm=encoder.rnn', 'fc=head'];

let folder: string;
let network: Network;
let model: CompressedModel;
const at = (name: string) => join(folder, name);

async function command(...argv: readonly string[]): Promise<void> {
  const { exitCode, stderr } = await runCli([...argv, '--quiet']);
  expect(exitCode, stderr).toBe(0);
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hcgs-api-'));
  const found = await read(NET, { map: MAP });
  if (found.kind !== 'network') throw new Error('no network');
  network = found;
  model = (await compress(network, { frames: FRAMES })).model;
  const map = MAP.flatMap((entry) => ['--map', entry]);
  await command('compress', NET, ...map, '--calibrate', FRAMES, '-o', at('m.safetensors'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The report of the error that the work ends with. */
async function refusal(work: () => unknown) {
  try {
    await work();
  } catch (error) {
    if (error instanceof UserError) return error.report;
    throw error;
  }
  throw new Error('no error');
}

describe('the functions do what the commands do', () => {
  test('read says what a network has', () => {
    expect(network).toMatchObject({ kind: 'network', inputs: 8, outputs: 3 });
    expect(network.layers).toEqual([{ cell: 'lstm', inputs: 8, cells: 16 }]);
  });

  test('compress makes the bytes of the command', () => {
    expect(Buffer.from(model.bytes).equals(readFileSync(at('m.safetensors')))).toBe(true);
  });

  test('compress chooses patterns as the command does', async () => {
    const options = ['--select', 'magnitude', '--blocks', '4', '--keep', '1/2'];
    const map = MAP.flatMap((entry) => ['--map', entry]);
    await command(
      ...['compress', NET, ...map, '--calibrate-noise', '1', ...options],
      ...['-o', at('s.safetensors'), '--weight-bits', '5'],
    );
    const own = await compress(network, {
      ...{ noise: 1, select: 'magnitude', blocks: '4', keep: ['1/2'] },
      words: { weight: 5 },
    });
    expect(Buffer.from(own.model.bytes).equals(readFileSync(at('s.safetensors')))).toBe(true);
  });

  test('emit makes the files of generate, and writes them where it is asked to', async () => {
    await command('generate', at('m.safetensors'), '--macs', '8', '-o', at('net'));
    const planned = plan(model, { name: 'net', macs: 8 });
    const { files, directory } = await emit(planned);
    expect(directory).toBeNull();
    const paths = await filesBelow(at('net'));
    expect([...files.keys()].sort()).toEqual([...paths].sort());
    for (const path of paths) {
      const same = Buffer.from(files.get(path) ?? '').equals(readFileSync(at(`net/${path}`)));
      expect(same, path).toBe(true);
    }
    await emit(planned, { directory: at('own') });
    expect(await filesBelow(at('own'))).toEqual(paths);
    // a design has its model in it
    const again = await read(at('own'));
    expect(again).toMatchObject({ kind: 'model', keptWeights: model.keptWeights });
  });

  test('run gives the outputs of the command, of files and of arrays', async () => {
    await command('run', at('m.safetensors'), '--frames', FRAMES, '-o', at('y.npy'));
    const { data } = readNpy(readFileSync(at('y.npy')), 'y.npy');
    const { outputs, lengths, width } = await run(model, FRAMES);
    expect([...outputs]).toEqual([...data]);
    expect([...lengths]).toEqual([10, 10, 10, 10]);
    const { data: values } = readNpy(readFileSync(FRAMES), FRAMES);
    const frame = (n: number) => values.subarray(8 * n, 8 * n + 8);
    const clips = [[frame(0), frame(1)], [[...frame(10)]]];
    const some = await run(model, clips);
    expect([...some.lengths]).toEqual([2, 1]);
    const first = [...outputs.subarray(0, 2 * width)];
    expect([...some.outputs]).toEqual([...first, ...outputs.subarray(10 * width, 11 * width)]);
  });
});

describe('what cannot be meant is refused', () => {
  const copied = () => plan({ ...model }, { name: 'net' });
  test.each<[string, () => unknown, string, string]>([
    ['a copy of a model', copied, 'API_ARGUMENT', 'model'],
    [
      'a network in its place',
      () => plan(network as never, { name: 'n' }),
      'API_ARGUMENT',
      'model',
    ],
    ['a model as network', () => compress(model as never, { noise: 1 }), 'API_ARGUMENT', 'network'],
    ['nothing', () => run(undefined as never, FRAMES), 'API_ARGUMENT', 'model'],
    ['no name', () => plan(model, {} as never), 'API_ARGUMENT', 'name'],
    ['a name that is a keyword', () => plan(model, { name: 'wire' }), 'BAD_DESIGN_NAME', 'name'],
    ['a number that is none', () => plan(model, { name: 'n', macs: 1.5 }), 'CONFIG_VALUE', 'macs'],
    ['no frames', () => compress(network, {}), 'API_ARGUMENT', 'frames'],
    ['noise of zero', () => compress(network, { noise: 0 }), 'API_ARGUMENT', 'noise'],
    ['a misspelt option', () => cosim('x', { stal: 1 } as never), 'API_ARGUMENT', 'stal'],
    ['stalls without end', () => cosim('x', { stall: 1 }), 'API_ARGUMENT', 'stall'],
    ['options of a model', () => read(at('m.safetensors'), { map: MAP }), 'API_ARGUMENT', 'map'],
    ['a file that is a number', () => read(3 as never), 'API_ARGUMENT', 'file'],
    ['no utterances', () => run(model, []), 'FRAMES_SHAPE', 'utterances'],
    ['an utterance of nothing', () => run(model, [[]]), 'FRAMES_SHAPE', '[0]'],
    ['frames that are numbers', () => run(model, [[1]] as never), 'FRAMES_SHAPE', '[0][0]'],
    ['frames of another width', () => run(model, [[[1, 2]]]), 'FRAMES_WIDTH', 'shape'],
    [
      'values that are no numbers',
      () => run(model, [[[0, 0, 0, Number.NaN, 0, 0, 0, 0]]]),
      ...['FRAMES_NOT_FINITE', '[0][0][3]'],
    ] as never,
  ])('%s', async (_, work, code, field) => {
    expect(await refusal(work)).toMatchObject({ code, field });
  });

  test('objects are frozen', () => {
    expect(Object.isFrozen(model) && Object.isFrozen(network)).toBe(true);
  });

  test('a directory that is in the way', async () => {
    writeFileSync(at('taken'), 'mine');
    const planned = plan(model, { name: 'net', macs: 8 });
    const report = await refusal(() => emit(planned, { directory: at('taken') }));
    expect(report.code).toBe('DESIGN_PLACE_TAKEN');
    expect(readFileSync(at('taken'), 'utf8')).toBe('mine');
  });
});
