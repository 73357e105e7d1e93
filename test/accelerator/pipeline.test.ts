import { readFileSync } from 'node:fs';
import { describe, expect, it, test } from 'vitest';
import { planDesign, predictModel } from '../../generator/accelerator/index.js';
import { PIPELINES, REGISTERS } from '../../generator/accelerator/pipeline/registers.js';
import { hazards, type Order } from '../../generator/accelerator/schedule/hazards.js';
import type { Job } from '../../generator/accelerator/schedule/jobs.js';
import { orderOf } from '../../generator/accelerator/schedule/order.js';
import { Track } from '../../generator/hdl/index.js';
import { DRAWN_CELLS, type DrawnCell, randomModel } from '../../generator/network/random.js';
import { randomShape } from '../support/random-shapes.js';

const rows = Object.entries(REGISTERS);

describe('the table of registers', () => {
  test('deep has all of them, balanced those of short and more, about half of what is between', () => {
    const own = (pipeline: string) =>
      rows.filter(([, { stands }]) => stands.some((one) => one === pipeline)).map(([name]) => name);
    const [deep, balanced, short] = PIPELINES.map(own) as [string[], string[], string[]];
    expect(deep).toEqual(Object.keys(REGISTERS));
    expect(deep).toEqual(expect.arrayContaining(balanced));
    expect(balanced).toEqual(expect.arrayContaining(short));
    const share = (balanced.length - short.length) / (deep.length - short.length);
    expect(share).toBeGreaterThan(1 / 3);
    expect(share).toBeLessThan(2 / 3);
  });

  test('is the one of the documentation', () => {
    const page = readFileSync('docs/microarchitecture.md', 'utf8');
    const table = rows.map(([name, { holds, stands }]) => {
      const marks = PIPELINES.map((pipeline) =>
        stands.some((one) => one === pipeline) ? '×' : '',
      );
      return `| ${[`\`${name}\``, holds, ...marks].join(' | ')} |`.replaceAll('|  |', '| |');
    });
    expect(page).toContain(table.join('\n').replaceAll('|  |', '| |'));
  });
});

describe('a track', () => {
  const track = new Track([true, false, true, true], 1, 5);

  it('counts the registers that stand', () => {
    expect([-1, 0, 1, 2, 3].map((place) => track.cycles(place))).toEqual([4, 5, 5, 6, 7]);
    expect(track.between(-1, 3)).toBe(3);
    expect([-1, 0, 1, 2].map((place) => track.stands(place))).toEqual([true, false, true, true]);
  });

  it('has no stages but its own', () => {
    expect(() => track.cycles(-2)).toThrow(RangeError);
    expect(() => track.cycles(4)).toThrow(RangeError);
    expect(() => track.stands(3)).toThrow(RangeError);
  });
});

describe('cycles', () => {
  const small = randomModel({
    ...{ inputs: 6, hidden: [20], outputs: 2, sharing: 'shared', seed: 1, patterns: [null] },
    words: { weight: 6, activation: 13, cell: 16, bias: 16 },
  });

  test.each([
    ['deep', 48, 72],
    ['balanced', 28, 44],
    ['short', 15, 26],
  ] as const)('of a small network, %s: %i, latency %i', (pipeline, cycles, latency) => {
    const plan = planDesign(small, { name: 'dut', macs: 1024, pipeline });
    expect(plan.prediction).toMatchObject({ cyclesPerFrame: cycles, latencyCycles: latency });
    expect(predictModel(plan.configuration, small)).toEqual(plan.prediction);
  });
});

describe.each(['balanced', 'short'] as const)('the order of %s designs', (pipeline) => {
  const without = (order: Order, need: keyof Job['needs']): Order => ({
    ...order,
    jobs: order.jobs.map((job) => ({ ...job, needs: { ...job.needs, [need]: false } })),
  });
  const cells: readonly (DrawnCell | 'mixed')[] = [...DRAWN_CELLS, 'mixed'];

  test.each(cells)('of %s has no hazard, and some where nothing waits', (cell) => {
    const kinds = new Set<string>();
    for (const seed of [1, 5, 12, 28]) {
      const shape = randomShape(seed, undefined, cell);
      const { configuration } = planDesign(shape.model(1), { ...shape.options, pipeline });
      const order = orderOf(configuration, shape.model(1));
      expect(hazards(order)).toEqual([]);
      for (const { kind } of hazards(without(order, 'drained'))) kinds.add(kind);
    }
    expect([...kinds]).toContain('vector read before it is written');
  });
});
