import { UserError } from '../../base/errors.js';
import { parseSides } from '../lists/sides.js';

/** How many columns each strip block keeps: as many, with one probability, or with one that differs from block to block. */
export const BALANCES = ['equal', 'binomial', 'skewed'] as const;
export type Balance = (typeof BALANCES)[number];

/** Sizes of a strip block as a user states them; what is larger than a matrix is the whole of it. */
export interface StripsShape {
  readonly kind: 'strips';
  /** Rows of a strip. */
  readonly height: number;
  /** Columns of a column block. */
  readonly width: number;
}

/** What of a matrix is kept. */
export interface StripsSpec extends StripsShape {
  /** One column in so many is kept, at least 1. */
  readonly columnRate: number;
  /** One row in so many is kept, at least 1. */
  readonly rowRate: number;
  /** Absent: binomial where columns are drawn, equal where they are chosen by the weights. */
  readonly balance?: Balance;
}

/** From the text of `--blocks`, e.g. `32x256`: height x width. @throws UserError BLOCKS_INVALID */
export function parseShape({ blocks = '' }: Readonly<Record<string, string>>): StripsShape {
  const expected = 'the size of a strip block, rows x columns, such as 32x256';
  return { kind: 'strips', ...parseSides(blocks, expected) };
}

/** From the texts of `--blocks`, `--rate` and `--balance`. @throws UserError BLOCKS_INVALID or BAD_OPTION_VALUE */
export function parseSpec(texts: Readonly<Record<string, string>>): StripsSpec {
  const { rate = '', balance } = texts;
  const shape = parseShape(texts);
  const match = /^\s*(\d+(?:\.\d+)?)\s*(?:,\s*(\d+(?:\.\d+)?)\s*)?$/.exec(rate);
  const [columnRate, rowRate] = [Number(match?.[1] ?? 0), Number(match?.[2] ?? 1)];
  if (columnRate < 1 || rowRate < 1) {
    const expected =
      'C or C,R, one column in C and one row in R, both at least 1, such as 8 or 8,2';
    throw badValue('--rate', expected, rate);
  }
  if (balance === undefined) return { ...shape, columnRate, rowRate };
  const known = BALANCES.find((one) => one === balance.trim());
  if (known === undefined) throw badValue('--balance', BALANCES.join(' or '), balance);
  return { ...shape, columnRate, rowRate, balance: known };
}

/** The error of an option whose text cannot be used. */
export function badValue(field: string, expected: string, got: string): UserError {
  const message = `${field}: expected ${expected}, got '${got}'`;
  return new UserError({ code: 'BAD_OPTION_VALUE', message, field, expected, got });
}

/** One in `rate` of so many, at least one: max(1, round(count / rate)). */
export function keptOf(count: number, rate: number): number {
  return Math.max(1, Math.round(count / rate));
}
