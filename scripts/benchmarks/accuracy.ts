import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { execa } from 'execa';
import { packageRoot, toolVersion } from '../../generator/base/package.js';
import { atOnce } from '../../generator/base/steps.js';
import { textTable } from '../../generator/cli/text/text-table.js';
import { correctDecisions, decisions } from '../../generator/golden/run.js';
import { readModel } from '../../generator/network/compressed-model.js';
import { frameArray } from '../../generator/network/data/frame-set.js';
import { inputsOf } from '../../generator/network/float/model.js';
import { floatOutputSteps } from '../../generator/network/float/outputs.js';
import { readNpy } from '../../generator/network/formats/npy.js';
import { importNetwork } from '../../generator/network/import/import.js';
import { patternKind } from '../../generator/sparsity/kind-of.js';
import { Workbench } from './hcgs.js';

const EXAMPLE = join(packageRoot, 'examples/keyword-spotting');
const HELP = `scripts/accuracy [--clips FOLDER] [--networks FOLDER] [--macs N] [--json]

Accuracy of trained keyword networks on speakers that they were never trained on: the masked float network, the
quantised network in the golden model, and the Verilog in co-simulation. The last two must be equal.

  --clips FOLDER     Speech Commands, one folder of FLAC or WAV files per class; without it 32 synthetic clips are taken
  --networks FOLDER  NAME and NAME_q6, .safetensors or .pt; default examples/keyword-spotting/training/networks
  --only NAME[,NAME] these networks alone
  --macs N           of the designs; default 64
  --json             one JSON object on stdout
  --help             this text

Exit code: 0 hardware and golden model agree, 1 they do not, 2 bad usage or something is missing.`;

const RATIOS = [0, 4, 8, 16];
const WORDS = { weight: 6, activation: 13 };

/** A kind of keyword networks: how its files end and are read, and which frames it takes. */
interface Kind {
  readonly name: string;
  readonly end: string;
  readonly nonlinearity?: 'relu';
  /** A whole clip is one frame. */
  readonly whole: boolean;
}

const KINDS: readonly Kind[] = [
  { name: 'V', end: '.safetensors', whole: false },
  { name: 'GRU', end: '.safetensors', whole: false },
  { name: 'RNN', end: '.safetensors', nonlinearity: 'relu', whole: false },
  { name: 'FF', end: '.pt', whole: true },
];

/** Pruned to other patterns than blocks in blocks: kinds of layers, patterns and rates. */
const PRUNED = { kinds: ['V', 'GRU'], patterns: ['strips', 'kernels'], rates: [10, 20] } as const;

interface Network {
  readonly name: string;
  readonly kind: Kind;
  /** What `compress` has to know of the pattern. No pattern is looked for in a dense network: its zeros are weights. */
  readonly pattern: readonly string[];
}

const NETWORKS: readonly Network[] = KINDS.flatMap((kind) => [
  ...RATIOS.map((ratio) => ({
    ...{ name: `${kind.name}${ratio}`, kind },
    pattern: ratio === 0 ? ['--dense'] : [],
  })),
  ...(PRUNED.kinds.some((name) => name === kind.name) ? prunedNetworks(kind) : []),
]);

function prunedNetworks(kind: Kind): readonly Network[] {
  return PRUNED.patterns.flatMap((pattern) =>
    PRUNED.rates.map((rate) => ({
      ...{ name: `${kind.name}-${pattern}-${rate}`, kind },
      pattern: ['--pattern', pattern],
    })),
  );
}

/** Frames and labels on which networks are judged, and the frames from which formats are chosen. */
interface Speech {
  readonly what: string;
  readonly frames: string;
  readonly labels: string;
  readonly calibration: string;
}

/** One line of the table: correct answers of `clips`. */
interface Line {
  readonly network: string;
  readonly pattern: string;
  readonly weights: number;
  readonly keptWeights: number;
  readonly bits: string;
  readonly clips: number;
  readonly float: number;
  readonly quantised: number;
  readonly rtl: number;
  readonly mismatches: number;
}

async function speech(
  bench: Workbench,
  clips: string | undefined,
  whole: boolean,
): Promise<Speech> {
  if (clips === undefined) {
    const frames = join(EXAMPLE, whole ? 'synth_whole.npy' : 'synth_frames.npy');
    const labels = join(EXAMPLE, 'synth_labels.npy');
    return { what: 'synthetic speech', frames, labels, calibration: frames };
  }
  const part = async (name: string, args: readonly string[]) => {
    const end = whole ? '-whole.npy' : '.npy';
    const [frames, labels] = [bench.path(`${name}${end}`), bench.path(`${name}-labels.npy`)];
    const arranged = [...args, ...(whole ? ['--whole'] : [])];
    const script = ['-m', 'training.frames', resolve(clips), ...arranged, '-o', frames];
    await execa('/usr/bin/python3', [...script, '--labels', labels], { cwd: EXAMPLE });
    return { frames, labels };
  };
  const held = await part('held-out', ['--part', 'held-out']);
  const training = ['--part', 'training', '--per-class', '20'];
  const { frames: calibration } = await part('training', training);
  return { what: 'speakers never trained on', ...held, calibration };
}

