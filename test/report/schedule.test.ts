import { describe, expect, test } from 'vitest';
import {
  type DesignOptions,
  type Prediction,
  planHardware,
} from '../../generator/accelerator/index.js';
import { type RandomOptions, randomModel } from '../../generator/network/random.js';
import { withOrders } from '../../generator/network/unit-order.js';
import { playSchedule } from '../../generator/report/schedule/playing.js';
import { CAUSES, type Span } from '../../generator/report/schedule/spans.js';
import { MACS, NETWORK } from '../../scripts/drawing/network.js';

const isWait = ({ kind }: Span) => (CAUSES as readonly string[]).includes(kind);
const length = ({ from, to }: Span) => to - from + 1;
const sum = (spans: readonly Span[]) => spans.reduce((all, span) => all + length(span), 0);

type Case = readonly [
  what: string,
  options: Omit<DesignOptions, 'name' | 'macs'> & {
    readonly engines?: number;
    readonly macs?: number;
  },
  network?: Partial<RandomOptions> | undefined,
];

/** Frames that are shown: two of each stream, or of an utterance. */
const CASES: readonly Case[] = [
  ['frame by frame', {}],
  ['with a short pipeline', { pipeline: 'short' }],
  ['with few lanes', { cellLanes: 1, cellCycles: 18, macs: 16 }],
  ['one stream at a time', { streams: 3 }],
  ['whole utterances', { order: 'sequence', maxFrames: 3 }],
  ['outputs of last frames alone', { emit: 'last', order: 'sequence', maxFrames: 3 }],
  ['both directions', { order: 'sequence', maxFrames: 3 }, { bidirectional: 'concat' }],
  ['two engines', { engines: 2 }, { hidden: [20, 16] }],
  ['queues of rows', { array: 'queues', macs: 8 }],
];

function played([, { engines, macs = MACS, ...options }, network = {}]: Case) {
  const model = randomModel({ ...NETWORK, ...network });
  const plan = planHardware(model, { name: 'played', macs, ...options }, engines);
  const placed = plan.orders === null ? model : withOrders(model, plan.orders);
  return { plan, schedule: playSchedule(plan.hardware, placed, plan.cuts) };
}

describe.each(CASES.map(([what, options, network]) => ({ what, options, network })))(
  'the schedule that is drawn, $what',
  ({ what, options, network }) => {
    const { plan, schedule } = played([what, options, network]);
    const { spans, rows, cycles } = schedule;
    const engines = plan.cuts.length + 1;
    const frames = options.order === 'sequence' ? 3 : 2 * (options.streams ?? 1);

    test('spans as many cycles as are predicted for its frames', () => {
      expect(cycles).toBeCloseTo(plan.prediction.cyclesPerFrame * frames, 6);
    });

    test('has every span inside, in a row of its own, none over another of its row and frame', () => {
      for (const row of rows) {
        const own = spans.filter((span) => span.row === row);
        for (const { from, to } of own) {
          expect(from).toBeGreaterThanOrEqual(0);
          expect(to).toBeGreaterThanOrEqual(from);
          expect(to).toBeLessThan(cycles);
        }
      }
      expect(new Set(spans.map(({ row }) => row)).size).toBeLessThanOrEqual(rows.length);
      for (const { row } of spans) expect(rows).toContain(row);
    });

    test('has the array in one layer or in a wait in every cycle, never in two', () => {
      const labels = [
        ...new Set(rows.map((row) => (row.includes(': ') ? row.split(': ')[0] : ''))),
      ];
      expect(labels).toHaveLength(engines);
      for (const label of labels) {
        const taken = new Array<number>(cycles).fill(0);
        for (const span of spans) {
          const name = label === '' ? span.row : span.row.slice((label as string).length + 2);
          if (label !== '' && !span.row.startsWith(`${label}: `)) continue;
          if (!/^(layer|output layer|array waits)/.test(name)) continue;
          for (let at = span.from; at <= span.to; at++) taken[at] = (taken[at] as number) + 1;
        }
        // between two engines an array may stand without a job at either end of the window
        expect(Math.max(...taken)).toBe(1);
        if (engines === 1) expect(Math.min(...taken)).toBe(1);
      }
    });

    test('waits as long as is predicted, and names every wait', () => {
      const waits = spans.filter(isWait);
      const named = CAUSES.reduce((all, cause) => all + schedule.waits[cause], 0);
      expect(named).toBe(sum(waits));
      if (engines > 1) return;
      const { layers } = plan.prediction as Prediction;
      const predicted = layers.reduce((all, { stalls }) => all + stalls, 0) * frames;
      const { input, ...others } = schedule.waits;
      const own = Object.values(others).reduce((all, value) => all + value, 0);
      // of a short utterance the means over its frames are those of the longest one
      if (options.order === 'sequence') expect(own).toBeGreaterThan(0);
      else expect(own).toBeCloseTo(predicted, 6);
      expect(input).toBeGreaterThanOrEqual(0);
    });
  },
);

test('waits are told apart by what is waited for', () => {
  const waits = (index: number) => played(CASES[index] as Case).schedule.waits;
  expect(waits(0).values).toBeGreaterThan(0);
  expect(waits(0).lanes).toBe(0);
  expect(waits(2).lanes).toBeGreaterThan(0);
});
