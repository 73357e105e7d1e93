import type { Int } from './int.js';

/** Whether a constant has a place in a word; where the width is a parameter, any that is not negative. */
export function fits(
  value: bigint,
  { sign, width }: { readonly sign: 'u' | 's'; readonly width: Int },
): boolean {
  const bits = width.constant;
  if (bits === undefined) return value >= 0n;
  return (sign === 's' ? BigInt.asIntN : BigInt.asUintN)(bits, value) === value;
}
