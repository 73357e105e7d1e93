import { describe, expect, it, test } from 'vitest';
import { planDesign } from '../../generator/accelerator/index.js';
import {
  checkHazards,
  type Hazard,
  hazards,
  hazardText,
  type Order,
} from '../../generator/accelerator/schedule/hazards.js';
import type { Job } from '../../generator/accelerator/schedule/jobs.js';
import { orderOf } from '../../generator/accelerator/schedule/order.js';
import { passesThatWait, unordered } from '../../generator/accelerator/schedule/waits.js';
import type { Model } from '../../generator/network/model.js';
import { programOf } from '../../generator/network/program.js';
import { randomModel } from '../../generator/network/random.js';
import { randomShape } from '../support/random-shapes.js';

const network = (hidden: readonly number[], outputs: number, inputs = 16): Model =>
  randomModel({
    ...{ inputs, hidden, outputs, sharing: 'shared', seed: 1 },
    words: { weight: 6, activation: 13, cell: 16, bias: 16 },
    patterns: [{ kind: 'hcgs', blocks: [4], keep: [{ k: 1, n: 2 }] }],
  });

function orderFor(model: Model, options: { macs: number; [name: string]: unknown }): Order {
  const { configuration } = planDesign(model, { name: 'n', ...options });
  return orderOf(configuration, model);
}

const kinds = (found: readonly Hazard[]) => [...new Set(found.map(({ kind }) => kind))];

/** The same order with one thing that no job waits for any more. */
const without = (order: Order, need: keyof Job['needs'], pass?: number): Order => ({
  ...order,
  jobs: order.jobs.map((job) =>
    pass === undefined || job.pass === pass
      ? { ...job, needs: { ...job.needs, [need]: false } }
      : job,
  ),
});

/** The same order with its jobs in another one. */
const reordered = (order: Order, change: (jobs: Job[]) => readonly Job[]): Order => ({
  ...order,
  jobs: change([...order.jobs]),
});

const swapped = (jobs: Job[], a: number, b: number): readonly Job[] =>
  jobs.map((job, n) => (n === a ? (jobs[b] as Job) : n === b ? (jobs[a] as Job) : job));

describe('the order of a design', () => {
  test.each([1, 2, 3, 5, 8, 13, 21, 28, 29, 34])('of random shape %i has no hazard', (seed) => {
    const { model } = randomShape(seed);
    for (const macs of [8, 64]) {
      let order: Order;
      try {
        order = orderFor(model(1), { macs });
      } catch {
        continue; // MACs that do not fit this shape
      }
      expect(hazards(order)).toEqual([]);
    }
  });

  it('has none where frames without outputs wait for no output buffer, and waits for no less', () => {
    const chain = randomModel({
      ...{
        cell: 'dense-linear',
        inputs: 2,
        hidden: [4, 4],
        outputs: 0,
        sharing: 'shared',
        seed: 3,
      },
      ...{ words: { weight: 6, activation: 13, cell: 16, bias: 16 }, patterns: [null] },
    });
    for (const model of [network([16, 8], 0), network([8], 3), chain]) {
      const order = orderFor(model, { macs: 16, emit: 'last' });
      expect(hazards(order)).toEqual([]);
      expect(kinds(hazards(without(order, 'drained')))).toContain(
        'vector read before it is written',
      );
    }
  });

  test.each([
    ['one layer', network([16], 0)],
    ['two layers', network([16, 8], 0)],
    ['three layers', network([8, 16, 8], 0)],
    ['an output layer', network([8], 3)],
  ])('of %s has none, lanes at once or time-multiplexed', (_, model) => {
    for (const cellCycles of [1, 4, 18, 40]) {
      expect(hazards(orderFor(model, { macs: 16, cellCycles }))).toEqual([]);
    }
  });
});

describe('the order of layers of several kinds', () => {
  test.each(Array.from({ length: 24 }, (_, n) => 700 + n))('has no hazard, seed %i', (seed) => {
    const { model, options } = randomShape(seed, undefined, 'mixed');
    const order = orderFor(model(seed), { ...options, macs: options.macs as number });
    expect(hazards(order)).toEqual([]);
  });

  const dense = randomModel({
    ...{ cell: 'dense-relu', inputs: 32, hidden: [48, 40, 24], outputs: 0, sharing: 'shared' },
    ...{ seed: 2, words: { weight: 6, activation: 13, cell: 16, bias: 16 }, patterns: [null] },
  });

  it('lets layers begin while sets are under way, and no more of them than is safe', () => {
    const order = orderFor(dense, { macs: 8 });
    expect(Math.max(...order.allowances)).toBeGreaterThan(0);
    expect(hazards(order)).toEqual([]);
    const large = randomModel({
      ...{ cell: 'dense-relu', inputs: 32, hidden: [24, 40], outputs: 0, sharing: 'shared' },
      ...{ seed: 2, words: { weight: 6, activation: 13, cell: 16, bias: 16 }, patterns: [null] },
    });
    const short = orderFor(large, { macs: 64 });
    const found = hazards({ ...short, allowances: short.allowances.map(() => 63) });
    expect(kinds(found)).toEqual(['vector read before it is written']);
  });

  it('keeps the passes of a GRU with the reset before the product apart', () => {
    const gru = randomModel({
      ...{ cell: 'gru-before', inputs: 8, hidden: [8], outputs: 0, sharing: 'shared', seed: 2 },
      words: { weight: 6, activation: 13, cell: 16, bias: 16 },
      patterns: [null],
    });
    const order = orderFor(gru, { macs: 32 });
    expect(hazards(order)).toEqual([]);
    expect(kinds(hazards(without(order, 'drained')))).toEqual(
      expect.arrayContaining([
        'vector read before it is written',
        'state read before it is written',
      ]),
    );
  });
});

