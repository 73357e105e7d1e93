import { describe, expect, it, test } from 'vitest';
import { planDesign } from '../../generator/accelerator/index.js';
import type { DesignOptions } from '../../generator/accelerator/plan/options.js';
import {
  checkHazards,
  type Hazard,
  hazards,
  type Order,
} from '../../generator/accelerator/schedule/hazards.js';
import type { Job } from '../../generator/accelerator/schedule/jobs.js';
import { orderOf } from '../../generator/accelerator/schedule/order.js';
import type { VisitPlace } from '../../generator/accelerator/schedule/segments.js';
import type { Model } from '../../generator/network/model.js';
import { type RandomOptions, randomModel } from '../../generator/network/random.js';
import { NETWORKS, utteranceShape } from './support/whole-utterances.js';

const network = (options: Partial<RandomOptions> = {}): Model =>
  randomModel({
    ...{ inputs: 4, hidden: [8], outputs: 3, sharing: 'shared', seed: 1, patterns: [null] },
    words: { weight: 6, activation: 13, cell: 16, bias: 16 },
    ...options,
  });

function orderFor(model: Model, options: Partial<DesignOptions> = {}): Order {
  const given = { name: 'n', macs: 64, order: 'sequence', maxFrames: 8, ...options } as const;
  return orderOf(planDesign(model, given).configuration, model);
}

const kinds = (found: readonly Hazard[]) => [...new Set(found.map(({ kind }) => kind))];

/** The same order with another place of some passes in their segments. */
const placed = (order: Order, change: (place: VisitPlace, pass: number) => VisitPlace): Order => ({
  ...order,
  walks: order.walks.map((walk, pass) => ({
    ...walk,
    visit: walk.visit && change(walk.visit, pass),
  })),
});

/** The same network, put to the check, with the passes changed in the order that is played alone. */
const withJobs = (order: Order, change: (jobs: readonly Job[]) => readonly Job[]): Order => ({
  ...order,
  jobs: change(order.jobs),
});

const without = (order: Order, need: keyof Job['needs']): Order =>
  withJobs(order, (jobs) =>
    jobs.map((job) => ({ ...job, needs: { ...job.needs, [need]: false } })),
  );

describe('the order of whole utterances', () => {
  test.each(NETWORKS.flatMap((name) => [0, 1, 2, 3, 4, 5].map((n) => [name, 500 + n] as const)))(
    'of a random %s network has no hazard, seed %i',
    (name, seed) => {
      const { model, options, label } = utteranceShape(seed, name);
      const { configuration } = planDesign(model, options);
      expect(hazards(orderOf(configuration, model)), label).toEqual([]);
    },
  );

  test.each([1, 4, 18, 40])('has none with a cell every %i cycles', (cellCycles) => {
    for (const hidden of [[8], [8, 4]]) {
      expect(hazards(orderFor(network({ hidden }), { macs: 16, cellCycles }))).toEqual([]);
    }
  });
});

describe('hazards() finds, when the order of sequences is broken by hand,', () => {
  const both = orderFor(network({ bidirectional: 'concat' }));

  it('a recurrent half that waits for one visit too few', () => {
    for (const order of [orderFor(network()), both]) {
      const behind = order.walks.map(({ visit }) => visit?.behind);
      expect(Math.max(...behind.map((n) => n ?? 0))).toBe(order === both ? 1 : 0);
      const broken = placed(order, (place) => ({ ...place, behind: (place.behind ?? 0) + 1 }));
      const [first] = hazards(broken);
      expect(first).toMatchObject({
        ...{ kind: 'vector read before it is written', pass: 0, what: 'h of layer 0' },
        later: { job: { side: 'h' } },
      });
      expect(() => checkHazards(broken)).toThrow(/order of this design is not safe/);
    }
  });

  it('a segment that does not wait for the one that it reads', () => {
    const broken = placed(both, (place) => ({ ...place, after: false }));
    const found = hazards(broken);
    expect(found.map(({ pass }) => pass)).toContain(2);
    expect(kinds(found)).toContain('vector read before it is written');
  });

  it('halves that do not wait at all', () => {
    for (const cell of ['lstm', 'gru', 'gru-before', 'rnn-relu'] as const) {
      const order = orderFor(network({ cell }), { macs: 48, slices: 3 });
      expect(hazards(order), cell).toEqual([]);
      expect(kinds(hazards(without(order, 'drained'))), cell).toContain(
        'vector read before it is written',
      );
    }
  });

  it('passes of a GRU that share a state, in one step', () => {
    const order = orderFor(network({ cell: 'gru-before' }), { macs: 32 });
    expect(kinds(hazards(without(order, 'drained')))).toContain('state read before it is written');
  });

  it('a slot that is overwritten, and one that is fetched before it is stored', () => {
    const deep = orderFor(network({ hidden: [64] }), { macs: 16, sumSlots: 4 });
    expect(hazards(deep)).toEqual([]);
    const fewer = { ...deep, shape: { ...deep.shape, sumSlots: 2 } };
    expect(kinds(hazards(fewer))).toContain('slot overwritten before it is fetched');
    const one = orderFor(network(), { macs: 16, sumSlots: 1 });
    const swapped = withJobs(one, (jobs) => {
      const at = jobs.findIndex(({ ends }) => ends === 'slot');
      const [before, after] = [jobs[at] as Job, jobs[at + 1] as Job];
      return jobs.toSpliced(at, 2, after, before);
    });
    expect(kinds(hazards(swapped))).toContain('slot fetched before it is stored');
  });

  it('a set that comes while the lanes are busy', () => {
    const slow = orderFor(network({ hidden: [8] }), { macs: 16, cellCycles: 40 });
    expect(kinds(hazards(without(slow, 'lanes')))).toContain('lanes busy');
  });

  it('an utterance that comes into the buffer of one that is read still', () => {
    const released = (order: Order, job: Job, passes: readonly number[]) =>
      hazards(
        withJobs(order, (jobs) =>
          jobs.map((one) => ({
            ...one,
            releases: passes.includes(one.pass) && one.side === 'x' && one.set === job.set,
          })),
        ),
      );
    const [first] = both.jobs as [Job, ...Job[]];
    // both directions read it, in the last step the second one behind the first
    expect(kinds(released(both, first, [0]))).toEqual(['input overwritten before it is read']);
    expect(kinds(released(both, first, []))).toEqual(['input overwritten before it is read']);
  });

  it('an output frame written over one that is not sent', () => {
    const slow = orderFor(network({ outputs: 200 }), { streamLanes: 1 });
    expect(hazards(slow)).toEqual([]);
    expect(kinds(hazards(without(slow, 'output')))).toContain(
      'output overwritten before it is sent',
    );
  });
});
