import { z } from 'zod';

const size = z.int().min(1).max(65_536);
const totals = z.array(z.int().min(1)).readonly();

/** The part of a compressed-model file that describes kernels. */
export const description = z.strictObject({
  kind: z.literal('kernels'),
  height: size,
  width: size,
  /** Kept rows, and kept columns, of all blocks, and weights in kernels: a number of each per pattern. */
  rows: totals,
  columns: totals,
  positions: totals,
  /** Whether rows and columns stand in another order than that which is cut into blocks. */
  reordered: z.boolean(),
});

/** The patterns of a matrix in a compressed-model file: all but their lists, which are tensors. */
export type KernelsDescription = z.infer<typeof description>;
