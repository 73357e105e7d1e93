import {
  allOf,
  bit,
  ceilDiv,
  ceilPower2,
  clog2,
  div,
  type Expr,
  type Int,
  indexBits,
  input,
  integer,
  max,
  output,
  repeat,
  requires,
  type Scope,
  set,
  uint,
  when,
} from '../../hdl/index.js';
import { defineBlock } from '../build/define-block.js';
import { MATCHES, matched } from '../images/matches.js';
import type { OnePort } from '../memory/leaf.js';
import { busParameters, busPorts } from './bus.js';
import type { LoadBusWidths } from './layout.js';
import { LOAD_WORD, PACKED_FROM } from './rows.js';

/** A memory that a load fills and the design reads: stands where a ROM stood, with the number of its store in place of an image. */
export function loadedStore(
  prefix: string,
  leaf: OnePort,
  widths: LoadBusWidths,
  residents: number,
) {
  const several = residents > 1;
  return defineBlock({
    name: `${prefix}_loaded_store`,
    doc: `Memory of words that a load writes and the design reads, never both at once${several ? `: ${residents} resident models, each in a memory of its own, of which the one of \`model\` is read` : ''}. Words of at most 16 bits share rows of at most 32 where there are ${PACKED_FROM} or more. Latency: one cycle.`,
    parameters: {
      WIDTH: matched(integer(8, 'Bits of a word', 1, 2 ** 16), MATCHES.instance),
      DEPTH: matched(integer(2, 'Words'), MATCHES.instance),
      STORE: matched(integer(0, 'Number of the store in a load', 0), MATCHES.instance),
      ...busParameters(widths),
    },
    relations: (p) => [
      requires(
        p.STORE_ADDRESS_BITS,
        '>=',
        indexBits(p.DEPTH),
        'STORE_ADDRESS_BITS must reach DEPTH',
      ),
      requires(p.STORE_DATA_BITS, '>=', p.WIDTH, 'STORE_DATA_BITS must be WIDTH at least'),
    ],
    ports: (p) => ({
      clk: input(bit),
      enable: input(bit, 'data keeps its value while low'),
      address: input(uint(indexBits(p.DEPTH))),
      data: output(uint(p.WIDTH)),
      ...busPorts(p, residents),
    }),
    body: (m, p, io) => {
      const asked = m.wire('asked', allOf(io.store_write, io.store_number.eq(p.STORE)));
      m.unused('bus', io.store_address, io.store_data);
      const shared = m.local('WORDS_A_ROW', perRow(p.WIDTH), 'words that fit a row of 32 bits');
      const plain = (scope: Scope): void =>
        rows(scope, io, {
          ...{ leaf, residents, asked, enable: io.enable },
          ...{ width: p.WIDTH, depth: p.DEPTH, address: io.address, data: io.data },
        });
      const packed = (scope: Scope): void => {
        const columnBits = scope.local('COLUMN_BITS', clog2(shared));
        const width = scope.local('ROW_BITS', p.WIDTH.times(shared));
        const depth = scope.local('ROWS', ceilDiv(p.DEPTH, shared));
        const row = scope.net('row', uint(width));
        const column = scope.reg('column', uint(columnBits), 'of the word in its row');
        scope.always(io.clk, [when(io.enable, [set(column, io.address.part(0, columnBits))])]);
        rows(scope, io, {
          ...{ leaf, residents, asked, enable: io.enable, width, depth, data: row },
          address: io.address.part(columnBits, indexBits(depth)),
        });
        scope.assign(io.data, row.word(column, p.WIDTH));
      };
      const power = m.local(
        'POWER',
        floorPower2(p.DEPTH),
        'words of the largest memory of a power of two',
      );
      const rest = m.local('REST', p.DEPTH.minus(power), 'words beyond it');
      const split = (scope: Scope): void =>
        inTwo(scope, io, { leaf, residents, asked, p, power, rest });
      const whole = (scope: Scope): void =>
        scope.ifGenerate(
          'beyond',
          rest,
          '>',
          0,
          (beyond) => beyond.ifGenerate('few', rest.times(FEW), '<=', power, split, plain, 'many'),
          plain,
          'even',
        );
      m.ifGenerate(
        'deep',
        p.DEPTH,
        '>=',
        PACKED_FROM,
        (deep) => deep.ifGenerate('shared', shared, '>', 1, packed, whole, 'one_a_row'),
        whole,
        'short',
      );
    },
  });
}

/** A part of so many of a memory of a power of two words is few words beyond it: they stand in a memory of their own. */
const FEW = 16;

const floorPower2 = (n: Int): Int => div(ceilPower2(n.plus(1)), 2);

/** The words of a power of two in one memory, the few beyond it in another: block RAMs and macros come in such depths. */
function inTwo(
  m: Scope,
  io: Bus & Readonly<Record<'enable' | 'address' | 'data', Expr<'u'>>>,
  {
    p,
    power,
    rest,
    asked,
    ...parts
  }: {
    readonly leaf: OnePort;
    readonly residents: number;
    readonly asked: Expr<'u'>;
    readonly p: Readonly<Record<'WIDTH' | 'DEPTH', Int>>;
    readonly power: Int;
    readonly rest: Int;
  },
): void {
  const top = clog2(power);
  const reads = m.wire('beyond', io.address.bit(top), 'the word is one of the few');
  const writes = m.wire('write_beyond', io.store_address.bit(top));
  const last = m.reg('read_beyond', bit, 'so was the word read last');
  m.always(io.clk, [when(io.enable, [set(last, reads)])]);
  const width = p.WIDTH;
  const [below, above] = [m.net('below', uint(width)), m.net('above', uint(width))];
  const part = (suffix: string, depth: Int, flag: (of: Expr<'u'>) => Expr<'u'>, data: Expr<'u'>) =>
    rows(m, io, {
      ...{ ...parts, suffix, width, depth, data },
      asked: allOf(asked, flag(writes)),
      enable: allOf(io.enable, flag(reads)),
      address: io.address.part(0, indexBits(depth)),
    });
  part('', power, (of) => of.not(), below);
  part('_beyond', rest, (of) => of, above);
  m.assign(io.data, last.choose(above, below));
}

export type LoadedStoreModule = ReturnType<typeof loadedStore>;

/** Words of WIDTH bits that share a row, a power of two: as `wordsPerRow`. */
function perRow(width: Int): Int {
  return max(1, div(ceilPower2(div(LOAD_WORD, width).plus(1)), 2));
}

type Bus = Readonly<Record<'clk' | 'store_address' | 'store_data', Expr<'u'>>> & {
  readonly store_place?: Expr<'u'> | undefined;
  readonly model?: Expr<'u'> | undefined;
};

/** The memory of a store, or one for each resident model of which `model` is read. */
function rows(
  m: Scope,
  io: Bus,
  at: {
    readonly leaf: OnePort;
    readonly residents: number;
    readonly asked: Expr<'u'>;
    readonly enable: Expr<'u'>;
    readonly width: Int;
    readonly depth: Int;
    readonly address: Expr<'u'>;
    readonly data: Expr<'u'>;
    /** Behind its names, where there are two. */
    readonly suffix?: string;
  },
): void {
  const { suffix = '', leaf, residents, asked, width, depth, address } = at;
  const { store_place: place, model } = io;
  const memory = (scope: Scope, write: Expr<'u'>, enable: Expr<'u'>, data: Expr<'u'>): void =>
    scope.instance(
      `u_words${suffix}`,
      leaf,
      {
        clk: io.clk,
        enable: enable.or(write),
        write_enable: write,
        address: write.choose(io.store_address.part(0, indexBits(depth)), address),
        write_data: io.store_data.part(0, width),
        data,
      },
      { WIDTH: width, DEPTH: depth },
    );
  if (place === undefined || model === undefined) {
    memory(m, asked, at.enable, at.data);
    return;
  }
  const chosen = m.orOver(`place${suffix}`, residents, `chosen${suffix}`, width, (n, scope) => {
    const write = scope.wire('write', allOf(asked, place.eq(n)));
    const read = scope.wire('read', model.eq(n));
    const word = scope.net('word', uint(width));
    memory(scope, write, allOf(at.enable, read), word);
    return scope.wire('gated', repeat(width, read).and(word));
  });
  m.assign(at.data, chosen);
}
