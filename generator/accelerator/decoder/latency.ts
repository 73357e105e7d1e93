/** Cycles from the issue of a tile to its activation address, in every decoder. */
export const DECODER_LATENCY = 4;
