import type { Random } from '../../base/random.js';
import { largest, magnitudes } from '../lists/choose.js';
import { listsFrom } from '../lists/lists.js';
import { keptAtRate } from '../lists/parse.js';
import type { GateValues } from '../magnitude.js';
import type { Size } from '../pattern.js';
import { type BanksPattern, banksIn, banksOf, bankWidth } from './pattern.js';

/** Columns of a bank, and one weight in how many of it is kept. */
export interface BankRate {
  readonly bank: number;
  readonly rate: number;
}

/** Of each bank of each row max(1, round(columns of the bank / rate)) columns, uniform without replacement. */
export function drawBanks(size: Size, spec: BankRate, random: Random): BanksPattern {
  return built(size, spec, (_row, _first, width, count) => random.sample(count, width));
}

/** As many, those with the largest weights. */
export function chooseBanks(values: GateValues, spec: BankRate): BanksPattern {
  const scores = magnitudes(values);
  return built(values, spec, (row, first, width, count) => {
    const from = row * values.columns + first;
    return [...largest(scores.subarray(from, from + width), count)];
  });
}

/** `choose`: `count` of the `width` columns of a bank, ascending, counted from its first one. */
function built(
  size: Size,
  { bank, rate }: BankRate,
  choose: (row: number, first: number, width: number, count: number) => readonly number[],
): BanksPattern {
  const banks = Array.from({ length: banksIn(size, bank) }, (_, number) => {
    const width = bankWidth(size, bank, number);
    return { first: number * bank, width, count: keptAtRate(width, rate) };
  });
  const lists = listsFrom(size, (row) =>
    banks.flatMap(({ first, width, count }) =>
      choose(row, first, width, count).map((column) => first + column),
    ),
  );
  return banksOf(bank, lists);
}
