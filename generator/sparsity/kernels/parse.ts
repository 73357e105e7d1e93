import { parseBalance, parseRate, type Texts } from '../lists/parse.js';
import { parseSides, type Sides } from '../lists/sides.js';

/** How rows and columns are shared out over blocks: as many in each, with one probability, or with one of each block's own. */
export const BALANCES = ['binomial', 'skewed', 'equal'] as const;
export type Balance = (typeof BALANCES)[number];

/** Sides of a block as a user states them; what is larger than a matrix is the whole of it. */
export interface KernelsShape extends Sides {
  readonly kind: 'kernels';
}

/** What of a matrix is kept. */
export interface KernelsSpec extends KernelsShape {
  /** One weight in so many is kept, at least 1: one row and one column of a block in its square root. */
  readonly rate: number;
  /** Absent: binomial where kernels are drawn, equal where they are chosen by the weights. */
  readonly balance?: Balance;
}

/** From the text of `--blocks`, height x width, or one number for both. @throws UserError BLOCKS_INVALID */
export function parseShape({ blocks = '' }: Texts): KernelsShape {
  const square = /^\s*\d+\s*$/.test(blocks) ? `${blocks}x${blocks}` : blocks;
  const expected = 'the size of a block, rows x columns, such as 32x32';
  return { kind: 'kernels', ...parseSides(square, expected) };
}

/** From the texts of `--blocks`, `--rate` and `--balance`. @throws UserError BLOCKS_INVALID, RATE_INVALID, BALANCE_INVALID */
export function parseSpec(texts: Texts): KernelsSpec {
  const spec = { ...parseShape(texts), rate: parseRate(texts) };
  if (texts.balance === undefined) return spec;
  return { ...spec, balance: parseBalance(texts, 'kernels', BALANCES) };
}
