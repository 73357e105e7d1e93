import { z } from 'zod';
import { chooseAnywhere, chooseEqual } from '../lists/choose.js';
import { densities, drawEach, drawEqual } from '../lists/draw.js';
import { type Holding, heldIn, isFit, NOTHING_ADDED } from '../lists/hold.js';
import { listsOfMask, longestRow, wholeLists } from '../lists/lists.js';
import { keptAtRate, parseBalance, parseRate } from '../lists/parse.js';
import { COST_FIELDS, COST_HEAD, costCells, costsOf, type ListCosts } from '../lists/report.js';
import { rowCounts, validateLists } from '../lists/validate.js';
import { isWhole, listCounts, permuted, runsOfRow } from '../lists/walk.js';
import { zerosOf } from '../lists/zeros.js';
import type { MatrixMasks } from '../mask.js';
import type { Fit, PatternKind, PatternTypes, Shared } from '../pattern.js';
import { type MaskDescription, maskFile } from './file.js';
import { type MaskPattern, maskOf } from './pattern.js';

/**
 * How kept positions are shared out: `equal`: each row keeps as many; `binomial`: each position by itself; `skewed`: the same
 * with a density of its own for each row.
 */
const BALANCES = ['binomial', 'skewed', 'equal'] as const;

type Kind = { readonly kind: 'mask' };

/** The data that masks bring. */
export interface MaskKind extends PatternTypes {
  readonly data: MaskPattern;
  /** `rate`: one weight in how many is kept. */
  readonly spec: Kind & { readonly rate: number; readonly balance: (typeof BALANCES)[number] };
  readonly shape: Kind;
  readonly choice: Kind & Shared;
  readonly finding: Kind & ListCosts & { readonly longestRow: number; readonly emptyRows: number };
  readonly description: MaskDescription;
  readonly facts: { readonly pattern: 'mask' };
}

/** One mask for all gates may keep so many times as much as a mask for each: it has a fraction of their bits. */
const SHARED_SLACK = 1.01;

const indexBits = ({ rows, columns }: MaskPattern): number => rows * columns;

const HOLDING: Holding<MaskPattern> = {
  hold: (masks) => masks.map((mask) => maskOf(listsOfMask(mask))),
  slack: SHARED_SLACK,
  whole: null,
};

/** Masks hold whatever there is. */
function fitted(matrix: MatrixMasks, sharing?: Shared['sharing']): Fit<MaskPattern> {
  const held = heldIn(matrix, HOLDING, sharing);
  if (!isFit(held)) throw new RangeError(`${matrix.name} has no mask`);
  return { ...held, added: NOTHING_ADDED };
}

const validate = (pattern: MaskPattern, field: string, file?: string): void =>
  validateLists(pattern, { field, file });

/** Unstructured pruning as it comes, as MASR has it (Gupta et al., PACT 2019). */
export const MASK: PatternKind<MaskKind> = {
  kind: 'mask',
  parse: {
    options: ['--rate', '--balance'],
    spec: (texts) => ({
      kind: 'mask',
      rate: parseRate(texts),
      balance: parseBalance(texts, 'mask', BALANCES),
    }),
    shape: () => ({ kind: 'mask' }),
  },
  dense: (size) => maskOf(wholeLists(size)),
  draw: (size, { rate, balance }, random) => {
    if (balance === 'equal') {
      return maskOf(drawEqual(size, keptAtRate(size.columns, rate), random));
    }
    return maskOf(drawEach(size, densities(rate, balance, random), random));
  },
  choose: (values, { rate, balance }) => {
    const { rows, columns } = values;
    return maskOf(
      balance === 'equal'
        ? chooseEqual(values, keptAtRate(columns, rate))
        : chooseAnywhere(values, keptAtRate(rows * columns, rate)),
    );
  },
  // a mask with rows of one length is row-balanced
  trials: (_, rate) => [{ form: 'mask', spec: { kind: 'mask', rate, balance: 'binomial' } }],
  validate,
  sizes: ({ rows, columns }) => JSON.stringify([rows, columns]),
  isDense: isWhole,
  counts: listCounts(indexBits),
  runsOfRow,
  order: { unit: () => 1, permuted },
  find: {
    holdsAny: true,
    *search(matrices) {
      const choices: MaskKind['choice'][] = [];
      for (const matrix of matrices) {
        yield;
        const { sharing } = fitted(matrix);
        choices.push({ kind: 'mask', sharing });
      }
      return choices;
    },
    fit: (matrix, { sharing }) => fitted(matrix, sharing),
    fitTo: (matrix) => fitted(matrix),
    nothingAdded: () => NOTHING_ADDED,
    *zeros(matrix, taken) {
      yield;
      const held = heldIn(matrix, HOLDING, taken?.sharing);
      return zerosOf(matrix, held, taken !== undefined, (own) => ({
        kind: 'mask',
        ...costsOf(matrix, own, indexBits),
        longestRow: Math.max(...own.patterns.map(longestRow)),
        emptyRows: own.patterns.reduce(
          (sum, pattern) => sum + rowCounts(pattern).filter((count) => count === 0).length,
          0,
        ),
      }));
    },
  },
  report: {
    text: () => 'mask',
    short: () => 'mask',
    facts: () => ({ pattern: 'mask' }),
    choiceText: () => 'mask',
    choiceFacts: ({ sharing }) => ({ pattern: 'mask', sharing }),
    findings: {
      explained: 'The zeros as a mask, a bit for each position: what zeros in no pattern cost.',
      head: [...COST_HEAD, 'longest row', 'empty rows'],
      cells: ({ longestRow, emptyRows, ...costs }) => [
        ...costCells(costs),
        ...[longestRow, emptyRows],
      ],
      facts: ({ kind, ...finding }) => ({ pattern: kind, ...finding }),
      notes: () => [],
    },
    fields: {
      facts: { pattern: z.literal('mask') },
      choice: { pattern: z.literal('mask') },
      finding: {
        pattern: z.literal('mask'),
        ...COST_FIELDS,
        longestRow: z.int().min(0).describe('columns kept in the row that keeps most'),
        emptyRows: z.int().min(0).describe('rows that keep nothing'),
      },
      added: {},
    },
  },
  file: maskFile,
};
