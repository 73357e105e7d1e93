import { z } from 'zod';
import { COST_FIELDS, COST_HEAD, costCells } from '../lists/report.js';
import type { Sides } from '../lists/sides.js';
import type { PatternReports } from '../pattern.js';
import { emptyBlocks, isWhole } from './count.js';
import type { KernelsPattern } from './pattern.js';
import type { Kernels } from './types.js';

const count = z.int().min(0);
const pattern = z.literal('kernels');
const sides = {
  height: count.describe('rows of a block'),
  width: count.describe('columns of a block'),
};

/** Kernels in words and in JSON. */
export const kernelsReports: PatternReports<Kernels> = {
  text,
  short: text,
  facts: (own) => ({
    ...{ pattern: 'kernels', height: own.height, width: own.width },
    emptyBlocks: emptyBlocks(own),
  }),
  choiceText: (choice) => (choice.dense ? 'dense' : `kernels ${sizesText(choice)}`),
  choiceFacts: ({ sharing, height, width }) => ({ pattern: 'kernels', sharing, height, width }),
  findings: {
    explained:
      'The zeros as kernels in blocks of HxW: rows and columns dropped in each block, both on their own.',
    head: ['blocks', ...COST_HEAD],
    cells: ({ sharing, kept, beyond, indexBits, ...own }) => [
      sizesText(own),
      ...costCells({ sharing, kept, beyond, indexBits }),
    ],
    facts: ({ kind, dense: _, near: __, ...finding }) => ({ pattern: kind, ...finding }),
    notes: ({ near, kept, beyond, ...own }) =>
      near ? [`kernels ${sizesText(own)}: ${beyond} of the ${kept} positions kept are zero`] : [],
  },
  fields: {
    facts: {
      ...{ pattern, ...sides },
      emptyBlocks: count.describe('blocks that keep nothing, of the first gate'),
    },
    choice: { pattern, ...sides },
    finding: { pattern, ...sides, ...COST_FIELDS },
    added: {},
  },
};

function text(own: KernelsPattern): string {
  if (isWhole(own)) return 'dense';
  const empty = emptyBlocks(own);
  const rest = empty === 0 ? '' : `, ${empty} of ${own.kernels.length} blocks empty`;
  return `kernels ${sizesText(own)}${rest}`;
}

function sizesText({ height, width }: Sides): string {
  return `${height}x${width}`;
}
