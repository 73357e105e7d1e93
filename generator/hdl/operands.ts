import { complain } from './diagnostics.js';
import type { Int } from './int.js';
import { showInt } from './show-int.js';

/** What these rules look at of a value. */
interface Operand {
  readonly sign: 'u' | 's';
  readonly width: Int;
}

/** A value where one is expected; TypeScript refuses the rest, JavaScript learns it here. */
export function expectValue<E extends Operand>(
  value: E,
  what: string,
  otherwise: E,
  site?: string,
): E {
  if (typeof value === 'object' && value !== null && 'node' in value) return value;
  complain('NOT_A_VALUE', `${what}: expected a value, got ${String(value)}`, site);
  return otherwise;
}

/** `other` when it is a value of the sign of `value`. */
export function alike<E extends Operand>(value: E, other: E, what: string, site?: string): E {
  const given = expectValue(other, what, value, site);
  if (given.sign !== value.sign) {
    const words = { u: 'unsigned', s: 'signed' };
    complain('SIGN_MISMATCH', `${what}: ${words[value.sign]} and ${words[given.sign]}`, site);
  }
  return given;
}

export function expectSigned(value: Operand, what: string): void {
  if (value.sign !== 's') complain('SIGN_MISMATCH', `${what} of an unsigned value`);
}

export function expectWidth(got: Int, expected: Int, what: string, site?: string): void {
  if (!got.equals(expected)) {
    const widths = `${showInt(expected)} bits and ${showInt(got)} bits`;
    complain('WIDTH_MISMATCH', `${what}: ${widths}`, site);
  }
}

/** `to` bits where there are `from`: as many or more. */
export function expectKept(from: Int, to: Int, what: string): void {
  if ((to.minus(from).constant ?? 0) >= 0) return;
  const widths = `${showInt(from)} to ${showInt(to)}`;
  complain('WIDTH_MISMATCH', `${what} cannot drop bits: ${widths}; use part()`);
}

export function expectBit(value: Operand, what: string, site?: string): void {
  if (value.width.equals(1)) return;
  complain('WIDTH_MISMATCH', `${what} has ${showInt(value.width)} bits`, site);
}
