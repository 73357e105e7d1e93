/** A floating-point format of 16 bits: one sign bit, then exponent, then fraction. */
export interface SmallFloat {
  readonly exponentBits: number;
  readonly fractionBits: number;
}

/** IEEE 754 binary16. */
export const FLOAT16: SmallFloat = { exponentBits: 5, fractionBits: 10 };
/** The upper half of IEEE 754 binary32. */
export const BFLOAT16: SmallFloat = { exponentBits: 8, fractionBits: 7 };

const biasOf = ({ exponentBits }: SmallFloat) => 2 ** (exponentBits - 1) - 1;

/** The number that 16 bits stand for, exactly. */
export function fromBits(bits: number, format: SmallFloat): number {
  const { exponentBits, fractionBits } = format;
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits & 0x7fff) >> fractionBits;
  const fraction = bits & (2 ** fractionBits - 1);
  if (exponent === 2 ** exponentBits - 1) {
    return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  }
  const step = 2 ** (Math.max(exponent, 1) - biasOf(format) - fractionBits);
  return sign * (fraction + (exponent === 0 ? 0 : 2 ** fractionBits)) * step;
}

/** The nearest number of the format, ties to even; infinity beyond the largest. */
export function roundToFormat(value: number, format: SmallFloat): number {
  if (!Number.isFinite(value) || value === 0) return value;
  const bias = biasOf(format);
  const exponent = Math.max(Math.floor(Math.log2(Math.abs(value))), 1 - bias);
  const step = 2 ** (exponent - format.fractionBits);
  const steps = Math.abs(value) / step; // exact: the step is a power of two
  const floor = Math.floor(steps);
  const rest = steps - floor;
  const rounded = (rest > 0.5 || (rest === 0.5 && floor % 2 !== 0) ? floor + 1 : floor) * step;
  return Math.sign(value) * (rounded < 2 ** (bias + 1) ? rounded : Number.POSITIVE_INFINITY);
}

/** The 16 bits of the nearest number. */
export function toBits(value: number, format: SmallFloat): number {
  const { exponentBits, fractionBits } = format;
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  const largest = (2 ** exponentBits - 1) * 2 ** fractionBits;
  if (Number.isNaN(value)) return largest + 2 ** (fractionBits - 1);
  const magnitude = Math.abs(roundToFormat(value, format));
  if (magnitude === Number.POSITIVE_INFINITY) return sign + largest;
  const bias = biasOf(format);
  const exponent = Math.max(Math.floor(Math.log2(magnitude || 2 ** -bias)), 1 - bias);
  // the leading one carries into the exponent field: numbers below it are the subnormal ones
  const fraction = magnitude * 2 ** (fractionBits - exponent);
  return sign + (exponent - 1 + bias) * 2 ** fractionBits + fraction;
}
