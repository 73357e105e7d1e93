import { unexpected } from '../../base/errors.js';
import type { Size } from '../pattern.js';

/** Sides of a block of a matrix. */
export interface Sides {
  /** Its rows. */
  readonly height: number;
  /** Its columns. */
  readonly width: number;
}

const LARGEST = 65_536;

/** From a text of `--blocks`, rows x columns, e.g. `32x256`. @throws UserError BLOCKS_INVALID, which says what is `expected` */
export function parseSides(text: string, expected: string): Sides {
  const match = /^\s*(\d+)\s*x\s*(\d+)\s*$/.exec(text);
  const [height, width] = [Number(match?.[1] ?? 0), Number(match?.[2] ?? 0)];
  if ([height, width].some((side) => side < 1 || side > LARGEST)) {
    throw unexpected({ code: 'BLOCKS_INVALID', field: '--blocks', expected, got: `'${text}'` });
  }
  return { height, width };
}

/** Sides of blocks in a matrix: what is larger than the matrix is the whole of it. */
export function sidesIn({ rows, columns }: Size, { height, width }: Sides): Sides {
  return { height: Math.min(height, rows), width: Math.min(width, columns) };
}
