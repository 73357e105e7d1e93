import { describe, expect, it, vi } from 'vitest';
import type { CosimDesign } from '../../generator/cosim/design.js';
import { randomFrames } from '../../generator/cosim/driver/random-frames.js';
import { differenceOf } from '../../generator/cosim/protocol/difference.js';
import { checkTrace } from '../../generator/cosim/read-trace.js';
import { describeMismatch } from '../../generator/cosim/scoreboard/mismatch.js';
import { Scoreboard } from '../../generator/cosim/scoreboard/scoreboard.js';
import { type RecordedTrace, type Trace, traceSchema } from '../../generator/cosim/trace.js';
import { designTrace } from '../../generator/design/manifest/trace.js';
import { type GoldenFrame, GoldenNetwork } from '../../generator/golden/network.js';
import type { CellKind } from '../../generator/network/cells/registry.js';
import { refusal } from '../support/refusal.js';
import { statelessModel } from './support/stateless-model.js';

vi.mock('../../generator/network/cells/registry.js', async (load) => {
  type Registry = typeof import('../../generator/network/cells/registry.js');
  const registry = await load<Registry>();
  const { stateless } = await import('./support/stateless.js');
  Object.assign(registry.CELLS, { stateless });
  return registry;
});
vi.mock('../../generator/golden/cells/registry.js', async (load) => {
  type Registry = typeof import('../../generator/golden/cells/registry.js');
  const registry = await load<Registry>();
  const { goldenStateless } = await import('./support/golden-stateless.js');
  Object.assign(registry.GOLDEN_CELLS, { stateless: goldenStateless });
  return registry;
});

const HIDDEN = [5, 3];
const model = statelessModel(HIDDEN);
const parameters = {
  ...{ cells: ['stateless' as CellKind], cellLanes: 2, cellCycles: 1, sumBits: 26 },
  ...{ slices: 3, outputLayer: true },
};
const configuration = { ...parameters, words: model.words };
const trace: Trace = traceSchema.parse(
  JSON.parse(JSON.stringify(designTrace(configuration as never, model))),
);
const design = {
  ...{ trace, outputs: 3, inputs: 6, emit: 'every', order: 'frames', streams: 1 },
  ports: { streamLanes: 1, xBytes: 2, outBytes: 2 },
} as unknown as CosimDesign;
const FRAMES = 4;
const frames = randomFrames({ frames: FRAMES, inputs: 6, bits: 13, seed: 3 });

/** What the hardware would show of a frame of a layer. */
function rowsOf(frame: GoldenFrame, sequence: number, layer: number, record: number) {
  const { sums, value } = frame.layers[layer] as GoldenFrame['layers'][number];
  const cycle = new Float64Array(value.length).fill(10 * sequence + 2 * layer + record);
  const values = record === 0 ? sums.slice() : value.slice();
  return { kind: 'rows', stream: 0, record, layer, sequence, missing: 0, cycle, values } as const;
}

type Rows = ReturnType<typeof rowsOf>;

/** Compares a golden run with itself, spoilt. */
function compared(spoil: (rows: Rows) => void): Scoreboard {
  const comparator = new Scoreboard(design, frames, new GoldenNetwork(model));
  const shown = new GoldenNetwork(model);
  for (let n = 0; n < FRAMES; n++) {
    if (frames.utteranceStarts.includes(n)) shown.reset();
    const frame = shown.step(frames.codes.subarray(6 * n, 6 * n + 6));
    for (const layer of [0, 1]) {
      for (const record of [0, 1]) {
        const rows = rowsOf(frame, n, layer, record);
        spoil(rows);
        comparator.rows(rows);
      }
    }
    comparator.output({
      ...{ kind: 'output', stream: 0, sequence: n, cycle: 10 * n + 9 },
      values: Float64Array.from(frame.outputs),
    });
  }
  comparator.finish(100);
  return comparator;
}

const is = (rows: Rows, sequence: number, layer: number, record: number) =>
  rows.sequence === sequence && rows.layer === layer && rows.record === record;

