import {
  allOf,
  anyOf,
  bit,
  type Expr,
  input,
  literal,
  output,
  type Scope,
  type Statement,
  set,
  uint,
  when,
} from '../../hdl/index.js';
import { defineBlock } from '../build/define-block.js';
import { bitsOf } from '../plan/configuration.js';
import { placeBits } from './bus.js';
import { byStore } from './by-store.js';
import { CAUSE_BITS, LOAD_CAUSES } from './causes.js';
import { collectWord } from './collect.js';
import { controlPorts } from './control-ports.js';
import { CRC_RESIDUE, CRC_START, crc32, crcAfter } from './crc32.js';
import { causeLiteral, HEAD, headChecks } from './head.js';
import { type LoadLayout, loadBusWidths, loadWords } from './layout.js';
import { HEAD_WORDS, MAGIC } from './records.js';
import { LOAD_WORD } from './rows.js';

/** What a loader is made for. */
export interface LoaderOptions {
  /** Of the design. */
  readonly name: string;
  readonly layout: LoadLayout;
  /** Bits of a beat: 8, 16 or 32. */
  readonly bits: number;
  readonly residents: number;
  /** A bus watches loads, and may end one. */
  readonly controlled?: boolean;
}

/** What the loader is at: a first word, a look at it, a word of the head, a look at it, a place in use, data, CRC-32, its verdict. */
const STATES = ['MAGIC', 'LOOK', 'FIELD', 'CHECK', 'WAIT', 'DATA', 'SUM', 'VERDICT'] as const;
const STATE_BITS = 3;

const zero = (width: number): Expr<'u'> => literal(0, width);
const one = literal(1, 1);

