import { parseArgs } from 'node:util';
import { toolVersion } from '../../generator/base/package.js';
import { flow } from './flow.js';
import { goldenSpeed } from './golden-speed.js';
import { Workbench } from './hcgs.js';
import { patterns } from './patterns.js';
import { ranges } from './ranges.js';
import { type Row, skipped, tableText } from './row.js';
import { sourceLines } from './source-lines.js';
import { accuracy, compressed, exampleNetwork } from './speech.js';
import { generateAgainstBuild, simulationSpeed } from './speed.js';
import { ordersInTime } from './time.js';
import { utilization } from './utilization.js';

const HELP = `scripts/bench [--quick | --flow | --time | --patterns | --ranges] [--json]

Measures the figures of the README on this machine and prints them beside their targets.

  --quick  without the 1024-MAC design and the dense keyword network
  --flow   synthesis, place and route, netlists instead (scripts/setup --flow has the tools): half an hour
  --time   orders in time instead: streams, whole utterances, depths of the pipeline, chains of engines
  --patterns  cycles and index bits of strips, rows, banks, kernels and masks instead, beside published figures; time and memory
              of finding them
  --ranges  LUTs and registers that are predicted instead, beside what Yosys makes: the networks above, the examples and random
              ones, for every family: an hour
  --json   one JSON object on stdout
  --help   this text

The golden model is held against onnxruntime-node, which the first run installs into scripts/benchmarks/onnxruntime.

Exit code: 0 every target is met, 1 one is short, 2 bad usage or a measurement that could not be made.`;

/** The shape and pattern of the HCGS paper at 16 times fewer weights, with random weights. */
const LARGE =
  '--inputs 512 --hidden 512,512,512 --blocks 32,4 --keep 4/16,2/8 --weight-bits 6 --activation-bits 13 --seed 1';
const INDEX_BITS = 0.06;

async function largeNetwork(bench: Workbench): Promise<string> {
  const large = bench.path('large.safetensors');
  await bench.hcgs(['random', ...LARGE.split(' '), '-o', large]);
  return large;
}

async function measureFlow(bench: Workbench, add: (row: Row) => void): Promise<void> {
  const large = await largeNetwork(bench);
  await flow(bench, { large, keyword: await compressed(bench, exampleNetwork, 'example') }, add);
}

async function measure(bench: Workbench, quick: boolean, add: (row: Row) => void): Promise<void> {
  const large = { what: '3 x 512', model: await largeNetwork(bench) };
  const at64 = await utilization(bench, large, 64, 0.99);
  add(at64.row);
  add((await utilization(bench, large, 256, 0.97)).row);
  if (quick) add(skipped('MAC utilization, 3 x 512, 1024 MACs', 'at least 92 %', '--quick'));
  else add((await utilization(bench, large, 1024, 0.92)).row);

  const model = await compressed(bench, exampleNetwork, 'example');
  const keyword = { what: 'keyword network V16', model };
  add((await utilization(bench, keyword, 8, 0.97)).row);
  add((await utilization(bench, keyword, 64, 0.8)).row);

  const { indexBitsPerKeptWeight } = at64.generated.estimate;
  add({
    what: 'index bits per kept weight, 3 x 512, 64 MACs',
    measured: indexBitsPerKeptWeight.toFixed(4),
    target: `at most ${INDEX_BITS}`,
    ok: indexBitsPerKeptWeight <= INDEX_BITS,
    values: { indexBitsPerKeptWeight, target: INDEX_BITS },
  });

  for (const [name, expected] of [
    ['V0', 176],
    ['V4', 168],
    ['V8', 163],
    ['V16', 165],
  ] as const) {
    const what = `correct of 204 clips, keyword network ${name}`;
    if (quick && name === 'V0') add(skipped(what, `${expected} +- 2`, '--quick'));
    else add(await accuracy(bench, name, expected));
  }
  add(await generateAgainstBuild(bench, large.model));
  add(await sourceLines(large.model));
  add(await simulationSpeed(bench, at64.directory));
  add(await goldenSpeed(large.model));
  add(agreement(bench));
}

/** Every value of every co-simulation above, and its cycles and latency against the prediction. */
function agreement({ cosims }: Workbench): Row {
  const sum = (field: 'mismatches' | 'comparedValues'): number =>
    cosims.reduce((total, cosim) => total + cosim[field], 0);
  const failed = cosims.filter(({ ok }) => !ok).length;
  const [mismatches, comparedValues] = [sum('mismatches'), sum('comparedValues')];
  return {
    what: `mismatches, the ${cosims.length} co-simulations above`,
    measured: `${mismatches} of ${comparedValues} values${failed > 0 ? `, ${failed} failed` : ''}`,
    target: '0',
    ok: mismatches === 0 && failed === 0,
    values: { mismatches, comparedValues, cosims: cosims.length, failed },
  };
}

async function main(): Promise<number> {
  const { values: options } = parseArgs({
    options: {
      quick: { type: 'boolean', default: false },
      flow: { type: 'boolean', default: false },
      time: { type: 'boolean', default: false },
      patterns: { type: 'boolean', default: false },
      ranges: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (options.help) {
    console.log(HELP);
    return 0;
  }
  const bench = new Workbench();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => {
      bench.close();
      process.exit(130);
    });
  }
  const rows: Row[] = [];
  try {
    const add = (row: Row): void => {
      rows.push(row);
      console.error(`bench: ${row.what}: ${row.measured}`);
    };
    if (options.flow) await measureFlow(bench, add);
    else if (options.time) await ordersInTime(bench, add);
    else if (options.patterns) await patterns(bench, add);
    else if (options.ranges) await ranges(bench, await largeNetwork(bench), add);
    else await measure(bench, options.quick, add);
  } finally {
    bench.close();
  }
  const ok = rows.every((row) => row.ok !== false);
  const simulator = bench.cosims[0]?.simulator;
  const report = { schemaVersion: 1, toolVersion, ok, simulator, node: process.version, rows };
  console.log(options.json ? JSON.stringify(report, null, 2) : tableText(rows));
  return ok ? 0 : 1;
}

process.exitCode = await main().catch((error: unknown) => {
  console.error(`bench: ${error instanceof Error ? error.message : error}`);
  return 2;
});
