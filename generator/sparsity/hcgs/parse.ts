import { UserError, unexpected } from '../../base/errors.js';

/** `k/n`: k of every n blocks of a block row are kept, 1 <= k <= n. */
export interface KeepFraction {
  readonly k: number;
  readonly n: number;
}

/** Block sizes as a user states them, outermost first; empty = dense. */
export interface HcgsShape {
  readonly kind: 'hcgs';
  readonly blocks: readonly number[];
}

/** Block sizes and kept fractions of a matrix as a user states them. */
export interface HcgsSpec extends HcgsShape {
  /** One per block size. */
  readonly keep: readonly KeepFraction[];
}

/**
 * Block sizes of all levels from text such as `32,4`, outermost first.
 * @throws UserError BLOCKS_INVALID when one is no integer >= 1, BLOCKS_NOT_NESTED when one does not divide
 * the size before it or is not smaller.
 */
export function parseBlocks(text: string, field = '--blocks'): readonly number[] {
  const sizes = text.split(',').map((part) => {
    const size = /^\s*\d+\s*$/.test(part) ? Number(part) : 0;
    if (size < 1 || size > 65536) {
      throw refusal('BLOCKS_INVALID', field, 'block sizes such as 32,4', text);
    }
    return size;
  });
  checkNesting(sizes, field);
  return sizes;
}

/** From the text of `--blocks`. @throws UserError as `parseBlocks` */
export function parseShape({ blocks = '' }: Readonly<Record<string, string>>): HcgsShape {
  return { kind: 'hcgs', blocks: parseBlocks(blocks) };
}

/** From the texts of `--blocks` and `--keep`. @throws UserError as `parseBlocks` and `parseKeep`, or BAD_OPTION_VALUE */
export function parseSpec(texts: Readonly<Record<string, string>>): HcgsSpec {
  const { keep: given = '' } = texts;
  const shape = parseShape(texts);
  const keep = parseKeep(given);
  if (keep.length !== shape.blocks.length) {
    const expected = `${shape.blocks.length} fractions, one per block size`;
    const message = `--keep: expected ${expected}, got '${given}'`;
    throw new UserError({
      code: 'BAD_OPTION_VALUE',
      message,
      field: '--keep',
      expected,
      got: given,
    });
  }
  return { ...shape, keep };
}

/** @throws UserError BLOCKS_NOT_NESTED unless each size is a proper divisor of the one before. */
export function checkNesting(sizes: readonly number[], field: string, file?: string): void {
  sizes.forEach((size, level) => {
    const outer = sizes[level - 1];
    if (outer !== undefined && (size >= outer || outer % size !== 0)) {
      const expected = `a block size that divides ${outer} and is smaller`;
      throw refusal('BLOCKS_NOT_NESTED', field, expected, String(size), file);
    }
  });
}

/**
 * Keep fractions of all levels from text such as `4/16,2/8`, outermost first.
 * @throws UserError KEEP_INVALID when the text is no list of fractions or 1 <= k <= n does not hold.
 */
export function parseKeep(text: string, field = '--keep'): readonly KeepFraction[] {
  return text.split(',').map((part) => {
    const match = /^\s*(\d+)\s*\/\s*(\d+)\s*$/.exec(part);
    if (match === null) throw refusal('KEEP_INVALID', field, 'fractions such as 4/16,2/8', text);
    const [k, n] = [Number(match[1]), Number(match[2])];
    if (k < 1 || k > n) throw refusal('KEEP_INVALID', field, 'k/n with 1 <= k <= n', part.trim());
    return { k, n };
  });
}

/** Blocks kept of `blocks` blocks in a row: max(1, floor(k * blocks / n + 1/2)), in exact integers. */
export function keptCount({ k, n }: KeepFraction, blocks: number): number {
  return Math.max(1, Number((2n * BigInt(k) * BigInt(blocks) + BigInt(n)) / (2n * BigInt(n))));
}

function refusal(
  code: string,
  field: string,
  expected: string,
  got: string,
  file?: string,
): UserError {
  return unexpected({ code, file, field, expected, got }, field);
}