describe('hazards() finds, when the order is broken by hand,', () => {
  const order = orderFor(network([16, 16], 5), { macs: 64 });
  const find = (broken: Order) => hazards(broken);

  it('x of a layer that reads h of the layer below before it is written', () => {
    const [first] = find(without(order, 'drained', 1));
    expect(first).toMatchObject({
      kind: 'vector read before it is written',
      pass: 1,
      what: 'h of layer 0',
      earlier: { frame: 0, job: { pass: 0, ends: 'lanes' } },
      later: { frame: 0, job: { pass: 1, side: 'x', set: 0 } },
    });
    expect(hazardText(first as Hazard)).toContain('pass 1: h of layer 0: vector read before');
    expect(() => checkHazards(without(order, 'drained', 1))).toThrow(
      /order of this design is not safe/,
    );
  });

  it('the output layer that reads h of the last layer', () => {
    const found = find(without(order, 'drained', 2));
    expect(found.some(({ pass, what }) => pass === 2 && what === 'h of layer 1')).toBe(true);
  });

  it("a layer's own h of the last frame, where no layer above waits", () => {
    const alone = orderFor(network([16], 0), { macs: 64 });
    const found = find(without(alone, 'drained'));
    expect(found[0]).toMatchObject({
      kind: 'vector read before it is written',
      what: 'h of layer 0',
      earlier: { frame: 0 },
      later: { frame: 1, job: { side: 'h' } },
    });
  });

  it('h of an upper layer of two without an output layer, when layer 0 does not wait', () => {
    const two = orderFor(network([16, 16], 0), { macs: 64 });
    const found = find(without(two, 'drained', 0));
    expect(found.some(({ pass, what }) => pass === 1 && what === 'h of layer 1')).toBe(true);
  });

  it('a slot that is overwritten: more stored ahead than there are', () => {
    const deep = orderFor(network([64, 64], 0), { macs: 16, sumSlots: 4 });
    const broken = { ...deep, shape: { ...deep.shape, sumSlots: 2 } };
    expect(kinds(find(broken))).toContain('slot overwritten before it is fetched');
  });

  it('a slot that is fetched before it is stored, or for another set', () => {
    const at = order.jobs.findIndex(({ ends }) => ends === 'slot');
    const broken = reordered(order, (jobs) => swapped(jobs, at, at + 1));
    expect(kinds(find(broken))).toContain('slot fetched before it is stored');
  });

  it('a set that comes while the lanes are busy', () => {
    const slow = orderFor(network([16, 16], 5), { macs: 16, cellCycles: 40 });
    const found = find(without(slow, 'lanes'));
    expect(kinds(found)).toContain('lanes busy');
  });

  it('a state that is read before it is written: the same set twice in a row', () => {
    const one = orderFor(network([4], 0, 4), { macs: 64, cellLanes: 4 });
    const broken = without(without(one, 'drained'), 'lanes');
    expect(kinds(find(broken))).toContain('state read before it is written');
  });

  it('an input that comes into the buffer that is read', () => {
    const found = hazards(order, { input: 4, output: 2 });
    expect(kinds(found)).toEqual(['input overwritten before it is read']);
  });

  it('an output written over one that is not sent', () => {
    const slow = orderFor(network([8], 200), { macs: 64, streamLanes: 1 });
    expect(kinds(find(without(slow, 'output')))).toEqual(['output overwritten before it is sent']);
  });

  it('a vector that is overwritten while the frame before reads it', () => {
    const long = orderFor(network([64], 3), { macs: 16 });
    const found = hazards(long, { input: 2, output: 2 }, 1);
    expect(kinds(found)).toContain('vector overwritten before it is read');
  });

  it('more sets in flight than the counter counts', () => {
    const wide = orderFor(network([512], 0), { macs: 16, tileRows: 4, cellCycles: 40 });
    const broken = {
      ...without(without(wide, 'lanes'), 'drained'),
      jobs: without(wide, 'lanes').jobs.map((job) => ({
        ...job,
        tiles: job.ends === 'lanes' ? 1 : 0,
      })),
    };
    expect(kinds(find(broken))).toContain('too many sets in flight');
  });
});

describe('which passes wait', () => {
  it.each([
    ['one layer', network([16], 0), [true]],
    ['two layers', network([16, 8], 0), [true, true]],
    ['three layers', network([8, 16, 8], 0), [false, true, true]],
    ['one layer and an output layer', network([8], 3), [false, true]],
    ['two layers and an output layer', network([8, 8], 3), [false, true, true]],
  ])('%s', (_, model, waits) => {
    const { passes } = programOf(model);
    expect(passesThatWait(passes)).toEqual(waits);
    expect(unordered(passes, waits)).toEqual([]);
    // none of them is in vain
    waits.forEach((own, n) => {
      if (!own) return;
      const fewer = waits.map((wait, i) => wait && i !== n);
      expect(unordered(passes, fewer)).not.toEqual([]);
    });
  });
});
