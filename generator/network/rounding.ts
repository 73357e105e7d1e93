const POWERS = Float64Array.from({ length: 129 }, (_, i) => 2 ** (i - 64));

/** 2^n from a table; the golden model asks for it several times in every cell. */
export function power(n: number): number {
  return POWERS[n + 64] ?? 2 ** n;
}

/** Constants of a rounding by a fixed shift: rnd(v) = floor((v + half) * scale). */
export interface Rounding {
  readonly half: number;
  readonly scale: number;
}

/** Rounding by `shift` bits; shift <= 0 is a left shift, in which nothing is rounded. */
export function roundingBy(shift: number): Rounding {
  return { half: shift > 0 ? power(shift - 1) : 0, scale: power(-shift) };
}

/** Round half up with the constants of `roundingBy`. */
export function rounded(value: number, { half, scale }: Rounding): number {
  return Math.floor((value + half) * scale);
}

/** Round half up by `shift` bits: shift > 0: (v + 2^(shift-1)) >> shift; shift <= 0: v << -shift. */
export function rnd(value: number, shift: number): number {
  return rounded(value, roundingBy(shift));
}

/** Clamp to a two's complement word of `bits` bits. */
export function sat(value: number, bits: number): number {
  return clamp(value, power(bits - 1));
}

/** Clamp to -limit ... limit - 1. */
export function clamp(value: number, limit: number): number {
  if (value >= limit) return limit - 1;
  if (value < -limit) return -limit;
  return value;
}

/** Clamp to -most ... most: what a clip of sums is, at its code. */
export function clipped(value: number, most: number): number {
  if (value > most) return most;
  if (value < -most) return -most;
  return value;
}
