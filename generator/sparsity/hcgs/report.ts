import { z } from 'zod';
import type { PatternReports } from '../pattern.js';
import type { HcgsPattern } from './pattern.js';
import type { Hcgs } from './types.js';
import type { OddRow } from './zeros.js';

const count = z.int().min(0);
const blocks = z.array(count).describe('outermost first; none = dense');
const keep = z.array(count).describe('blocks kept in a block row of each level');
const oddRow = z.strictObject({
  gate: count.nullable().describe('null where the gates share the pattern'),
  blockSize: count,
  blockRow: count,
  outerColumn: count.nullable().describe('block column of the enclosing kept block'),
  used: count.describe('blocks with a weight in them'),
  usual: count.describe('the same in most block rows'),
});

/** HCGS in words and in JSON. */
export const hcgsReports: PatternReports<Hcgs> = {
  text: (pattern) => (pattern.blocks.length === 0 ? 'dense' : `blocks ${counts(pattern)}`),
  short: (pattern) => (pattern.blocks.length === 0 ? 'dense' : counts(pattern)),
  facts: ({ blocks, keep }) => ({ blocks, keep }),
  choiceText: ({ blocks }) => blocks.join() || 'dense',
  choiceFacts: ({ blocks, sharing }) => ({ blocks, sharing }),
  findings: {
    explained:
      'The zeros as blocks of N x N weights, outermost level first; keep = blocks kept in a block row.',
    head: ['blocks', 'keep', 'gates', 'kept', 'of them zero', 'index bits', 'odd block rows'],
    cells: ({ blocks, keep, sharing, kept, beyond, indexBits, oddRows }) => [
      ...[blocks.join(), keep.join(), sharing],
      ...[kept, beyond, indexBits, oddRows],
    ],
    facts: ({ kind: _, ...finding }) => finding,
    notes: ({ blocks, first }) => first.map((row) => `blocks ${blocks.join()}: ${oddText(row)}`),
  },
  fields: {
    facts: { blocks, keep },
    choice: { blocks },
    finding: {
      ...{ blocks, keep },
      kept: count.describe('positions in all gates, with zero blocks that balance the pattern'),
      beyond: count.describe('kept positions whose weight is zero'),
      indexBits: count,
      oddRows: count.describe('block rows whose count is not the usual one'),
      first: z.array(oddRow).describe('the first of them'),
    },
    added: { filledBlocks: z.array(count).describe('zero blocks added, by level') },
  },
};

const counts = ({ blocks, keep }: HcgsPattern): string => `${blocks.join()} keep ${keep.join()}`;

function oddText({ gate, blockSize, blockRow, outerColumn, used, usual }: OddRow): string {
  const of = gate === null ? '' : ` of gate ${gate}`;
  const inside = outerColumn === null ? '' : `, inside kept block column ${outerColumn},`;
  return `block row ${blockRow}${of} of the ${blockSize}-blocks${inside} has ${used}, most have ${usual}`;
}
