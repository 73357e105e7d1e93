import { WORD_LIMITS } from '../network/limits.js';
import type { WordLengths } from '../network/model.js';
import { integer } from './options.js';

const word = (what: string, kind: keyof WordLengths, standard: number) => {
  const [min, max] = WORD_LIMITS[kind];
  return integer(`bits of ${what}`, { min, max, default: standard });
};

/** The word lengths of a network, as options. */
export const wordOptions = {
  weightBits: word('a weight', 'weight', 6),
  activationBits: word('x and h', 'activation', 13),
  cellBits: word('the cell state', 'cell', 16),
  biasBits: word('a bias', 'bias', 16),
};

export function wordLengths(args: {
  readonly weightBits: number;
  readonly activationBits: number;
  readonly cellBits: number;
  readonly biasBits: number;
}): WordLengths {
  return {
    weight: args.weightBits,
    activation: args.activationBits,
    cell: args.cellBits,
    bias: args.biasBits,
  };
}
