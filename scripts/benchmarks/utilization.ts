import type { Generated, Workbench } from './hcgs.js';
import { percent, type Row } from './row.js';

/** Random frames of a measurement: 12 fill the pipeline, the spacing of the others is the figure. */
const FRAMES = ['--random', '20', '--seed', '3'];

/** Share of the array's multiplications that kept weights need, counted by the hardware in co-simulation. */
export async function utilization(
  bench: Workbench,
  network: { readonly what: string; readonly model: string },
  macs: number,
  target: number,
): Promise<{ readonly row: Row; readonly directory: string; readonly generated: Generated }> {
  const directory = bench.path(`${network.what.replace(/\W+/g, '_')}_${macs}`);
  const generated = await bench.generate(network.model, macs, directory);
  const { cellLanes, streamLanes } = generated.estimate;
  const { macUtilization, cyclesPerFrame } = await bench.cosim(directory, FRAMES);
  const row: Row = {
    what: `MAC utilization, ${network.what}, ${macs} MACs`,
    measured: `${percent(macUtilization)}, ${cyclesPerFrame} cycles per frame, cell lanes ${cellLanes}, stream lanes ${streamLanes}`,
    target: `at least ${percent(target, 0)}`,
    ok: macUtilization >= target,
    values: { macUtilization, cyclesPerFrame, cellLanes, streamLanes, target },
  };
  return { row, directory, generated };
}
