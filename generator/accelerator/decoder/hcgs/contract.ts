import type { Configuration, DecoderConfiguration } from '../../plan/configuration.js';
import type { Demand } from '../decoder.js';
import { hcgsIn, type LevelConfiguration } from './configuration.js';

const LEVEL_LIMITS: readonly (keyof LevelConfiguration)[] = [
  'indexBits',
  'depth',
  'keepMost',
  'strideBits',
  'repeatBits',
];

const demand = (limit: string, has: number, needs: number): Demand => ({
  ...{ limit, has, needs },
  ok: needs <= has,
});

/** Limits of the decoder as the manifest states them. */
export function hcgsLimits(decoder: DecoderConfiguration) {
  const { innerMost, levels } = hcgsIn({ decoder });
  return { levels: levels.length, innerMost, levelLimits: levels };
}

/** What a model needs of the decoder, level by level. */
export function* hcgsDemands(c: Configuration, needed: Configuration): Generator<Demand> {
  const [has, needs] = [hcgsIn(c), hcgsIn(needed)];
  yield demand('levels', has.levels.length, needs.levels.length);
  yield demand('innerMost', has.innerMost, needs.innerMost);
  // one row of block numbers for each set of masks
  const masks = (x: Configuration): number => (x.perGate ? x.slices : 1);
  for (const [l, level] of has.levels.entries()) {
    const own = needs.levels[l] as LevelConfiguration;
    for (const name of LEVEL_LIMITS) yield demand(`levels[${l}].${name}`, level[name], own[name]);
    const copies = [level.copies / masks(c), own.copies / masks(needed)] as const;
    yield demand(`levels[${l}].copies`, ...copies);
  }
}
