import { unexpected } from '../../base/errors.js';

/** Texts of options by name. */
export type Texts = Readonly<Record<string, string>>;

/**
 * One weight in how many is kept, from the text of `--rate`: a decimal number of at least 1.
 * @throws UserError RATE_INVALID
 */
export function parseRate({ rate }: Texts): number {
  const value = rate !== undefined && /^\s*\d+(\.\d+)?\s*$/.test(rate) ? Number(rate) : 0;
  if (value >= 1 && Number.isFinite(value)) return value;
  const expected = 'one weight in how many is kept, a number of at least 1 such as 8 or 2.5';
  throw unexpected({ code: 'RATE_INVALID', field: '--rate', expected, got: shown(rate) });
}

/** How weights are shared out, from the text of `--balance`; the first of `known` without it. @throws UserError BALANCE_INVALID */
export function parseBalance<B extends string>(
  { balance }: Texts,
  kind: string,
  known: readonly [B, ...B[]],
): B {
  const found = known.find((one) => one === (balance ?? known[0]));
  if (found !== undefined) return found;
  const [first, ...others] = known;
  const expected = `${[first, ...others].join(', ')} for the pattern ${kind}`;
  throw unexpected({ code: 'BALANCE_INVALID', field: '--balance', expected, got: shown(balance) });
}

const shown = (text: string | undefined): string => (text === undefined ? 'nothing' : `'${text}'`);

/** Weights kept of `of`: max(1, round(of / rate)). */
export function keptAtRate(of: number, rate: number): number {
  return Math.max(1, Math.round(of / rate));
}
