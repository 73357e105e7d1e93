import { attempt, type Case, cyclesOf, type Estimated } from './case.js';
import type { Workbench } from './hcgs.js';
import type { Row } from './row.js';
import { compressed, exampleNetwork } from './speech.js';
import { simulationSpeed } from './speed.js';

const SPARSE = ['--blocks', '32,4', '--keep', '4/16,2/8'];
/** Frames of the longest utterance in the order of sequences. */
const LONGEST = 40;

/** What orders in time, the depth of the pipeline and chains of engines are worth. */
export async function ordersInTime(bench: Workbench, add: (row: Row) => void): Promise<void> {
  for (const one of await cases(bench)) add(await cyclesOf(bench, one));
  for (const pipeline of ['deep', 'short'] as const) {
    add(
      await attempt(`co-simulation, 3 x 512, 64 MACs, ${pipeline}`, 'a ratio', () =>
        speed(bench, pipeline),
      ),
    );
  }
  for (const [inputs, faster] of [
    [512, 1.9],
    [39, 1.75],
  ] as const) {
    add(await chain(bench, inputs, faster));
  }
}

async function cases(bench: Workbench): Promise<readonly Case[]> {
  const random = async (name: string, options: readonly string[]): Promise<string> => {
    const model = bench.path(`${name}.safetensors`);
    await bench.hcgs(['random', ...options, '--seed', '1', '-o', model]);
    return model;
  };
  const small = await random('small', ['--inputs', '6', '--hidden', '20', '--outputs', '2']);
  const keyword = await compressed(bench, exampleNetwork, 'v16');
  const large = await random('large', ['--inputs', '512', '--hidden', '512,512,512', ...SPARSE]);
  const both = await random('both', [
    ...['--inputs', '39', '--hidden', '128,128', '--bidirectional', 'concat', '--outputs', '12'],
    ...['--blocks', '16,4', '--keep', '1/4,1/4'],
  ]);
  const at = (macs: number, ...more: readonly string[]) => ['--macs', `${macs}`, ...more];
  const whole = ['--order', 'sequence', '--max-frames', `${LONGEST}`];
  const short = ['--pipeline', 'short'];
  return [
    { what: 'LSTM 6 to 20, 64 MACs', model: small, options: at(64), cycles: 80, frames: 60 },
    {
      ...{ what: 'LSTM 6 to 20, 64 MACs, 8 streams', model: small, cycles: 42, frames: 60 },
      options: at(64, '--streams', '8'),
    },
    {
      ...{ what: 'LSTM 6 to 20, 1024 MACs, short', model: small, cycles: 24, frames: 60 },
      options: at(1024, ...short),
    },
    {
      ...{
        what: 'keyword network V16, 64 MACs, 2 streams',
        model: keyword,
        cycles: 262,
        frames: 40,
      },
      options: at(64, '--streams', '2'),
    },
    {
      ...{ what: 'keyword network V16, 64 MACs, short', model: keyword, cycles: 276, frames: 40 },
      options: at(64, ...short),
    },
    { what: '3 x 512, 1024 MACs', model: large, options: at(1024), cycles: 384 },
    {
      ...{ what: 'LSTM 39 to 2 x 128 in both directions, sequences, 64 MACs', model: both },
      ...{ options: at(64, ...whole), busy: 0.95, frames: 3 * LONGEST },
    },
  ];
}

async function speed(bench: Workbench, pipeline: 'deep' | 'short'): Promise<Row> {
  const directory = bench.path(`speed_${pipeline}`);
  const design = ['--macs', '64', '--pipeline', pipeline, '--name', 'bench', '-o', directory];
  await bench.hcgs(['generate', bench.path('large.safetensors'), ...design]);
  const row = await simulationSpeed(bench, directory);
  return { ...row, what: `${row.what}, ${pipeline}` };
}

/** What a chain of two engines is worth against one of them. */
function chain(bench: Workbench, inputs: number, faster: number): Promise<Row> {
  const what = `4 x 512 on ${inputs} inputs, two engines of 64 MACs against one`;
  return attempt(what, `at least ${faster} times`, async () => {
    const model = bench.path(`chain_${inputs}.safetensors`);
    const shape = ['--inputs', `${inputs}`, '--hidden', '512,512,512,512', ...SPARSE];
    await bench.hcgs(['random', ...shape, '--seed', '1', '-o', model]);
    const cycles = async (engines: readonly string[]) =>
      (await bench.hcgs<Estimated>(['estimate', model, '--macs', '64', ...engines])).cyclesPerFrame;
    const [one, two] = [await cycles([]), await cycles(['--engines', '2'])];
    return {
      ...{ what, target: `at least ${faster} times`, ok: one / two >= faster },
      measured: `${(one / two).toFixed(2)} times: ${one} and ${two} cycles per frame, predicted`,
      values: { one, two, target: faster },
    };
  });
}
