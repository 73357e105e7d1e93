import { type KeptLists, type ListPattern, wholeLists } from '../lists/lists.js';
import type { Size } from '../pattern.js';

/**
 * Bank-balanced sparsity: a row is cut into banks of `bank` neighbouring columns, and keeps as many in each full bank. What is
 * left behind the full ones is a last bank, with a count of its own.
 */
export interface BanksPattern extends ListPattern {
  readonly kind: 'banks';
  /** Columns of a bank. */
  readonly bank: number;
}

/** Columns that a row keeps in each full bank, and in a last one that is not full; null where there is none. */
export interface BankCounts {
  readonly perBank: number | null;
  readonly last: number | null;
}

/** Banks of a row, a last one that is not full included. */
export function banksIn({ columns }: Size, bank: number): number {
  return Math.ceil(columns / bank);
}

/** Columns of a bank of a row. */
export function bankWidth({ columns }: Size, bank: number, number: number): number {
  return Math.min(bank, columns - number * bank);
}

/** Columns kept in each bank of each row, [row][bank]. */
export function countsIn(lists: KeptLists, bank: number): Int32Array {
  const { rows, start, kept } = lists;
  const across = banksIn(lists, bank);
  const counts = new Int32Array(rows * across);
  for (let row = 0; row < rows; row++) {
    const end = start[row + 1] as number;
    for (let at = start[row] as number; at < end; at++) {
      const place = row * across + Math.floor((kept[at] as number) / bank);
      counts[place] = (counts[place] as number) + 1;
    }
  }
  return counts;
}

/** Counts of a balanced pattern, as its first row has them. */
export function bankCounts({ bank, columns, start, kept }: BanksPattern): BankCounts {
  const full = Math.floor(columns / bank);
  const first = kept.subarray(0, start[1]);
  const below = (column: number) => first.filter((own) => own < column).length;
  return {
    perBank: full === 0 ? null : below(bank),
    last: columns % bank === 0 ? null : first.length - below(full * bank),
  };
}

/** The pattern of lists in banks. */
export function banksOf(bank: number, lists: KeptLists): BanksPattern {
  return { kind: 'banks', bank, ...lists };
}

/** Every column of every bank. */
export function wholeBanks(size: Size, bank: number): BanksPattern {
  return banksOf(bank, wholeLists(size));
}
