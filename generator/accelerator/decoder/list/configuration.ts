import type { Configuration, DecoderConfiguration } from '../../plan/configuration.js';

/** What the list decoder of a design can walk. */
export interface ListConfiguration extends DecoderConfiguration {
  readonly kind: 'list';
  /** Bits of the number of a word of a matrix, from its first one. */
  readonly indexBits: number;
}

/** The part of a configuration that is the list decoder's. */
export function listIn({ decoder }: Pick<Configuration, 'decoder'>): ListConfiguration {
  if (decoder.kind !== 'list') throw new Error(`a decoder of kind ${decoder.kind}, not list`);
  return decoder as ListConfiguration;
}
