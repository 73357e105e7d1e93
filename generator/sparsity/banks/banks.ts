import { z } from 'zod';
import { columnsFile } from '../lists/columns-file.js';
import { isFit, NOTHING_ADDED } from '../lists/hold.js';
import { COST_FIELDS, COST_HEAD, costCells, costsOf, type ListCosts } from '../lists/report.js';
import { invalid, validateLists } from '../lists/validate.js';
import { bitsFor, isWhole, listCounts, permuted, runsOfRow } from '../lists/walk.js';
import { zerosOf } from '../lists/zeros.js';
import type { PatternKind, PatternTypes } from '../pattern.js';
import { chooseBanks, drawBanks } from './build.js';
import {
  type BanksChoice,
  type BanksShape,
  fitBanks,
  fitBanksTo,
  heldInBanks,
  saysBanks,
  searchBanks,
  unlikeIn,
} from './find.js';
import { type BanksSpec, parseBanksShape, parseBanksSpec } from './parse.js';
import { type BankCounts, type BanksPattern, bankCounts, banksOf, wholeBanks } from './pattern.js';

/** Sizes of banks that a search tries. */
const TRIED = [16, 32, 64];

interface Counts extends BankCounts {
  readonly bank: number;
}

/** The data that bank-balanced sparsity brings. */
export interface Banks extends PatternTypes {
  readonly data: BanksPattern;
  readonly spec: BanksSpec;
  readonly shape: BanksShape;
  readonly choice: BanksChoice;
  readonly finding: { readonly kind: 'banks' } & ListCosts & Counts;
  readonly description: z.infer<typeof description>;
  readonly facts: { readonly pattern: 'banks' } & Counts;
}

const count = z.int().min(0).max(65_536);
const counts = {
  bank: z.int().min(2).max(65_536).describe('columns of a bank'),
  perBank: count.min(1).nullable().describe('kept in a full bank of a row; null = none is full'),
  last: count.nullable().describe('kept in a last bank that is not full; null = there is none'),
};
const description = z.strictObject({ kind: z.literal('banks'), ...counts });

const indexBits = ({ kept, bank }: BanksPattern): number => kept.length * bitsFor(bank);
const countsOf = (pattern: BanksPattern): Counts => ({
  bank: pattern.bank,
  ...bankCounts(pattern),
});

function text(pattern: BanksPattern, keep: string): string {
  if (isWhole(pattern)) return 'dense';
  const { bank, perBank, last } = countsOf(pattern);
  const rest = last === null ? '' : `${last} in the last`;
  const full = perBank === null ? rest : [perBank, ...(rest ? [rest] : [])].join(', ');
  return `banks of ${bank} ${keep} ${full}`;
}

function validate(pattern: BanksPattern, field: string, file?: string): void {
  const { bank } = pattern;
  if (!Number.isSafeInteger(bank) || bank < 2) {
    invalid({ field, file }, 'columns of a bank', 'at least 2', bank);
  }
  validateLists(pattern, { field, file });
  const odd = unlikeIn([pattern], bank);
  if (odd === null) return;
  const expected = odd.usual === 0 ? 'at least 1' : odd.usual;
  invalid({ field, file }, `columns kept in ${odd.where}`, expected, odd.got);
}

/** As BBS has it (Cao et al., FPGA 2019). */
export const BANKS: PatternKind<Banks> = {
  kind: 'banks',
  parse: {
    options: ['--blocks', '--rate', '--balance'],
    spec: parseBanksSpec,
    shape: parseBanksShape,
  },
  dense: (size) => wholeBanks(size, Math.max(2, size.columns)),
  draw: drawBanks,
  choose: chooseBanks,
  trials: (_, rate) =>
    TRIED.map((bank) => ({ form: `banks of ${bank}`, spec: { kind: 'banks', bank, rate } })),
  validate,
  sizes: (pattern) => {
    const { rows, columns } = pattern;
    return JSON.stringify({ rows, columns, ...countsOf(pattern) });
  },
  isDense: isWhole,
  counts: listCounts(indexBits),
  runsOfRow,
  order: { unit: ({ bank }) => bank, permuted },
  find: {
    search: searchBanks,
    fit: fitBanks,
    fitTo: fitBanksTo,
    nothingAdded: () => NOTHING_ADDED,
    *zeros(matrix, taken) {
      yield;
      const held = heldInBanks(matrix, taken && [taken.bank], taken?.sharing);
      if (isFit(held) && taken === undefined && !saysBanks(held)) {
        return { kind: 'near', findings: [] };
      }
      return zerosOf(matrix, held, taken !== undefined, (own) => ({
        kind: 'banks',
        ...countsOf(own.patterns[0] as BanksPattern),
        ...costsOf(matrix, own, indexBits),
      }));
    },
  },
  report: {
    text: (pattern) => text(pattern, 'that keep'),
    short: (pattern) => text(pattern, 'keep'),
    facts: (pattern) => ({ pattern: 'banks', ...countsOf(pattern) }),
    choiceText: ({ bank }) => `banks of ${bank}`,
    choiceFacts: ({ bank, sharing }) => ({ pattern: 'banks', bank, sharing }),
    findings: {
      explained:
        'The zeros as banks of neighbouring columns, of which each row keeps as many in each.',
      head: ['bank', 'in a bank', 'in the last', ...COST_HEAD],
      cells: ({ bank, perBank, last, ...costs }) => [
        ...[bank, perBank ?? '-', last ?? '-'],
        ...costCells(costs),
      ],
      facts: ({ kind, ...finding }) => ({ pattern: kind, ...finding }),
      notes: () => [],
    },
    fields: {
      facts: { pattern: z.literal('banks'), ...counts },
      choice: { pattern: z.literal('banks'), bank: counts.bank },
      finding: { pattern: z.literal('banks'), ...counts, ...COST_FIELDS },
      added: {},
    },
  },
  file: columnsFile({
    description,
    describe: (pattern): Banks['description'] => ({ kind: 'banks', ...countsOf(pattern) }),
    perRow: ({ bank, perBank, last }, size, refuse) => {
      const { columns } = size;
      const full = Math.floor(columns / bank);
      const rest = columns % bank;
      if ((perBank === null) !== (full === 0) || (perBank ?? 1) > bank) {
        const expected = full === 0 ? 'null, as no bank is full' : `1 to ${bank}`;
        refuse('perBank', expected, perBank ?? 'null');
      }
      const least = full === 0 ? 1 : 0;
      if ((last === null) !== (rest === 0) || (last ?? least) < least || (last ?? 0) > rest) {
        const expected = rest === 0 ? 'null, as all banks are full' : `${least} to ${rest}`;
        refuse('last', expected, last ?? 'null');
      }
      return full * (perBank ?? 0) + (last ?? 0);
    },
    pattern: ({ bank }, lists) => banksOf(bank, lists),
    validate: (pattern, field, file) => validate(pattern, field, file),
  }),
};
