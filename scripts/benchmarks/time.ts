import type { Workbench } from './hcgs.js';
import { percent, type Row } from './row.js';
import { compressed, exampleNetwork } from './speech.js';
import { simulationSpeed } from './speed.js';

/** The fields of `estimate --json` that the figures need. */
interface Estimated {
  readonly cyclesPerFrame: number;
  readonly macUtilization: number;
}

/** A network on a design, and what its order in time has to reach. */
interface Case {
  readonly what: string;
  readonly model: string;
  readonly options: readonly string[];
  /** Cycles per frame at most; or, with `busy`, the share of the MACs at least. */
  readonly cycles?: number;
  readonly busy?: number;
  /** Co-simulated too: random frames, as many as that. */
  readonly frames?: number;
}

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

/** The row of a case, or one that says why there is none. */
async function attempt(what: string, target: string, row: () => Promise<Row>): Promise<Row> {
  try {
    return await row();
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    // the command line is long, and an option that is not there yet is all that matters of it
    const [why = message] = /unknown option \S+/.exec(message) ?? [];
    return { what, measured: `not measured: ${why}`, target, ok: false, values: {} };
  }
}

/** Cycles per frame as `estimate` has them; co-simulation fails where the hardware has others. */
function cyclesOf(bench: Workbench, one: Case): Promise<Row> {
  const { what, model, options, cycles, busy, frames } = one;
  const target = cycles === undefined ? `at least ${percent(busy ?? 0, 0)}` : `at most ${cycles}`;
  return attempt(what, target, async () => {
    const figures = await bench.hcgs<Estimated>(['estimate', model, ...options]);
    const { cyclesPerFrame, macUtilization } = figures;
    const simulated = frames === undefined ? null : await simulate(bench, one, frames);
    const reached = cycles === undefined ? macUtilization >= (busy ?? 0) : cyclesPerFrame <= cycles;
    const agrees = simulated === null || (simulated.ok && simulated.cycles === cyclesPerFrame);
    const rounded = Math.round(100 * cyclesPerFrame) / 100;
    return {
      ...{ what, target, ok: reached && agrees },
      measured: `${rounded} cycles per frame, ${percent(macUtilization)} busy, ${simulated === null ? 'predicted' : agrees ? 'co-simulated' : 'not as co-simulated'}`,
      values: { cyclesPerFrame, macUtilization, ...(cycles && { target: cycles }) },
    };
  });
}

async function simulate(bench: Workbench, { model, options }: Case, frames: number) {
  const directory = bench.path(`design_${bench.cosims.length}`);
  await bench.hcgs(['generate', model, ...options, '--name', 'bench', '-o', directory]);
  const { ok, cyclesPerFrame } = await bench.cosim(directory, ['--random', `${frames}`]);
  return { ok, cycles: cyclesPerFrame };
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
