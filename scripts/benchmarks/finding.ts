import { statSync, writeFileSync } from 'node:fs';
import { patternKind } from '../../generator/sparsity/kind-of.js';
import { attempt } from './case.js';
import { sparseGru } from './float-network.js';
import type { Measured, Workbench } from './hcgs.js';
import type { Row } from './row.js';

/** Memory beyond that of the program which does nothing, in sizes of the file of the network; and how long it may take. */
const MOST = { times: 4, seconds: 30 };

const KINDS = [
  { kind: 'kernels', options: { blocks: '32x32', rate: '20' }, what: 'kernels of 32 at 20 x' },
  { kind: 'strips', options: { blocks: '32x256', rate: '10' }, what: 'strips of 32x256 at 10 x' },
] as const;

/** What it takes to find the pattern of a large network in its zeros. */
export async function finding(bench: Workbench, add: (row: Row) => void): Promise<void> {
  for (const { kind, options, what } of KINDS) {
    const net = bench.path(`net_${kind}.safetensors`);
    const spec = patternKind({ kind }).parse.spec(options);
    writeFileSync(net, sparseGru(39, [1024, 1024], spec, 1));
    const out = bench.path(`found_${kind}.safetensors`);
    for (const command of [
      ['inspect', net],
      ['compress', net, '--calibrate-noise', '1', '-o', out],
    ]) {
      // the command's own program is loaded for its help, too
      const bare = await bench.measured([command[0] as string, '--help']);
      const name = `GRU 2 x 1024 in float32, ${what}, found by ${command[0]}`;
      add(await found(name, { bench, command, bare, fileBytes: statSync(net).size }));
    }
  }
}

interface Finding {
  readonly bench: Workbench;
  readonly command: readonly string[];
  readonly bare: Measured;
  readonly fileBytes: number;
}

function found(what: string, { bench, command, bare, fileBytes }: Finding): Promise<Row> {
  const { times: most, seconds: longest } = MOST;
  const target = `at most ${most} times the file beyond the bare process, ${longest} s`;
  return attempt(what, target, async () => {
    const { seconds, peakBytes } = await bench.measured(command);
    const bareBytes = bare.peakBytes;
    const times = (peakBytes - bareBytes) / fileBytes;
    const [peak, alone, file] = [peakBytes, bareBytes, fileBytes].map((n) => (n / 1e6).toFixed(0));
    return {
      ...{ what, target, ok: times <= most && seconds <= longest },
      measured: `${seconds.toFixed(1)} s, peak ${peak} MB, ${alone} MB of it the bare process: ${times.toFixed(1)} times the ${file} MB of the file`,
      values: { seconds, peakBytes, bareBytes, fileBytes, times, target: most },
    };
  });
}