describe('a cell of three gates and four channels, without a state', () => {
  it('is shown under its own names', () => {
    const { records, layers } = trace;
    expect(records.map(({ tensors }) => tensors.map(({ name }) => name))).toEqual([
      ['sums'],
      ['s'],
    ]);
    expect(records[0]?.tensors[0]?.channels).toEqual(['r', 'z', 'nx', 'nh']);
    expect(layers.map(({ rows }) => rows)).toEqual(HIDDEN);
  });

  it('is compared in every value', () => {
    const comparator = compared(() => undefined);
    expect(comparator.firstMismatch).toBeNull();
    expect(comparator.finishedFrames).toBe(FRAMES);
    const counts = comparator.comparisons.map(({ layer, tensor, compared: n }) => [
      layer,
      tensor,
      n,
    ]);
    expect(counts).toEqual([
      [0, 'sums', 4 * 5 * FRAMES],
      [0, 's', 5 * FRAMES],
      [1, 'sums', 4 * 3 * FRAMES],
      [1, 's', 3 * FRAMES],
      [null, 'outputs', 3 * FRAMES],
    ]);
  });

  it.each([
    [0, 3 * 5 + 2, 'frame 1, layer 0, row 2, sum of gate nh', 'nh'],
    [0, 2 * 5, 'frame 1, layer 0, row 0, sum of gate nx', 'nx'],
    [1, 4, 'frame 1, layer 0, row 4, s', null],
  ])('a wrong value of record %i at %i is called %s', (record, index, text, gate) => {
    let spoilt: Rows | null = null;
    const comparator = compared((rows) => {
      if (!is(rows, 1, 0, record)) return;
      rows.values[index] = (rows.values[index] as number) + 1;
      spoilt = rows;
    });
    const found = comparator.firstMismatch;
    expect(found).toMatchObject({ frame: 1, layer: 0, gate });
    expect(describeMismatch(found as NonNullable<typeof found>)).toBe(
      `${text}: expected ${found?.expected}, got ${(found?.expected as number) + 1} (cycle ${10 + record})`,
    );
    // and so in the protocol pass
    const golden = new GoldenNetwork(model);
    const frame = [0, 1].map((n) => {
      if (frames.utteranceStarts.includes(n)) golden.reset();
      return golden.step(frames.codes.subarray(6 * n, 6 * n + 6));
    })[1] as GoldenFrame;
    expect(differenceOf(design, 1, frame, spoilt as unknown as Rows)?.text).toContain(`${text}:`);
  });

  it('of two wrong values in one cycle the one computed first is named', () => {
    const comparator = compared((rows) => {
      if (!is(rows, 2, 1, 0) && !is(rows, 2, 1, 1)) return;
      rows.cycle.fill(25);
      rows.values[0] = (rows.values[0] as number) + 1;
    });
    expect(comparator.firstMismatch).toMatchObject({ tensor: 'sums', gate: 'r', cycle: 25 });
  });
});

describe('a trace that is not what the hardware shows', () => {
  const check = (broken: unknown) =>
    checkTrace('dir', broken as RecordedTrace, model, [parameters]);

  it('is not the one that was written', () => {
    expect(() => check(trace)).not.toThrow();
  });

  it.each([
    ['lanes', 4, '2'],
    ['records.0.tensors.0.name', 'gates', '"sums"'],
    ['records.0.tensors.0.channels.3', 'n', '"nh"'],
    ['records.0.tensors.0.bits', 25, '26'],
    ['records.0.tensors.0.signed', false, 'true'],
    ['records.1.port', 'trace_sum', '"trace_cell"'],
    ['records.1.tensors.0.name', 'h', '"s"'],
    ['records.1.tensors.0.role', 'state', '"value"'],
    ['records.1.tensors.0.bits', 12, '13'],
    ['layers.1.rows', 4, '3'],
    ['layers.0.pass', 1, '0'],
  ])('is refused for its %s', (field, value, expected) => {
    const broken = structuredClone(trace) as unknown as Record<string, unknown>;
    const path = field.split('.');
    const last = path.pop() as string;
    const at = path.reduce((one, key) => one[key] as Record<string, unknown>, broken);
    at[last] = value;
    expect(refusal(() => check(broken))).toMatchObject({
      ...{ code: 'DESIGN_RECORDS', field: `trace.${field}`, expected },
      got: JSON.stringify(value),
    });
  });

  it('is refused for a record or a layer too few', () => {
    const fields = [
      { ...trace, records: trace.records.slice(1) },
      { ...trace, layers: trace.layers.slice(1) },
      { ...trace, layers: trace.layers.slice(0, 1) },
    ].map((broken) => refusal(() => check(broken)).field);
    expect(fields).toEqual(['trace.records.0.port', 'trace.layers.0.pass', 'trace.layers.1']);
  });

  it('is refused for a record, a channel or a layer too many', () => {
    const [record] = structuredClone(trace.records) as unknown as {
      tensors: { channels: string[] }[];
    }[];
    record?.tensors[0]?.channels.push('extra');
    const fields = [
      { ...trace, records: [...trace.records, ...trace.records.slice(0, 1)] },
      { ...trace, records: [record, ...trace.records.slice(1)] },
      { ...trace, layers: [...trace.layers, ...trace.layers.slice(0, 1)] },
    ].map((broken) => refusal(() => check(broken)).field);
    expect(fields).toEqual([
      'trace.records.2',
      'trace.records.0.tensors.0.channels.4',
      'trace.layers.2',
    ]);
  });

  it.each([
    ['a name that is code', ['name'], 'x); system("id"'],
    ['a port of another kind', ['port'], 'm_axis_tdata'],
    ['sums that a double does not hold', ['bits'], 54],
    ['no channels', ['channels'], []],
  ])('has %s: no reader takes it', (_, [key], value) => {
    const broken = structuredClone(trace) as unknown as {
      records: { tensors: Record<string, unknown>[] }[];
    };
    const tensor = broken.records[0]?.tensors[0] as Record<string, unknown>;
    tensor[key as string] = value;
    const issue = traceSchema.safeParse(broken).error?.issues[0];
    expect(issue?.path).toEqual(['records', 0, 'tensors', 0, key]);
  });
});
