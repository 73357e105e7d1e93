import { unexpected } from '../../base/errors.js';
import { parseBalance, parseRate, type Texts } from '../lists/parse.js';
import type { BankRate } from './build.js';
import type { BanksShape } from './find.js';

/** Bank size and rate as a user states them. */
export interface BanksSpec extends BankRate {
  readonly kind: 'banks';
}

/** From the text of `--blocks`, the columns of a bank, if there is one. @throws UserError BLOCKS_INVALID */
export function parseBanksShape({ blocks }: Texts): BanksShape {
  return { kind: 'banks', bank: blocks === undefined ? null : parseBank(blocks) };
}

/** From the texts of `--blocks`, `--rate` and `--balance`. @throws UserError BLOCKS_INVALID, RATE_INVALID, BALANCE_INVALID */
export function parseBanksSpec(texts: Texts): BanksSpec {
  parseBalance(texts, 'banks', ['equal']);
  return { kind: 'banks', bank: parseBank(texts.blocks ?? ''), rate: parseRate(texts) };
}

function parseBank(text: string): number {
  const bank = /^\s*\d+\s*$/.test(text) ? Number(text) : 0;
  if (bank >= 2 && bank <= 65_536) return bank;
  const expected = 'columns of a bank, an integer from 2 to 65536 such as 64';
  throw unexpected({ code: 'BLOCKS_INVALID', field: '--blocks', expected, got: `'${text}'` });
}
