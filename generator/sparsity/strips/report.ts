import { z } from 'zod';
import type { PatternReports } from '../pattern.js';
import { droppedCount } from './count.js';
import { type Disagreement, disagreementText } from './disagree.js';
import { isWhole, type StripsPattern } from './pattern.js';
import type { Strips } from './types.js';

const count = z.int().min(0);
const height = count.describe('rows of a strip');
const width = count.describe('columns of a column block');
const droppedRows = count.describe('rows that are dropped whole, of the first gate');
const disagreement = z.strictObject({
  mask: count.describe('number of the gate, 0 where the gates share the pattern'),
  row: count,
  strip: count,
  kept: count.describe('columns that the strip keeps'),
  zeros: count.describe('those of them in which the row is zero'),
});

/** Strips in words and in JSON. */
export const stripsReports: PatternReports<Strips> = {
  text,
  short: text,
  facts: (pattern) => ({
    height: pattern.height,
    width: pattern.width,
    droppedRows: droppedCount(pattern),
  }),
  choiceText: (choice) => (choice.dense ? 'dense' : `strips ${sizesText(choice)}`),
  choiceFacts: ({ sharing, height, width }) => ({ sharing, height, width }),
  findings: {
    explained:
      'The zeros as strips of HxW, H rows high in column blocks of W: columns dropped in each strip, then whole rows.',
    head: ['strips', 'gates', 'kept', 'of them zero', 'index bits', 'dropped rows'],
    cells: ({ sharing, kept, beyond, indexBits, droppedRows, ...sizes }) => [
      ...[sizesText(sizes), sharing, kept],
      ...[beyond, indexBits, droppedRows],
    ],
    facts: ({ kind: _, dense: __, rows, ...finding }) => ({ ...finding, disagreeing: rows }),
    notes: ({ rows, sharing, ...sizes }) =>
      rows.map(
        (row: Disagreement) => `strips of ${sizesText(sizes)}: ${disagreementText(row, sharing)}`,
      ),
  },
  fields: {
    facts: { height, width, droppedRows },
    choice: { height, width },
    finding: {
      ...{ height, width },
      kept: count.describe('positions in all gates'),
      beyond: count.describe('kept positions whose weight is zero'),
      indexBits: count,
      droppedRows: count.describe('rows that are dropped whole, all patterns together'),
      disagreeing: z
        .array(disagreement)
        .describe('the first rows that lack columns of their strip'),
    },
    added: {},
  },
};

function text(pattern: StripsPattern): string {
  if (isWhole(pattern)) return 'dense';
  const dropped = droppedCount(pattern);
  const rows = dropped === 0 ? '' : `, ${dropped} of ${pattern.rows} rows dropped`;
  return `strips ${sizesText(pattern)}${rows}`;
}

function sizesText({ height, width }: Pick<StripsPattern, 'height' | 'width'>): string {
  return `${height}x${width}`;
}
