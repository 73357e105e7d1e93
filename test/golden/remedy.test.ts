import { describe, expect, it } from 'vitest';
import { atOnce } from '../../generator/base/steps.js';
import { againstFloatSteps } from '../../generator/golden/against-float.js';
import { remedySteps } from '../../generator/golden/remedy.js';
import { prepareSteps } from '../../generator/network/compress/prepare.js';
import { quantiseSteps } from '../../generator/network/compress/quantise-network.js';
import type { WordLengths } from '../../generator/network/model.js';
import { randomModel } from '../../generator/network/random.js';
import { floatOf, realFrames } from '../support/float-models.js';

const LIMIT = 0.05;
const file = 'net';
const source = floatOf(
  randomModel({
    inputs: 6,
    hidden: [8],
    patterns: [{ kind: 'hcgs', blocks: [], keep: [] }],
    sharing: 'shared',
    outputs: 3,
    words: { weight: 12, activation: 13, cell: 16, bias: 16 },
    seed: 5,
  }),
);
const frames = realFrames({ utterances: 4, frames: 20, inputs: 6 }, 17);
const prepared = atOnce(prepareSteps(source, { frames, fill: false, dense: true, file }));

/** The error of the outputs with the given words. */
const errorOf = (words: WordLengths): number => {
  const { model } = atOnce(quantiseSteps(prepared, { words, provenance: {}, file }));
  const { error } = atOnce(againstFloatSteps(model, prepared.calibration.outputs, frames));
  return error.relativeRms as number;
};
const remedy = (words: WordLengths, limit = LIMIT) =>
  atOnce(remedySteps(prepared, { words, formats: {}, limit, file }));

const LONG: WordLengths = { weight: 14, activation: 14, cell: 20, bias: 20 };

describe('what mends the output error', () => {
  it.each([
    ['weight', 2, LIMIT],
    ['activation', 4, LIMIT],
    ['cell', 8, 0.01],
  ] as const)('is the word that makes it: %s of %i bits', (kind, bits, limit) => {
    const words = { ...LONG, [kind]: bits };
    expect(errorOf(words)).toBeGreaterThan(limit);
    const found = remedy(words, limit);
    expect(Object.keys(found?.words ?? {})).toEqual([kind]);
    const mended = { ...words, ...found?.words };
    expect(found?.frames).toBe(80);
    expect(errorOf(mended)).toBeCloseTo(found?.relativeRms as number, 12);
    expect(errorOf(mended)).toBeLessThanOrEqual(limit);
  });

  it('is several words where one is not enough, and each of them is needed', () => {
    const words = { weight: 2, activation: 4, cell: 8, bias: 16 };
    const found = remedy(words);
    const mended = { ...words, ...found?.words };
    expect(errorOf(mended)).toBeLessThanOrEqual(LIMIT);
    const kinds = Object.keys(found?.words ?? {}) as (keyof WordLengths)[];
    expect(kinds.length).toBeGreaterThan(1);
    for (const kind of kinds) {
      expect(errorOf({ ...mended, [kind]: words[kind] })).toBeGreaterThan(LIMIT);
    }
  });

  it('is nothing where the words are as long as they can be', () => {
    const longest = { weight: 16, activation: 16, cell: 24, bias: 24 };
    expect(
      atOnce(remedySteps(prepared, { words: longest, formats: {}, limit: 0, file })),
    ).toBeNull();
  });
});
