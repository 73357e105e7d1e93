/** Bit 3 first, as a digit is written. */
const BITS = [8, 4, 2, 1];

/**
 * Bits of the words of a $readmemh image that are not the same in all of them: Yosys takes constant columns out of a
 * ROM (its pass `opt_mem`), so they need no place on a device.
 */
export function varyingBits(image: string, width: number): number {
  const digits = Math.ceil(width / 4);
  const all = new Uint8Array(digits).fill(15);
  const some = new Uint8Array(digits);
  for (let at = 0; at + digits <= image.length; at += digits + 1) {
    for (let d = 0; d < digits; d++) {
      const value = digitOf(image.charCodeAt(at + d));
      all[d] = (all[d] as number) & value;
      some[d] = (some[d] as number) | value;
    }
  }
  let bits = 0;
  for (let d = 0; d < digits; d++) {
    const varying = (some[d] as number) & ~(all[d] as number);
    for (const bit of BITS) if ((varying & bit) !== 0) bits++;
  }
  return bits;
}

/** Value of a hexadecimal digit in lower case. */
function digitOf(code: number): number {
  return code < 58 ? code - 48 : code - 87;
}
