import type { RandomOptions } from '../../generator/network/random.js';

/** The network of the page: weights change no cycle of it. */
export const NETWORK: RandomOptions = {
  ...{ inputs: 6, hidden: [20], outputs: 2, sharing: 'shared', seed: 1, patterns: [null] },
  words: { weight: 6, activation: 13, cell: 16, bias: 16 },
};
/** Multipliers of an array. */
export const MACS = 64;
