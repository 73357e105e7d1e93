import {
  magnitudeBits,
  schemeOf,
  segmentBits,
  slopeBits,
  TABLE_BITS,
  tableOne,
  y0Bits,
} from '../../network/table-scheme.js';

/** The tables of every design. */
const SCHEME = schemeOf(TABLE_BITS.usual);
export const {
  inputBits: TABLE_INPUT_BITS,
  inputFraction: TABLE_INPUT_FRACTION,
  outputFraction: TABLE_OUTPUT_FRACTION,
  segments: TABLE_SEGMENTS,
} = SCHEME;
export const TABLE_MAGNITUDE_BITS = magnitudeBits(SCHEME);
export const TABLE_SEGMENT_BITS = segmentBits(SCHEME);
export const TABLE_ONE = tableOne(SCHEME);
export const TABLE_Y0_BITS = y0Bits(SCHEME);
export const TABLE_SLOPE_BITS = slopeBits(SCHEME);