/** Takes the records of a load, checks them, and writes their data into the stores. */
export function loader({ name, layout, bits, residents, controlled = false }: LoaderOptions) {
  const widths = loadBusWidths(layout);
  const causes = LOAD_CAUSES.map(({ code, means }) => `${code} ${means}`).join(', ');
  const crcStep = crc32(name, bits);
  const perWord = LOAD_WORD / bits;
  const laneBits = bitsOf(widths.data / bits);
  const leftBits = widths.address + 1;
  return defineBlock({
    name: `${name}_loader`,
    doc: `Takes loads of ${layout.stores.length} stores from a stream of ${bits} bits: records of ${HEAD_WORDS} words of 32 bits, data and CRC-32, in the order of the stores, and one that commits. A place is not loaded from the first good head of a load to its commit; behind an error a load has to begin anew. Beats behind an error are skipped, up to tlast or to what may be a head. Causes: ${causes}.`,
    parameters: {},
    ports: () => ({
      clk: input(bit),
      rst: input(bit),
      s_load_tdata: input(uint(bits), 'first byte low'),
      s_load_tvalid: input(bit),
      s_load_tready: output(bit),
      s_load_tlast: input(bit, 'at the end of a record; within one it is cut'),
      in_use: input(uint(residents), 'per place: a frame is computed, or may begin in this cycle'),
      loaded: output(uint(residents), 'per place: a whole model is there'),
      load_error: output(bit, 'a load was refused since the last one that ended well'),
      load_cause: output(uint(CAUSE_BITS), 'why'),
      store_write: output(bit),
      store_number: output(uint(widths.number)),
      store_address: output(uint(widths.address)),
      store_data: output(uint(widths.data), 'the first word of 32 bits low'),
      ...(residents > 1 ? { store_place: output(uint(placeBits(residents))) } : {}),
      ...(controlled ? controlPorts() : {}),
    }),
    waivers: [
      { code: 'NO_RESET', path: 'store_data', why: 'a word is looked at behind its beats alone' },
    ],
    body: (m, _p, io) => {
      m.comment(`States: ${STATES.map((state, n) => `${n} ${state}`).join(', ')}.`);
      const state = m.reg('state', uint(STATE_BITS));
      const at = (is: (typeof STATES)[number]) => state.eq(STATES.indexOf(is));
      const go = (to: (typeof STATES)[number]) =>
        set(state, literal(STATES.indexOf(to), STATE_BITS));
      const lost = m.reg('lost', uint(1), 'beats are skipped');
      const lane = m.reg('lane', uint(laneBits), 'beat of a word');
      const field = m.reg('field', uint(3), 'word of the head');
      const crc = m.reg('crc', uint(LOAD_WORD));
      const store = m.reg('store', uint(widths.number), 'of the next record');
      const next = m.reg('next_word', uint(leftBits), 'its next word');
      const left = m.reg('left', uint(leftBits), 'words of the record still to come');
      const starts = m.reg('starts', uint(1), 'the record may begin a load');
      const commits = m.reg('commits', uint(1), 'the record ends it');
      const follows = m.reg('follows', uint(1), 'the record is the one that comes next');
      const places = placesOf(m, residents);

      const takes = anyOf(...(['MAGIC', 'FIELD', 'DATA', 'SUM'] as const).map(at));
      m.assign(io.s_load_tready, allOf(takes, io.rst.not()));
      const accept = m.wire('accept', allOf(io.s_load_tvalid, io.s_load_tready));
      const crcNext = m.net('crc_next', uint(LOAD_WORD));
      m.instance('u_crc', crcStep, { crc, data: io.s_load_tdata, result: crcNext });
      const lastLane = m.wire(
        'last_lane',
        byStore(store, layout, laneBits, (own) => loadWords(own) * perWord - 1),
        'last beat of a word of the store',
      );
      const depth = m.wire(
        'depth',
        byStore(store, layout, leftBits, ({ words }) => words),
        'words of the store',
      );
      const word = m.wire('word', io.store_data.part(0, LOAD_WORD), 'word of the head');
      const wordEnds = m.wire('word_ends', lane.eq(perWord - 1));
      const head = headChecks(
        m,
        { layout, residents },
        { ...{ field, word, store, next, starts, commits, follows, depth }, ...places },
      );
      const isMagic = m.wire('is_magic', word.eq(literal(MAGIC, LOAD_WORD)));
      const noMagic = m.wire('no_magic', allOf(at('LOOK'), isMagic.not(), lost.not()));
      const wrongHead = m.wire('wrong_head', allOf(at('CHECK'), head.wrong));
      const residue = crc.eq(literal(CRC_RESIDUE, LOAD_WORD));
      const wrongSum = m.wire('wrong_sum', allOf(at('VERDICT'), residue.not()));
      const mayEnd = anyOf(lost, allOf(at('SUM'), wordEnds));
      const tooEarly = allOf(accept, io.s_load_tlast, mayEnd.not());
      const begun = controlled
        ? m.wire(
            'begun',
            anyOf(at('MAGIC').not(), lane.any(), store.any(), next.any()),
            'a load has begun and not ended',
          )
        : null;
      const { load_abort: abort } = io;
      const goesOn = abort === undefined ? [] : [abort.not()];
      const cut = m.wire(
        'cut',
        abort && begun ? anyOf(tooEarly, allOf(abort, begun, lost.not())) : tooEarly,
      );
      const refused = m.wire('refused', anyOf(noMagic, wrongHead, wrongSum, cut));
      const cause = m.wire(
        'cause',
        cut.choose(
          causeLiteral('CUT'),
          wrongSum.choose(causeLiteral('SUM'), noMagic.choose(causeLiteral('MAGIC'), head.cause)),
        ),
      );
      const done = m.wire('done', allOf(at('VERDICT'), residue, commits, ...goesOn));
      const inUse = m.wire(
        'place_in_use',
        anyOf(...places.own.map((own, n) => andIf(own, io.in_use.bit(n)))),
      );

      const wordOver = (to: (typeof STATES)[number]): Statement =>
        when(wordEnds, [go(to), set(lane, zero(laneBits))], [set(lane, lane.increment())]);
      const headWord: readonly Statement[] = [
        when(field.eq(HEAD.store), [
          set(starts, head.mayStart),
          set(commits, head.isCommit),
          set(follows, anyOf(head.isCommit, head.isNext)),
        ]),
        ...(places.given === null
          ? []
          : [when(field.eq(HEAD.place), [set(places.given, word.part(0, placeBits(residents)))])]),
        when(field.eq(HEAD.first), [
          set(starts, head.begins),
          when(head.begins, [
            set(store, zero(widths.number)),
            set(next, zero(leftBits)),
            ...(places.place === null || places.given === null
              ? []
              : [set(places.place, places.given)]),
          ]),
        ]),
        set(left, word.part(0, leftBits)),
        set(io.store_address, next.part(0, widths.address)),
        set(field, field.increment()),
        when(
          field.ne(HEAD.words),
          [go('FIELD')],
          [when(commits, [go('SUM')], [when(starts, [go('WAIT')], [go('DATA')])])],
        ),
      ];
      const eachPlace = (value: 0 | 1): readonly Statement[] =>
        places.own.map((own, n) => {
          const statement = set(io.loaded.bit(n), literal(value, 1));
          return own === null ? statement : when(own, [statement]);
        });
      m.always(
        io.clk,
        [
          when(
            io.rst,
            [
              ...[set(io.store_write, zero(1)), set(left, zero(leftBits)), set(field, zero(3))],
              ...[starts, commits, follows].map((flag) => set(flag, zero(1))),
              ...placesReset(places),
              ...[go('MAGIC'), set(lost, zero(1)), set(lane, zero(laneBits))],
              ...[set(store, zero(widths.number)), set(next, zero(leftBits))],
              ...[set(io.loaded, zero(residents)), set(io.load_error, zero(1))],
              set(io.load_cause, zero(CAUSE_BITS)),
            ],
            [
              set(io.store_write, zero(1)),
              when(allOf(at('MAGIC'), accept), [
                when(
                  lost,
                  [when(io.s_load_tlast, [set(lost, zero(1))], [go('LOOK')])],
                  [wordOver('LOOK')],
                ),
              ]),
              when(at('LOOK'), [
                set(field, literal(HEAD.format, 3)),
                when(isMagic, [go('FIELD'), set(lost, zero(1))], [go('MAGIC')]),
              ]),
              when(allOf(at('FIELD'), accept), [wordOver('CHECK')]),
              when(at('CHECK'), headWord),
              when(allOf(at('WAIT'), inUse.not(), ...goesOn), [go('DATA'), ...eachPlace(0)]),
              when(io.store_write, [set(io.store_address, io.store_address.increment())]),
              when(allOf(at('DATA'), accept), [
                when(
                  lane.eq(lastLane),
                  [
                    ...[set(lane, zero(laneBits)), set(io.store_write, one)],
                    ...[set(left, left.decrement()), set(next, next.increment())],
                    when(left.eq(1), [go('SUM')]),
                  ],
                  [set(lane, lane.increment())],
                ),
              ]),
              when(allOf(at('SUM'), accept), [wordOver('VERDICT')]),
              when(at('VERDICT'), [
                go('MAGIC'),
                when(next.eq(depth), [set(store, store.increment()), set(next, zero(leftBits))]),
              ]),
              when(done, [
                ...[set(store, zero(widths.number)), set(io.load_error, zero(1))],
                ...[set(io.load_cause, zero(CAUSE_BITS)), ...eachPlace(1)],
              ]),
              when(refused, [
                ...[go('MAGIC'), set(lost, cut.not()), set(lane, zero(laneBits))],
                // the last word before a cut
                set(io.store_write, zero(1)),
                ...[set(store, zero(widths.number)), set(next, zero(leftBits))],
                ...[set(io.load_error, one), set(io.load_cause, cause)],
              ]),
              ...(abort === undefined
                ? []
                : [when(allOf(abort, lost), [go('MAGIC'), set(lost, zero(1))])]),
            ],
          ),
        ],
        'The records.',
      );
      const seeded = literal(crcAfter(CRC_START, MAGIC, LOAD_WORD), LOAD_WORD);
      m.always(io.clk, [
        when(io.rst.or(at('LOOK')), [set(crc, seeded)], [when(accept, [set(crc, crcNext)])]),
      ]);
      collectWord(m, io, { bits, data: widths.data, accept, lane, lost });
      m.assign(io.store_number, store);
      if (
        begun &&
        io.loading &&
        io.load_waits &&
        io.load_done &&
        io.load_refused &&
        io.load_skips
      ) {
        m.assign(io.load_skips, lost);
        m.assign(io.loading, anyOf(begun, lost));
        m.assign(io.load_waits, at('WAIT'));
        m.assign(io.load_done, done);
        m.assign(io.load_refused, refused);
      }
      if (places.place !== null && io.store_place) m.assign(io.store_place, places.place);
    },
  });
}

export type Loader = ReturnType<typeof loader>;

/** The place of the load, the one that a head gives, and whether it is place n; null, and nothing to ask, where there is one. */
function placesOf(m: Scope, residents: number) {
  if (residents === 1) return { place: null, given: null, own: [null] as const };
  const place = m.reg('place', uint(placeBits(residents)), 'of the load');
  const given = m.reg('given', uint(placeBits(residents)), 'the one in the head');
  const own = Array.from({ length: residents }, (_, n) => place.eq(n));
  return { place, given, own };
}

function placesReset({ place, given }: ReturnType<typeof placesOf>): readonly Statement[] {
  return [place, given].flatMap((one) =>
    one === null ? [] : [set(one, zero(one.width.constant as number))],
  );
}

function andIf(condition: Expr<'u'> | null, value: Expr<'u'>): Expr<'u'> {
  return condition === null ? value : allOf(condition, value);
}
