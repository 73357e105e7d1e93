import { z } from 'zod';

const size = z.number().int().min(1).max(65_536);
const natural = z.number().int().nonnegative();

/** The part of a compressed-model file that describes strips. */
export const description = z.strictObject({
  kind: z.literal('strips'),
  height: size,
  width: size,
  /** Kept columns of all strips, and positions that are kept, one number per pattern. */
  columns: z.array(natural).readonly(),
  positions: z.array(natural).readonly(),
  /** Whether rows are dropped. */
  dropped: z.boolean(),
  /** Whether rows stand in another order than strip by strip. */
  reordered: z.boolean(),
});

/** The patterns of a matrix in a compressed-model file: all but their lists, which are tensors. */
export type StripsDescription = z.infer<typeof description>;
