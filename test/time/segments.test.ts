import { describe, expect, it } from 'vitest';
import { segmentsOf, visitsOf } from '../../generator/accelerator/schedule/segments.js';
import { programOf } from '../../generator/network/program.js';
import { type RandomOptions, randomModel } from '../../generator/network/random.js';

const passesOf = (options: Partial<RandomOptions>) =>
  programOf(
    randomModel({
      ...{ inputs: 4, hidden: [4, 4], outputs: 2, sharing: 'shared', seed: 1, patterns: [null] },
      words: { weight: 6, activation: 13, cell: 16, bias: 16 },
      ...options,
    }),
  ).passes;

/** A pass on the vectors of passes, by number; -1 is the input. `before`: those it reads of the step before. */
const pass = (index: number, now: readonly number[], before: readonly number[] = []) => {
  const operand = (writers: readonly number[], age: 0 | 1) => ({
    age,
    vectors: writers.map((writer) => ({ id: writer + 1 })),
  });
  const operands = [operand(now, 0), ...(before.length === 0 ? [] : [operand(before, 1)])];
  return { index, operands } as unknown as Parameters<typeof segmentsOf>[0][number];
};

describe('segments of an utterance', () => {
  it('are the layers of a network, its dense ones too', () => {
    expect(segmentsOf(passesOf({}))).toEqual([[0], [1], [2]]);
  });

  it('have both directions of a layer in them', () => {
    expect(segmentsOf(passesOf({ bidirectional: 'concat' }))).toEqual([[0, 1], [2, 3], [4]]);
    expect(segmentsOf(passesOf({ bidirectional: 'sum' }))).toEqual([[0, 1], [2, 3], [4]]);
  });

  it('have the passes of a loop in them: a projection, both passes of a GRU', () => {
    expect(segmentsOf(passesOf({ projection: [2] }))).toEqual([[0, 1], [2, 3], [4]]);
    const both = passesOf({ cell: 'gru-before', bidirectional: 'concat' });
    expect(segmentsOf(both)).toEqual([[0, 1, 2, 3], [4, 5, 6, 7], [8]]);
  });

  it('have neighbours that read nothing of each other, up to a limit', () => {
    const beside = (count: number) => Array.from({ length: count }, (_, n) => pass(n, [-1], [n]));
    expect(segmentsOf(beside(3))).toEqual([[0, 1, 2]]);
    // as many visits as `behind` counts
    const [first, second] = segmentsOf(beside(20));
    expect([first?.length, second?.length]).toEqual([16, 4]);
    expect(Math.max(...visitsOf(beside(20)).map(({ behind }) => behind as number))).toBe(15);
  });
});

describe('the place of a visit', () => {
  it('says how many visits may be under way when a half is read that another visit wrote', () => {
    const behind = (options: Partial<RandomOptions>) =>
      visitsOf(passesOf(options)).map((place) => place.behind);
    // its own values of the step before: none of the visits behind
    expect(behind({})).toEqual([0, 0, null]);
    expect(behind({ bidirectional: 'concat' })).toEqual([1, 1, 1, 1, null]);
    // an LSTM waits for its projection, which waits for it
    expect(behind({ projection: [2] })).toEqual([0, 0, 0, 0, null]);
    expect(behind({ projection: [2], bidirectional: 'concat' }).slice(0, 4)).toEqual([2, 0, 2, 0]);
  });

  it('is the nearest of those that it reads', () => {
    const three = [pass(0, [-1], [2]), pass(1, [0]), pass(2, [0, 1])];
    expect(segmentsOf(three)).toEqual([[0, 1, 2]]);
    expect(visitsOf(three).map(({ behind }) => behind)).toEqual([0, 0, 0]);
    const apart = [pass(0, [-1], [2]), pass(1, [-1]), pass(2, [0])];
    expect(visitsOf(apart).map(({ behind }) => behind)).toEqual([0, null, 1]);
  });

  it('says whether its segment reads what others wrote, and which pass is first and last', () => {
    const places = visitsOf(passesOf({ bidirectional: 'sum' }));
    expect(places.map(({ after }) => after)).toEqual([false, false, true, true, true]);
    expect(places.map(({ first }) => first)).toEqual([true, false, true, false, true]);
    expect(places.map(({ last }) => last)).toEqual([false, true, false, true, true]);
  });
});
