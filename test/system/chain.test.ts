import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { buildHardwareImages } from '../../generator/accelerator/chain/placed.js';
import { planChain } from '../../generator/accelerator/index.js';
import type { DesignOptions } from '../../generator/accelerator/plan/options.js';
import { randomFrames } from '../../generator/cosim/driver/random-frames.js';
import { DRAWN_CELLS, type RandomOptions, randomModel } from '../../generator/network/random.js';
import { coreBench } from '../support/core-bench.js';
import { designOf, expectExact, simulate } from '../support/simulate.js';

const k = (kept: number, n: number) => ({ k: kept, n });
const base = {
  sharing: 'shared',
  words: { weight: 6, activation: 13, cell: 16, bias: 16 },
  seed: 1,
} as const;
const sparse = { kind: 'hcgs', blocks: [4], keep: [k(1, 2)] } as const;

type Network = Omit<RandomOptions, keyof typeof base> & Partial<RandomOptions>;
type Case = readonly [
  what: string,
  engines: number,
  network: Network,
  options: Omit<DesignOptions, 'name'>,
];

/** Every kind of cell once, of engines as fast as each other and not, in beats of one value and of several. */
const CASES: readonly Case[] = [
  [
    'gates beside each other in one engine and in turn in the other, sums of an output layer leave',
    2,
    { cell: ['lstm', 'gru'], inputs: 6, hidden: [8, 11], patterns: [sparse], outputs: 5 },
    { macs: 16 },
  ],
  [
    'three engines, outputs of last frames alone',
    3,
    {
      cell: ['gru-before', 'lstm-peephole', 'dense-relu', 'rnn-tanh'],
      ...{ inputs: 5, hidden: [8, 9, 8, 7], patterns: [null], outputs: 0 },
    },
    { macs: 16, emit: 'last' },
  ],
  [
    'three engines, masks of each gate, initial states, two values in a beat',
    3,
    {
      cell: ['gru-relu', 'rnn-relu', 'dense-tanh', 'gru-relu-before'],
      ...{ inputs: 7, hidden: [9, 8, 8, 8], patterns: [sparse], outputs: 0 },
      ...{ sharing: 'per-gate', initialState: true },
    },
    { macs: 8, streamLanes: 2 },
  ],
  [
    'numbers in place of parameters, and a projection',
    2,
    {
      cell: ['dense-sigmoid', 'lstm'],
      ...{ inputs: 9, hidden: [12, 8], projection: [0, 4], patterns: [null], outputs: 3 },
    },
    { macs: 16, style: 'specialised' },
  ],
  [
    'four engines whose frames are a beat or two, outputs of last frames alone',
    4,
    { cell: 'dense-linear', inputs: 2, hidden: [1, 2, 1, 2], patterns: [null], outputs: 0 },
    { macs: 4, emit: 'last' },
  ],
];

test('every kind of cell is in an engine', () => {
  const cells = CASES.flatMap(([, , { cell = [] }]) => cell);
  expect(new Set(cells)).toEqual(new Set(DRAWN_CELLS));
});

function planned([, engines, network, options]: Case) {
  const model = randomModel({ ...base, ...network });
  return { model, ...planChain(model, { ...options, name: 'dut' }, engines) };
}

describe.each(CASES)('a chain: %s', (...given) => {
  const { model, chain, cuts, prediction } = planned(given);

  test('computes what the golden model computes, in the cycles predicted', async () => {
    const result = await simulate(chain, model, { cuts, frames: 14, protocol: true });
    expectExact(result);
    const { engines, latencyCycles } = prediction;
    expect(latencyCycles).toBe(engines.reduce((sum, one) => sum + one.latencyCycles, 0));
    expect(result.comparisons.every(({ compared }) => compared > 0)).toBe(true);
  });

  test.each([1, 2])('under stalls of seed %i', async (seed) => {
    const result = await simulate(chain, model, { cuts, frames: 14, stall: 0.35, seed });
    expect(result.firstMismatch).toBeNull();
    expect(result.complaints).toEqual([]);
  });
});

