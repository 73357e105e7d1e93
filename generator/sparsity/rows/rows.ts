import { z } from 'zod';
import { chooseEqual } from '../lists/choose.js';
import { columnsFile } from '../lists/columns-file.js';
import { drawEqual } from '../lists/draw.js';
import { fitted, type Holding, heldIn, NOTHING_ADDED, unlike } from '../lists/hold.js';
import { type KeptLists, type ListPattern, listsOfMask, wholeLists } from '../lists/lists.js';
import { keptAtRate, parseBalance, parseRate } from '../lists/parse.js';
import { COST_FIELDS, COST_HEAD, costCells, costsOf, type ListCosts } from '../lists/report.js';
import { rowCounts, validateBalance, validateLists } from '../lists/validate.js';
import { bitsFor, isWhole, listCounts, permuted, runsOfRow } from '../lists/walk.js';
import { zerosOf } from '../lists/zeros.js';
import type { PatternKind, PatternTypes, Shared } from '../pattern.js';

/** Row-balanced sparsity: every row of a gate keeps the same number of columns, at least one, anywhere. */
export interface RowsPattern extends ListPattern {
  readonly kind: 'rows';
}

interface RowsFacts {
  readonly pattern: 'rows';
  /** Columns kept in each row. */
  readonly perRow: number;
}

type Kind = { readonly kind: 'rows' };

/** The data that row-balanced sparsity brings. */
export interface Rows extends PatternTypes {
  readonly data: RowsPattern;
  /** `rate`: one weight in how many is kept. */
  readonly spec: Kind & { readonly rate: number };
  readonly shape: Kind;
  readonly choice: Kind & Shared;
  readonly finding: Kind & ListCosts & Pick<RowsFacts, 'perRow'>;
  readonly description: z.infer<typeof description>;
  readonly facts: RowsFacts;
}

const count = z.int().min(1);
const description = z.strictObject({ kind: z.literal('rows'), perRow: count.max(65_536) });

const rowsOf = (lists: KeptLists): RowsPattern => ({ kind: 'rows', ...lists });
const perRowOf = ({ start }: KeptLists): number => start[1] as number;
const indexBits = ({ kept, columns }: RowsPattern): number => kept.length * bitsFor(columns);

const HOLDING: Holding<RowsPattern> = {
  hold: (masks) => {
    const patterns = masks.map((mask) => rowsOf(listsOfMask(mask)));
    return unlike(patterns.map(rowCounts), 1, (row) => `row ${row}`) ?? patterns;
  },
  slack: 1,
  whole: (size) => rowsOf(wholeLists(size)),
};
const WHAT = 'no row-balanced sparsity';

function validate(pattern: RowsPattern, field: string, file?: string): void {
  validateLists(pattern, { field, file });
  validateBalance(pattern, { field, file });
}

/** As ESE has it (Han et al., FPGA 2017), balanced over rows instead of over the rows of a processing element. */
export const ROWS: PatternKind<Rows> = {
  kind: 'rows',
  parse: {
    options: ['--rate', '--balance'],
    spec: (texts) => {
      parseBalance(texts, 'rows', ['equal']);
      return { kind: 'rows', rate: parseRate(texts) };
    },
    shape: () => ({ kind: 'rows' }),
  },
  dense: (size) => rowsOf(wholeLists(size)),
  draw: (size, { rate }, random) => rowsOf(drawEqual(size, keptAtRate(size.columns, rate), random)),
  choose: (values, { rate }) => rowsOf(chooseEqual(values, keptAtRate(values.columns, rate))),
  trials: (_, rate) => [{ form: 'rows', spec: { kind: 'rows', rate } }],
  validate,
  sizes: (pattern) => JSON.stringify([pattern.rows, pattern.columns, perRowOf(pattern)]),
  isDense: isWhole,
  counts: listCounts(indexBits),
  runsOfRow,
  order: { unit: () => 1, permuted },
  find: {
    *search(matrices, options) {
      const choices: Rows['choice'][] = [];
      for (const matrix of matrices) {
        yield;
        const held = heldIn(matrix, HOLDING);
        const { sharing } = fitted(held, matrix, WHAT, 'PATTERN_NOT_FOUND', options);
        choices.push({ kind: 'rows', sharing });
      }
      return choices;
    },
    fit: (matrix, { sharing }, options) =>
      fitted(heldIn(matrix, HOLDING, sharing), matrix, WHAT, 'PATTERN_UNBALANCED', options),
    fitTo: (matrix, _, options) =>
      fitted(heldIn(matrix, HOLDING), matrix, WHAT, 'PATTERN_UNBALANCED', options),
    nothingAdded: () => NOTHING_ADDED,
    *zeros(matrix, taken) {
      yield;
      const held = heldIn(matrix, HOLDING, taken?.sharing);
      return zerosOf(matrix, held, taken !== undefined, (own) => ({
        ...{ kind: 'rows', perRow: perRowOf(own.patterns[0] as RowsPattern) },
        ...costsOf(matrix, own, indexBits),
      }));
    },
  },
  report: {
    text: (pattern) => (isWhole(pattern) ? 'dense' : `rows that keep ${perRowOf(pattern)}`),
    short: (pattern) => (isWhole(pattern) ? 'dense' : `rows keep ${perRowOf(pattern)}`),
    facts: (pattern) => ({ pattern: 'rows', perRow: perRowOf(pattern) }),
    choiceText: () => 'rows',
    choiceFacts: ({ sharing }) => ({ pattern: 'rows', sharing }),
    findings: {
      explained: 'The zeros as rows that keep the same number of weights each.',
      head: ['in a row', ...COST_HEAD],
      cells: ({ perRow, ...costs }) => [perRow, ...costCells(costs)],
      facts: ({ kind, ...finding }) => ({ pattern: kind, ...finding }),
      notes: () => [],
    },
    fields: {
      facts: { pattern: z.literal('rows'), perRow: count.describe('columns kept in each row') },
      choice: { pattern: z.literal('rows') },
      finding: { pattern: z.literal('rows'), perRow: count, ...COST_FIELDS },
      added: {},
    },
  },
  file: columnsFile({
    description,
    describe: (pattern): Rows['description'] => ({ kind: 'rows', perRow: perRowOf(pattern) }),
    perRow: ({ perRow }, { columns }, refuse) =>
      perRow <= columns ? perRow : refuse('perRow', `1 to ${columns}`, perRow),
    pattern: (_, lists) => rowsOf(lists),
    validate,
  }),
};
