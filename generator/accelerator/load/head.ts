import { allOf, anyOf, type Expr, literal, type Scope } from '../../hdl/index.js';
import { CAUSE_BITS, causeOf } from './causes.js';
import { hashWords, type LoadLayout, loadBusWidths } from './layout.js';
import { LOAD_FORMAT } from './records.js';
import { LOAD_WORD } from './rows.js';

/** Words of a head, by number. */
export const HEAD = { format: 1, hash: 2, store: 4, place: 5, first: 6, words: 7 } as const;

/** Registers that a head is checked with. */
export interface HeadState {
  /** Number of the word in hand, and the word. */
  readonly field: Expr<'u'>;
  readonly word: Expr<'u'>;
  /** Where the load stands: store of the next record, its first word, the place, and the one that the head gives; null: there is one. */
  readonly store: Expr<'u'>;
  readonly next: Expr<'u'>;
  readonly place: Expr<'u'> | null;
  readonly given: Expr<'u'> | null;
  /** What the number of the store said: it may begin a load, ends it, is the one that comes next. */
  readonly starts: Expr<'u'>;
  readonly commits: Expr<'u'>;
  readonly follows: Expr<'u'>;
  /** Words of the store. */
  readonly depth: Expr<'u'>;
}

/** What the word in hand says, each only at the word of the head that it is about. */
export interface HeadChecks {
  readonly mayStart: Expr<'u'>;
  readonly isCommit: Expr<'u'>;
  readonly isNext: Expr<'u'>;
  readonly begins: Expr<'u'>;
  readonly wrong: Expr<'u'>;
  readonly cause: Expr<'u'>;
}

/** Looks at the words of a head. */
export function headChecks(
  m: Scope,
  { layout, residents }: { readonly layout: LoadLayout; readonly residents: number },
  at: HeadState,
): HeadChecks {
  const { field, word, store, next } = at;
  const count = layout.stores.length;
  const { number: storeBits } = loadBusWidths(layout);
  const leftBits = next.width.constant as number;
  const is = (value: number) => word.eq(literal(value, LOAD_WORD));
  const low = (width: number) => word.part(0, width);
  const fits = (width: number) =>
    word
      .part(width, LOAD_WORD - width)
      .any()
      .not();
  const none = m.wire('word_zero', word.any().not());
  const isCommit = m.wire('is_commit', allOf(word.all(), store.eq(count)), 'all stores are there');
  const isNext = m.wire(
    'is_next',
    allOf(fits(storeBits), low(storeBits).eq(store), store.ne(count)),
  );
  const begins = m.wire('begins', allOf(at.starts, none), 'the head begins a load');
  const goesOn = m.wire(
    'goes_on',
    allOf(
      at.follows,
      at.commits.choose(none, allOf(fits(leftBits), low(leftBits).eq(next))),
      ...(at.place === null || at.given === null ? [] : [at.given.eq(at.place)]),
    ),
    'the head continues it, or ends it',
  );
  const room = m.wire('room', at.depth.subWrap(next), 'words that the store still takes');
  const counted = m.wire(
    'counted',
    at.commits.choose(
      is(count),
      allOf(fits(leftBits), low(leftBits).any(), room.lt(low(leftBits)).not()),
    ),
    'the number of words is one that can be',
  );
  const [hashLow = 0, hashHigh = 0] = hashWords(layout);
  const checks = [
    { at: HEAD.format, good: is(LOAD_FORMAT), cause: 'FORMAT' },
    { at: HEAD.hash, good: is(hashLow), cause: 'DESIGN' },
    { at: HEAD.hash + 1, good: is(hashHigh), cause: 'DESIGN' },
    { at: HEAD.place, good: word.lt(literal(residents, LOAD_WORD)), cause: 'PLACE' },
    { at: HEAD.first, good: anyOf(begins, goesOn), cause: 'ORDER' },
    { at: HEAD.words, good: counted, cause: 'ORDER' },
  ] as const;
  const wrong = anyOf(...checks.map((check) => allOf(field.eq(check.at), check.good.not())));
  const cause = checks
    .slice(0, -1)
    .reduceRight<Expr<'u'>>(
      (others, check) => field.eq(check.at).choose(causeLiteral(check.cause), others),
      causeLiteral('ORDER'),
    );
  return { mayStart: none, isCommit, isNext, begins, wrong, cause };
}

/** The code of a cause on its wires. */
export function causeLiteral(name: Parameters<typeof causeOf>[0]): Expr<'u'> {
  return literal(causeOf(name), CAUSE_BITS);
}
