import type { Configuration, DecoderConfiguration } from '../../plan/configuration.js';

/** One level of the index decoder. */
export interface LevelConfiguration {
  /** Bits of one stored block number. */
  readonly indexBits: number;
  /** Words of the index ROM. */
  readonly depth: number;
  /** Block numbers in one word: distinct block rows (and masks) that are walked at the same time. */
  readonly copies: number;
  /** Most blocks kept in a block row. */
  readonly keepMost: number;
  /** Bits of the distance between neighbouring blocks, in activation words. */
  readonly strideBits: number;
  /** Bits of the count of row groups that share one block row. */
  readonly repeatBits: number;
}

/** What the HCGS decoder of a design can walk. */
export interface HcgsConfiguration extends DecoderConfiguration {
  readonly kind: 'hcgs';
  /** Most tiles in one innermost block. */
  readonly innerMost: number;
  readonly levels: readonly LevelConfiguration[];
}

/** The part of a configuration that is the HCGS decoder's. */
export function hcgsIn({ decoder }: Pick<Configuration, 'decoder'>): HcgsConfiguration {
  if (decoder.kind !== 'hcgs') throw new Error(`a decoder of kind ${decoder.kind}, not hcgs`);
  return decoder as HcgsConfiguration;
}
