import type { SparseMatrix } from '../../network/model.js';
import { addressBits } from '../control/layer-table.js';
import type { Configuration } from '../plan/configuration.js';
import type { DecoderKind } from './decoder.js';
import { hcgs } from './hcgs/hcgs.js';

/** The decoder of every kind of pattern: a new one is a folder here and a line in this list. */
export const DECODERS = { hcgs } as const satisfies Record<
  SparseMatrix['patterns'][number]['kind'],
  DecoderKind
>;

/** The decoder that a configuration has. */
export function decoderIn({ decoder }: Pick<Configuration, 'decoder'>): DecoderKind {
  return DECODERS[decoder.kind];
}

/** The decoder of a matrix, by the kind of its pattern. */
export function decoderOf({ patterns }: Pick<SparseMatrix, 'patterns'>): DecoderKind {
  return DECODERS[patterns[0]?.kind ?? 'hcgs'];
}

/** Bits of an address of the activation memories. */
export function readAddressBits(c: Configuration): number {
  return addressBits(c, decoderIn(c).table);
}
