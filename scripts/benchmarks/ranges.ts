import { join } from 'node:path';
import { packageRoot } from '../../generator/base/package.js';
import { devicesOf } from '../../generator/devices/find.js';
import { FAMILIES } from '../../generator/devices/registry.js';
import type { Workbench } from './hcgs.js';
import { randomDesign } from './random-designs.js';
import type { Row } from './row.js';
import { compressed, exampleNetwork } from './speech.js';

/** Random designs that are measured; drawn ones that are refused do not count. */
const RANDOM = 20;
const FIRST_SEED = 1;
/** The largest network has no place on the devices of a family whose largest has fewer LUTs than that. */
const LARGE_LUTS = 40_000;

const EXAMPLES = ['coupled', 'hard', 'last', 'peephole', 'relu', 'voice'];

interface Rough {
  readonly low: number;
  readonly high: number;
}

/** The fields of `estimate --target --json` and of `synth --json` that the figures need. */
interface Predicted {
  readonly resources: { readonly device: string; readonly luts: Rough; readonly registers: Rough };
}
interface Counted {
  readonly luts: number;
  readonly registers: number;
}

/** A design on disk and what the rows call it. */
interface Made {
  readonly what: string;
  readonly directory: string;
  readonly large?: boolean;
}

/** LUTs and registers as Yosys counts them, against the ranges that `estimate` says, by design and family. */
export async function ranges(
  bench: Workbench,
  large: string,
  add: (row: Row) => void,
): Promise<void> {
  for await (const made of designs(bench, large)) {
    const families = FAMILIES.filter(
      (family) => !made.large || devicesOf(family).some(({ luts }) => luts > LARGE_LUTS),
    );
    const rows = await Promise.all(families.map(({ name }) => held(bench, made, name)));
    rows.forEach(add);
  }
}

async function held(bench: Workbench, { what, directory }: Made, target: string): Promise<Row> {
  const { resources } = await bench.hcgs<Predicted>(['estimate', directory, '--target', target]);
  const counted = await bench.hcgs<Counted>([
    ...['synth', directory, '--target', target, '--device', resources.device],
    ...['--synthesis-only', '--build', `${directory}-${target}`],
  ]);
  const inside = (of: keyof Counted): boolean =>
    counted[of] >= resources[of].low && counted[of] <= resources[of].high;
  const range = ({ low, high }: Rough): string => `${low} to ${high}`;
  return {
    what: `${what}, ${resources.device}`,
    measured: `${counted.luts} LUTs, ${counted.registers} registers`,
    target: `${range(resources.luts)} LUTs, ${range(resources.registers)} registers`,
    ok: inside('luts') && inside('registers'),
    values: {
      ...{ luts: counted.luts, lutsLow: resources.luts.low, lutsHigh: resources.luts.high },
      registers: counted.registers,
      ...{ registersLow: resources.registers.low, registersHigh: resources.registers.high },
    },
  };
}

async function* designs(bench: Workbench, large: string): AsyncGenerator<Made> {
  const generate = async (name: string, model: string, options: readonly string[]) => {
    const directory = bench.path(name);
    await bench.hcgs(['generate', model, ...options, '--name', 'bench', '-o', directory]);
    return directory;
  };
  const keyword = await compressed(bench, exampleNetwork, 'example');
  for (const macs of ['8', '64']) {
    const directory = await generate(`keyword_${macs}`, keyword, ['--macs', macs]);
    yield { what: `keyword network V16, ${macs} MACs`, directory };
  }
  const four = await generate('keyword_4', keyword, ['--macs', '4', '--cell-cycles', '18']);
  yield { what: 'the same, 4 MACs, one time-multiplexed lane', directory: four };
  const directory = await generate('large', large, ['--macs', '64']);
  yield { what: '3 x 512, 64 MACs', directory, large: true };
  for (const name of EXAMPLES) {
    const file = join(packageRoot, 'examples/networks', `${name}.onnx`);
    const model = bench.path(`${name}.safetensors`);
    await bench.hcgs(['compress', file, '--calibrate-noise', '1', '-o', model]);
    yield {
      what: `examples/networks/${name}`,
      directory: await generate(name, model, ['--macs', '8']),
    };
  }
  for (let seed = FIRST_SEED, made = 0; made < RANDOM; seed++) {
    const { network, design } = randomDesign(seed);
    const model = bench.path(`random_${seed}.safetensors`);
    const directory = await bench
      .hcgs(['random', ...network, '-o', model])
      .then(() => generate(`random_${seed}`, model, design))
      .catch(refused);
    if (directory === null) continue;
    made++;
    yield { what: `random design ${seed}`, directory };
  }
}

/** Options that do not go with each other; anything else is a fault. */
function refused(error: Error): null {
  if (/internal error/.test(error.message)) throw error;
  return null;
}
