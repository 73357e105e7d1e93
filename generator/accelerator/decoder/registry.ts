import type { Model, SparseMatrix } from '../../network/model.js';
import { programOf } from '../../network/program.js';
import { addressBits } from '../control/layer-table.js';
import type { Configuration } from '../plan/configuration.js';
import type { Tiling } from '../schedule/pass-walk.js';
import type { DecoderKind } from './decoder.js';
import { hcgs } from './hcgs/hcgs.js';
import { list } from './list/list.js';
import type { DecoderName } from './names.js';
import { queue } from './queue/queue.js';

/**
 * Every decoder. One that has the name of a kind of pattern is made for matrices of that kind alone; those of lists and of
 * queues walk matrices of any kind.
 */
export const DECODERS = { hcgs, list, queue } as const satisfies Readonly<
  Record<DecoderName, DecoderKind>
>;

/** The decoder that a configuration has. */
export function decoderIn({ decoder }: Pick<Configuration, 'decoder'>): DecoderKind {
  return DECODERS[decoder.kind];
}

/** The decoder of the patterns of all matrices of a design: their own where they are of one kind that has one, else lists. */
export function decoderFor(matrices: readonly Pick<SparseMatrix, 'patterns'>[]): DecoderName {
  const kinds = new Set(matrices.map(({ patterns: [first] }) => first?.kind ?? 'hcgs'));
  const [kind] = kinds;
  return kinds.size === 1 && kind !== undefined && kind in DECODERS
    ? (kind as DecoderName)
    : 'list';
}

/** The matrices of a model, in the order of its passes. */
export function matricesOf(model: Model): readonly SparseMatrix[] {
  return programOf(model).passes.flatMap(({ operands }) => operands.map(({ matrix }) => matrix));
}

/** The decoder that a design for this model has. */
export function decoderOfModel(model: Model): DecoderKind {
  return DECODERS[decoderFor(matricesOf(model))];
}

/** The decoder of an array that is cut in this way. */
export function decoderOfTiling(
  model: Model,
  { decoder, queues }: Pick<Tiling, 'decoder' | 'queues'>,
): DecoderKind {
  if (decoder !== undefined) return DECODERS[decoder.kind];
  return queues === undefined ? decoderOfModel(model) : DECODERS.queue;
}

/** Bits of an address of the activation memories. */
export function readAddressBits(c: Configuration): number {
  return addressBits(c, decoderIn(c).table);
}
