import { rm } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { silentProgress } from '../../generator/base/progress.js';
import { cosimulate } from '../../generator/cosim/cosimulate.js';
import { randomFrames } from '../../generator/cosim/driver/random-frames.js';
import { describeMismatch } from '../../generator/cosim/scoreboard/mismatch.js';
import type { ReferenceFrame } from '../../generator/cosim/scoreboard/reference.js';
import type { Trace } from '../../generator/cosim/trace.js';
import { type MockFault, MockReference, mockDesign, TRACE } from './support/mock.js';

/** Three channels, no state, an odd number of values that are 32 bits on their way. */
const OTHER: Trace = {
  ...TRACE,
  layers: TRACE.layers.map(({ rows }) => ({
    rows,
    names: { sums: 'sums', value: 's' },
    channels: ['p', 'q', 'r'].map((name, place) => ({ name, place })),
  })),
  records: TRACE.records.map((record) => ({
    ...record,
    tensors: record.tensors.flatMap((tensor) => {
      if (tensor.role === 'state') return [];
      return [
        tensor.role === 'sums'
          ? { ...tensor, channels: ['p', 'q', 'r'] }
          : { ...tensor, name: 's' },
      ];
    }),
  })),
};

/** mock_core.v with such a cell. */
function edited(text: string): string {
  const edits: readonly (readonly [string, string])[] = [
    ['output reg [2*4*24-1:0] trace_sum_data', 'output reg [2*3*24-1:0] trace_sum_data'],
    ['    output reg [2*16-1:0] trace_cell_c,\n', ''],
    ['        trace_cell_c = 0;\n', ''],
    ['gate < 4', 'gate < 3'],
    ['                if (gate == 0) trace_cell_c[16 * lane +: 16] = value[15:0];\n', ''],
    ['24 * (4 * lane + gate)', '24 * (3 * lane + gate)'],
  ];
  return edits.reduce((now, [from, to]) => {
    expect(now.split(from)).toHaveLength(2);
    return now.replace(from, to);
  }, text);
}

class OtherReference extends MockReference {
  override step(x: Int32Array): ReferenceFrame {
    const { layers, outputs } = super.step(x);
    const fewer = layers.map(({ sums, value }) => ({
      sums: (sums as Float64Array).slice(0, ((sums as Float64Array).length / 4) * 3),
      ...{ state: null, value },
    }));
    return { layers: fewer, outputs };
  }
}

async function run(fault?: MockFault) {
  const mock = await mockDesign(fault);
  const verilog = new Map([...mock.verilog].map(([name, text]) => [name, edited(text)]));
  const design = { ...mock, verilog, trace: OTHER };
  const result = await cosimulate({
    design,
    frames: randomFrames({ frames: 12, inputs: design.inputs, bits: 13, seed: 5 }),
    reference: new OtherReference(),
    stalls: { gap: 0, pause: 0 },
    protocol: { reference: new OtherReference(), inputBits: 13 },
    seed: 7,
    waveFile: path.join(design.directory, 'mock.fst'),
    waves: 'never',
    progress: silentProgress,
  });
  await rm(design.directory, { recursive: true });
  return result;
}

describe('hardware with three channels and no state', () => {
  it('is compared in every value, and through resets', async () => {
    const { comparisons, firstMismatch, complaints, protocol } = await run();
    expect([firstMismatch, complaints, protocol?.complaints]).toEqual([null, [], []]);
    expect(comparisons.map(({ layer, tensor, compared }) => [layer, tensor, compared])).toEqual([
      [0, 'sums', 12 * 15],
      [0, 's', 12 * 5],
      [1, 'sums', 12 * 9],
      [1, 's', 12 * 3],
      [null, 'outputs', 12 * 3],
    ]);
  });

  it.each([
    ['wrongSum', 'frame 2, layer 1, row 1, sum of gate r: '],
    ['wrongH', 'frame 2, layer 1, row 1, s: '],
  ] as const)('%s is named as its trace names it', async (kind, text) => {
    const { firstMismatch } = await run({ kind, frame: 2, layer: 1, row: 1 });
    expect(firstMismatch && describeMismatch(firstMismatch)).toContain(text);
  });
});