test('frames without outputs that fill a chain in front of a slow engine do not look as if it hangs', async () => {
  const network = { inputs: 2, hidden: [2, 2, 24], patterns: [null], outputs: 0 };
  const { model, chain, cuts } = planned(['', 3, network, { macs: 4, emit: 'last' }]);
  const drawn = randomFrames({ frames: 14, inputs: 2, bits: model.words.activation, seed: 1 });
  const sequence = { ...drawn, utteranceStarts: [0] };
  const { firstMismatch, complaints } = await simulate(chain, model, { cuts, sequence });
  expect([firstMismatch, complaints]).toEqual([null, []]);
});

test.each([[[3, 24, 3]], [[3, 3, 24]]])(
  'engines for layers of %j cells: every frame of a long run moves in the cycle predicted',
  async (hidden) => {
    const network = { inputs: 4, hidden, patterns: [null], outputs: 0 };
    const { model, chain, cuts } = planned(['', 3, network, { macs: 4 }]);
    const directory = mkdtempSync(join(tmpdir(), 'hcgs-chain-'));
    try {
      for (const [path, text] of buildHardwareImages(chain, model, cuts)) {
        mkdirSync(dirname(join(directory, path)), { recursive: true });
        writeFileSync(join(directory, path), text);
      }
      const design = designOf(chain, model, directory, cuts);
      const bench = await coreBench(design);
      const frames = Array.from({ length: 40 }, () => bench.frame([1, -2, 3, -4]));
      const seen = await bench.run([...frames, { kind: 'drain' }]);
      const cyclesOf = (kind: 'input' | 'output') =>
        seen.flatMap((one) => (one.kind === kind ? [one.cycle] : []));
      const [inputs, outputs] = [cyclesOf('input'), cyclesOf('output')];
      const start = inputs[0] as number;
      const marks = frames.map(() => ({ emits: true, last: false, stream: 0 }));
      const due = design.predicted.backToBack?.(marks) ?? [];
      expect(inputs.map((at) => at - start)).toEqual(due.map(({ accepted }) => accepted));
      expect(outputs.map((at) => at - start)).toEqual(due.map(({ ended }) => ended));
    } finally {
      rmSync(directory, { recursive: true });
    }
  },
);

describe('a chain that is broken by hand is caught:', () => {
  const [every, last] = CASES as unknown as readonly [Case, Case];
  const short = CASES.at(-1) as Case;

  test.each([
    ['the mark of a first frame is lost', every, 'dut_core', 'e0_axis_tuser[0]', "1'b0"],
    ['a joint does not wait', every, 'dut_core', /(\.m_axis_tready\s+\()e0_axis_tready/, "$11'b1"],
    ['busy of one engine alone', every, 'dut_core', 'e0_busy || e1_busy', 'e0_busy'],
    [
      'errors of the last engine',
      every,
      'dut_core',
      'assign error = e0_error',
      'assign error = e1_error',
    ],
    [
      'the marks of an engine are those of the frame behind',
      short,
      'dut_e1_cell_update',
      /(output_marks = ).*;/,
      '$1marks;',
    ],
    [
      'the mark of a last frame is lost',
      last,
      'dut_e0_frame_output',
      /(asked_final <= ).*;/,
      "$11'b0;",
    ],
    [
      'an engine in front drops frames',
      last,
      'dut_e0_core',
      /(\.write_end\s+\()(.*)\),/,
      '$1$2 && output_marks[1]),',
    ],
  ] as const)('%s', async (_, given, file, from, to) => {
    const { model, chain, cuts } = planned(given);
    let changed = false;
    const sequence = randomFrames({
      ...{ frames: 12, inputs: model.input.length, bits: model.words.activation, seed: 5 },
    });
    const { firstMismatch, complaints, protocol } = await simulate(chain, model, {
      ...{ cuts, sequence, protocol: true },
      mutate: (name, text) => {
        if (name !== `${file}.v`) return text;
        const edited = text.replace(from, to);
        changed ||= edited !== text;
        return edited;
      },
    });
    expect(changed).toBe(true);
    expect(firstMismatch ?? complaints[0] ?? protocol?.complaints[0]).toBeDefined();
  });
});
