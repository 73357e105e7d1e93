import { yardstickCyclesPerSecond } from '../../generator/cosim/driver/yardstick.js';
import type { Workbench } from './hcgs.js';
import type { Row } from './row.js';

const RATIO = 0.5;
const REPEATS = 3;
/** The best of so many rounds on each side, in turn: a shared machine is slow for seconds at a time. */
const ROUNDS = 10;

/** Wall time of `generate` (the slowest of three) against Verilator's first build of the same design, without caches. */
export async function generateAgainstBuild(bench: Workbench, model: string): Promise<Row> {
  const directory = bench.path('timed');
  let seconds = 0;
  for (let i = 0; i < REPEATS; i++) {
    const started = performance.now();
    await bench.generate(model, 64, directory);
    seconds = Math.max(seconds, (performance.now() - started) / 1000);
  }
  const { buildSeconds } = await bench.cosim(directory, ['--random', '2'], {
    HCGS_CACHE: bench.path('empty-cache'),
    CCACHE_DISABLE: '1',
  });
  return {
    what: 'generate, 3 x 512, 64 MACs',
    measured: `${seconds.toFixed(1)} s; first Verilator build ${buildSeconds.toFixed(1)} s`,
    target: 'less than the build',
    ok: seconds < buildSeconds,
    values: { generateSeconds: seconds, buildSeconds },
  };
}

/**
 * Cycles per second of processor time, against a minimal hand-written 64-MAC datapath under the same Verilator flags.
 * The best of some runs each, in turn, because other work on the machine only ever slows a run down.
 */
export async function simulationSpeed(bench: Workbench, directory: string): Promise<Row> {
  let [cosim, yardstick] = [0, 0];
  for (let i = 0; i < ROUNDS; i++) {
    yardstick = Math.max(yardstick, await yardstickCyclesPerSecond());
    const { cyclesPerSecond } = await bench.cosim(directory, ['--random', '300']);
    cosim = Math.max(cosim, cyclesPerSecond);
  }
  const ratio = cosim / yardstick;
  const millions = (rate: number): string => (rate / 1e6).toFixed(2);
  return {
    what: 'co-simulation, 3 x 512, 64 MACs, million cycles per second',
    measured: `${millions(cosim)}; yardstick ${millions(yardstick)}, ratio ${ratio.toFixed(2)}`,
    target: `ratio at least ${RATIO}`,
    ok: ratio >= RATIO,
    values: {
      cyclesPerSecond: cosim,
      yardstickCyclesPerSecond: yardstick,
      ratio,
      target: RATIO,
    },
  };
}
