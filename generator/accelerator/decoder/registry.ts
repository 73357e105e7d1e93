import type { SparseMatrix } from '../../network/model.js';
import type { Configuration } from '../plan/configuration.js';
import type { DecoderKind } from './decoder.js';
import type { HcgsDecoder } from './hcgs/decoder.js';
import { hcgs } from './hcgs/hcgs.js';

/** The decoder of every kind of pattern: a new one is a folder here and a line in this list. */
export const DECODERS = { hcgs } as const satisfies Record<
  SparseMatrix['patterns'][number]['kind'],
  DecoderKind<HcgsDecoder>
>;

/** The decoder that a configuration has: one, and so far always this one. */
export function decoderIn(_c: Configuration) {
  return DECODERS.hcgs;
}

/** The decoder of a matrix, by the kind of its pattern. */
export function decoderOf({ patterns }: Pick<SparseMatrix, 'patterns'>) {
  return DECODERS[patterns[0]?.kind ?? 'hcgs'];
}
