import { rangeLimit, type TableScheme } from '../../network/table-scheme.js';

/** The scheme of activation tables in words: `inputs in [-8, 8) of 14 bits, 128 segments, values of 12 fraction bits`. */
export function tablesText(scheme: TableScheme): string {
  const { inputBits, segments, outputFraction } = scheme;
  return `inputs in ${tableRangeText(scheme)} of ${inputBits} bits, ${segments} segments, values of ${outputFraction} fraction bits`;
}

/** Inputs that tables have: `[-8, 8)`. */
export function tableRangeText(scheme: TableScheme): string {
  const limit = rangeLimit(scheme);
  return `[-${limit}, ${limit})`;
}
