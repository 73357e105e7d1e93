import { mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CosimDesign } from '../../../generator/cosim/design.js';
import type { Reference, ReferenceFrame } from '../../../generator/cosim/scoreboard/reference.js';
import type { Trace } from '../../../generator/cosim/trace.js';

const INPUTS = 5;
const CELLS = [5, 3] as const;
const OUTPUTS = 3;

/** What the trace port of mock_core.v shows. */
export const TRACE: Trace = {
  lanes: 2,
  records: [
    {
      port: 'trace_sum',
      tensors: [
        {
          ...{ role: 'sums', name: 'sums', channels: ['i', 'f', 'g', 'o'] },
          ...{ port: 'trace_sum_data', bits: 24, signed: true },
        },
      ],
    },
    {
      port: 'trace_cell',
      tensors: [
        {
          ...{ role: 'state', name: 'c', channels: null },
          ...{ port: 'trace_cell_c', bits: 16, signed: true },
        },
        {
          ...{ role: 'value', name: 'h', channels: null },
          ...{ port: 'trace_cell_h', bits: 13, signed: true },
        },
      ],
    },
  ],
  layers: CELLS.map((rows) => ({
    rows,
    names: { sums: 'sums', state: 'c', value: 'h' },
    channels: ['i', 'f', 'g', 'o'].map((name, place) => ({ name, place })),
  })),
};

/** Faults that mock_core.v can be made to have. */
export const FAULTS = {
  none: 0,
  wrongSum: 1,
  wrongH: 2,
  droppedFrame: 3,
  hang: 4,
  wrongOutput: 5,
  untracedRow: 6,
  unstableOutput: 7,
  cyclesOff: 8,
  strangeLayer: 9,
  surplusFrame: 10,
  slow: 11,
  tracesForEver: 12,
  endlessOutput: 13,
  stateOutlivesReset: 14,
  errorCountOutlivesReset: 15,
  errorCountWraps: 16,
  readyInReset: 17,
  lateTuserCounts: 18,
  tuserOfWrongFrameLost: 19,
  lateAfterReset: 20,
  unusedInputLaneCounts: 21,
  tlastEarly: 22,
  busyTooLong: 23,
  garbageInUnusedLane: 24,
  longFrameTaken: 25,
  frameOutlivesReset: 26,
  lateLast: 27,
} as const;

export interface MockFault {
  readonly kind: keyof typeof FAULTS;
  readonly frame?: number;
  readonly layer?: number;
  readonly row?: number;
}

/** Image that gives mock_core.v a fault, read when a simulation starts. */
export function faultImage(fault: MockFault): string {
  const words = [FAULTS[fault.kind], fault.frame ?? 0, fault.layer ?? 0, fault.row ?? 0];
  return words.map((word) => `${word.toString(16)}\n`).join('');
}

/** mock_core.v as a design in a directory of its own, with a fault. */
export async function mockDesign(fault: MockFault = { kind: 'none' }): Promise<CosimDesign> {
  const directory = await mkdtemp(path.join(tmpdir(), 'hcgs-mock-'));
  await mkdir(path.join(directory, 'mem'));
  await writeFile(path.join(directory, 'mem', 'fault.mem'), faultImage(fault));
  const text = await readFile(fileURLToPath(new URL('mock_core.v', import.meta.url)), 'utf8');
  return {
    name: 'mock',
    directory,
    core: 'mock_core',
    verilog: new Map([['mock_core.v', text]]),
    ports: {
      streamLanes: 2,
      xBytes: 2,
      outBytes: 4,
    },
    trace: TRACE,
    inputs: INPUTS,
    outputs: OUTPUTS,
    buffers: { input: 1, inside: 1 },
    macs: 8,
    emit: 'every',
    order: 'frames',
    maxFrames: null,
    streams: 1,
    predicted: { cyclesPerFrame: 10, latencyCycles: 7, silentCycles: null },
  };
}

/** What mock_core.v computes. */
export class MockReference implements Reference {
  #h: Int32Array[] = [];

  constructor() {
    this.reset();
  }

  reset(): void {
    this.#h = CELLS.map((cells) => new Int32Array(cells));
  }

  step(x: Int32Array): ReferenceFrame {
    let input = x;
    const layers = CELLS.map((cells, layer) => {
      const before = this.#h[layer] as Int32Array;
      const sums = Float64Array.from({ length: 4 * cells }, (_, i) => {
        const gate = Math.floor(i / cells);
        const row = i % cells;
        const value = input[row % input.length] as number;
        return value * (gate + 1) + (before[row] as number) + row - 3 * gate;
      });
      const c = Int32Array.from(sums.subarray(0, cells), (s) => (s << 16) >> 16);
      const h = Int32Array.from(sums.subarray(cells, 2 * cells), (s) => (s << 19) >> 19);
      this.#h[layer] = h;
      input = h;
      return { sums, state: c, value: h };
    });
    const outputs = Float64Array.from({ length: OUTPUTS }, (_, o) => 3 * (input[o] as number) + o);
    return { layers, outputs };
  }
}