const npy = (path: string) => readNpy(readFileSync(path), path);

/** Correct answers of a float network, decided as the hardware's are. */
function floatCorrect(network: string, { nonlinearity }: Kind, { frames, labels }: Speech): number {
  const { model } = importNetwork(readFileSync(network), network, { nonlinearity });
  const set = frameArray(npy(frames), { inputs: inputsOf(model), file: frames });
  const decided = decisions(atOnce(floatOutputSteps(model, set)), set);
  return correctDecisions(decided, Int32Array.from(npy(labels).data));
}

interface Compressed {
  readonly weights: number;
  readonly keptWeights: number;
}

/** The patterns of a compressed model in words, each once. */
async function patternsOf(model: string): Promise<string> {
  const { passes } = await readModel(model);
  const all = passes
    .slice(0, -1)
    .flatMap(({ operands }) =>
      operands.flatMap(({ matrix }) =>
        matrix.patterns.map((own) => patternKind(own).report.short(own)),
      ),
    );
  return [...new Set(all)].join('; ');
}

async function line(
  bench: Workbench,
  folder: string,
  { name: network, kind, pattern }: Network,
  macs: number,
  data: Speech,
): Promise<Line> {
  const model = bench.path(`${network}.safetensors`);
  const source = join(folder, `${network}_q6${kind.end}`);
  const words = ['--weight-bits', `${WORDS.weight}`, '--activation-bits', `${WORDS.activation}`];
  const read = kind.nonlinearity === undefined ? [] : ['--nonlinearity', kind.nonlinearity];
  const report = await bench.hcgs<Compressed>([
    ...['compress', source, '--calibrate', data.calibration, '-o', model],
    ...[...words, ...read, ...pattern],
  ]);
  const design = bench.path(network);
  await bench.generate(model, macs, design);
  const cosim = await bench.cosim(design, ['--frames', data.frames, '--labels', data.labels]);
  const clips = npy(data.labels).shape[0] as number;
  const correct = (share: number | null) => Math.round((share ?? 0) * clips);
  return {
    network,
    pattern: await patternsOf(model),
    weights: report.weights,
    keptWeights: report.keptWeights,
    bits: `${WORDS.weight}/${WORDS.activation}`,
    clips,
    float: floatCorrect(join(folder, `${network}${kind.end}`), kind, data),
    quantised: correct(cosim.goldenAccuracy),
    rtl: correct(cosim.accuracy),
    mismatches: cosim.mismatches,
  };
}

function tableText(lines: readonly Line[], what: string): string {
  const share = (correct: number, clips: number) =>
    `${((100 * correct) / clips).toFixed(1)} % (${correct})`;
  return [
    `${lines[0]?.clips} clips, ${what}; correct answers in brackets`,
    ...textTable([
      ['network', 'pattern', 'kept', 'of', 'bits', 'float', 'quantised', 'RTL'],
      ...lines.map(({ network, pattern, keptWeights, weights, bits, clips, ...correct }) => [
        network,
        pattern,
        keptWeights,
        weights,
        bits,
        share(correct.float, clips),
        share(correct.quantised, clips),
        share(correct.rtl, clips),
      ]),
    ]),
  ].join('\n');
}

async function main(): Promise<number> {
  const { values: options } = parseArgs({
    options: {
      clips: { type: 'string' },
      networks: { type: 'string', default: join(EXAMPLE, 'training/networks') },
      only: { type: 'string' },
      macs: { type: 'string', default: '64' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (options.help) {
    console.log(HELP);
    return 0;
  }
  const folder = resolve(options.networks);
  const only = options.only?.split(',') ?? NETWORKS.map(({ name }) => name);
  const unknown = only.filter((name) => !NETWORKS.some((network) => network.name === name));
  const known = NETWORKS.map(({ name }) => name).join(', ');
  if (unknown.length > 0) throw new Error(`--only: expected some of ${known}, got ${unknown}`);
  const present = NETWORKS.filter(
    ({ name, kind }) => only.includes(name) && existsSync(join(folder, `${name}_q6${kind.end}`)),
  );
  if (present.length === 0) throw new Error(`${folder}: no networks named ${only.join(', ')}`);
  const bench = new Workbench();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => {
      bench.close();
      process.exit(130);
    });
  }
  try {
    const data = new Map<boolean, Speech>();
    const lines: Line[] = [];
    for (const network of present) {
      const { whole } = network.kind;
      const own = data.get(whole) ?? (await speech(bench, options.clips, whole));
      data.set(whole, own);
      lines.push(await line(bench, folder, network, Number(options.macs), own));
      console.error(`accuracy: ${network.name} done`);
    }
    const { what } = [...data.values()][0] as Speech;
    const ok = lines.every((l) => l.mismatches === 0 && l.quantised === l.rtl);
    const report = { schemaVersion: 1, toolVersion, ok, speech: what, networks: lines };
    console.log(options.json ? JSON.stringify(report, null, 2) : tableText(lines, what));
    return ok ? 0 : 1;
  } finally {
    bench.close();
  }
}

process.exitCode = await main().catch((error: unknown) => {
  console.error(`accuracy: ${error instanceof Error ? error.message : error}`);
  return 2;
});
