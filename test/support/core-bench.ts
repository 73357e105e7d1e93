import { harnessSource } from '../../generator/cosim/build/harness.js';
import { verilate } from '../../generator/cosim/build/verilate.js';
import type { CosimDesign } from '../../generator/cosim/design.js';
import { beatPacker } from '../../generator/cosim/driver/beats.js';
import { streamShape } from '../../generator/cosim/driver/bounds.js';
import { drive } from '../../generator/cosim/driver/drive.js';
import type { Operation } from '../../generator/cosim/driver/operations.js';
import type { Observation, Status } from '../../generator/cosim/monitor/observations.js';

/** A built core that a test drives operation by operation. */
export interface CoreBench {
  readonly design: CosimDesign;
  /** Configures (no stalls, no trace), resets, performs the operations, and returns everything seen. */
  run(operations: Iterable<Operation>, settings?: BenchSettings): Promise<readonly Observation[]>;
  /** A frame of any number of values as an operation; `start`: tuser on its first beat. */
  frame(values: ArrayLike<number>, start?: boolean): Operation;
}

export interface BenchSettings {
  readonly tracing?: boolean;
  readonly stall?: number;
  readonly seed?: number;
  readonly patience?: number;
}

export async function coreBench(design: CosimDesign): Promise<CoreBench> {
  const { program } = await verilate(harnessSource(design));
  const pack = beatPacker(design.ports);
  return {
    design,
    frame: (values, start = false) => ({ kind: 'beats', bytes: pack(values, start) }),
    run: async (operations, settings = {}) => {
      const seen: Observation[] = [];
      const { tracing = false, stall = 0, seed = 1, patience = 20_000 } = settings;
      await drive({
        program,
        directory: design.directory,
        load: design.load,
        seed,
        operations: [
          {
            kind: 'configure',
            ...{
              tracing,
              seed,
              patience,
              shape: streamShape(design),
              rows: design.trace.layers.map(({ rows }) => rows),
            },
          },
          { kind: 'stall', gap: stall, pause: stall },
          { kind: 'reset', cycles: 2, offer: false },
          ...operations,
        ],
        observe: (observation) => {
          seen.push(observation);
          return 'go';
        },
      });
      return seen;
    },
  };
}

/** The values of each output frame, without the unused lanes. */
export function outputsOf(seen: readonly Observation[], outputs: number): number[][] {
  return seen.flatMap((o) => (o.kind === 'output' ? [[...o.values.subarray(0, outputs)]] : []));
}

/** The status observations asked for, without the one that ends every run. */
export function statusesOf(seen: readonly Observation[]): Status[] {
  return seen.filter((o): o is Status => o.kind === 'status').slice(0, -1);
}
