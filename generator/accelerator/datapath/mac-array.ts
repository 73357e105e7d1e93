import {
  bit,
  ceilPower2,
  clog2,
  div,
  type Expr,
  type Int,
  type IntLike,
  input,
  int,
  integer,
  output,
  requires,
  type Scope,
  type Statement,
  set,
  signedLiteral,
  sint,
  uint,
  when,
} from '../../hdl/index.js';
import { defineBlock } from '../build/define-block.js';
import { MATCHES, matched } from '../images/matches.js';
import { type Pipelined, stands } from '../pipeline/registers.js';
import { cyclesOf } from '../pipeline/tracks.js';
import { addressStreams, type Configuration } from '../plan/configuration.js';
import { queueEnds, sumCycles } from './sum-cycles.js';

/** Cycles from operands at the ports to the finished sum: product, one for each level of the tree, accumulator, as far as they stand. */
export function macLatency(c: Pick<Configuration, 'tileColumns' | 'pipeline'>): number {
  const levels = stands(c, 'level') ? Math.ceil(Math.log2(c.tileColumns)) : 0;
  return cyclesOf(c, ['product', 'accumulator']) + levels;
}

/** Words of operands, of as many columns as a tile has. */
function operandWords(c: Configuration): number {
  return c.queues === undefined ? addressStreams(c) : c.rowGroups;
}

/** What the latency is made of, in words. */
function latencyText(c: Pipelined): string {
  const parts = [
    ...(stands(c, 'product') ? ['product'] : []),
    ...(stands(c, 'level') ? ['clog2(TILE_COLS) levels of the adder tree'] : []),
    'accumulator',
  ];
  return parts.join(', ');
}

function holdProducts() {
  return integer(
    1,
    '1: products keep their value while no operands come; 0: they need not, and a multiplier block whose register has no enable can hold them',
    0,
    1,
  );
}

/**
 * The time-multiplexed MAC array: ROW_GROUPS x 4 gates x TILE_ROWS x TILE_COLS multipliers. Every cycle one
 * tile per gate and row group is multiplied and added to the accumulators.
 */
export function macArray(c: Configuration) {
  const [held, level] = [stands(c, 'product'), stands(c, 'level')];
  return defineBlock({
    name: `${c.name}_mac_array`,
    doc: `MAC array. Each cycle takes one tile of TILE_ROWS x TILE_COLS weights for each gate and row group with the activation word of its address stream; \`first\` starts a new sum. Latency: ${latencyText(c)}. Sums are exact.`,
    parameters: {
      WEIGHT_BITS: matched(
        integer(c.words.weight, 'Bits of a weight', 2, 16),
        'bits of a weight in `*_weights_*.mem`',
      ),
      ACT_BITS: matched(
        integer(c.words.activation, 'Bits of an activation', 4, 16),
        MATCHES.activations,
      ),
      TILE_ROWS: matched(integer(c.tileRows, 'Rows of a tile'), MATCHES.tiles),
      TILE_COLS: matched(
        integer(c.tileColumns, 'Columns of a tile, a power of two'),
        MATCHES.tiles,
      ),
      ROW_GROUPS: matched(integer(c.rowGroups, 'Row groups in parallel'), MATCHES.tiles),
      STREAMS: matched(integer(operandWords(c), 'Activation words per cycle'), MATCHES.streams),
      STREAM_SHARE: matched(
        integer(c.streamShare, 'Neighbouring row groups that share an activation word'),
        MATCHES.streams,
      ),
      GATE_STREAMS: matched(
        integer(
          c.perGate && c.queues === undefined ? c.rowGroups / c.streamShare : 0,
          'Activation words between one gate and the next; 0: the gates share them',
          0,
        ),
        MATCHES.streams,
      ),
      ACC_BITS: matched(
        integer(c.accumulatorBits, 'Bits of an accumulator: the worst case of the shape'),
        MATCHES.room,
      ),
      ...(held ? { HOLD_PRODUCTS: matched(holdProducts(), MATCHES.nothing) } : {}),
    },
    relations: (p) => [
      requires(p.TILE_COLS, '==', ceilPower2(p.TILE_COLS), 'TILE_COLS must be a power of two'),
      requires(
        p.ACC_BITS,
        '>=',
        p.ACT_BITS.plus(p.WEIGHT_BITS).plus(clog2(p.TILE_COLS)),
        'ACC_BITS must hold the sum of a tile',
      ),
      requires(
        p.STREAMS,
        '>',
        p.GATE_STREAMS.times(c.slices - 1).plus(div(p.ROW_GROUPS.minus(1), p.STREAM_SHARE)),
        'STREAMS must hold those of every gate and row group',
      ),
    ],
    ports: (p) => ({
      clk: input(bit),
      rst: input(bit),
      valid: input(bit, 'operands are present'),
      ...(c.queues === undefined ? { first: input(bit, 'they are the first of a sum') } : {}),
      ...(c.queues === undefined
        ? {}
        : {
            ends: input(uint(p.ROW_GROUPS), 'they are the last of their sums, [row group]'),
            finished: output(uint(p.ROW_GROUPS), 'sums end in this cycle, [row group]'),
          }),
      weights: input(
        uint(
          p.ROW_GROUPS.times(c.slices).times(p.TILE_ROWS).times(p.TILE_COLS).times(p.WEIGHT_BITS),
        ),
        '[row group][gate][row][column], column low',
      ),
      activations: input(uint(p.STREAMS.times(p.TILE_COLS).times(p.ACT_BITS)), '[stream][column]'),
      sums: output(
        uint(p.ROW_GROUPS.times(p.TILE_ROWS).times(c.slices).times(p.ACC_BITS)),
        '[row group][row][gate], gate low',
      ),
    }),
    body: (m, p, io) => {
      const own = p.WEIGHT_BITS.plus(p.ACT_BITS);
      const productBits = held || level ? m.local('PRODUCT_BITS', own) : own;
      const levels = level ? m.local('LEVELS', clog2(p.TILE_COLS)) : int(0);
      // without registers between them, the terms are as wide as the accumulator from the start
      const sumBits = level ? m.local('TREE_BITS', productBits.plus(levels)) : p.ACC_BITS;
      const { stages, valid, first } = sumCycles(m, io, { held, levels });
      const fresh = io.ends && queueEnds(m, { ...io, ends: io.ends }, stages, valid);
      m.forEach('slice', p.ROW_GROUPS, (group, perGroup) =>
        perGroup.forEach('gate', c.slices, (gate, perGate) =>
          perGate.forEach('row', p.TILE_ROWS, (row, scope) => {
            const place = group.times(c.slices).plus(gate).times(p.TILE_ROWS).plus(row);
            const stream = gate.times(p.GATE_STREAMS).plus(div(group, p.STREAM_SHARE));
            /** Products of some columns, by name, as wide as their sums; synthesis drops what repeats a sign. */
            const products = (inner: Scope, columns: Readonly<Record<string, Int>>) => {
              const made = Object.entries(columns).map(([name, column]) => {
                const activation = inner.wire(
                  `activation${name}`,
                  io.activations
                    .part(stream.times(p.TILE_COLS).plus(column).times(p.ACT_BITS), p.ACT_BITS)
                    .asSigned(),
                );
                const weight = inner.wire(
                  `weight${name}`,
                  io.weights
                    .part(place.times(p.TILE_COLS).plus(column).times(p.WEIGHT_BITS), p.WEIGHT_BITS)
                    .asSigned(),
                );
                const product = inner.net(`product${name}`, sint(sumBits));
                return { name, product, weight, activation };
              });
              /** The products in registers of `width` bits. */
              const inRegisters = (branch: Scope, width: Int): readonly Statement[] =>
                made.map(({ name, product, weight, activation }) => {
                  const register = branch.reg(`held${name}`, sint(width));
                  branch.assign(product, register.resize(sumBits));
                  return set(register, weight.mul(activation, width));
                });
              if (p.HOLD_PRODUCTS === undefined) {
                for (const { product, weight, activation } of made) {
                  inner.assign(product, weight.mul(activation, sumBits));
                }
              } else {
                inner.ifGenerate(
                  'hold',
                  p.HOLD_PRODUCTS,
                  '==',
                  1,
                  (hold) => hold.always(io.clk, [when(io.valid, inRegisters(hold, sumBits))]),
                  (free) => free.always(io.clk, inRegisters(free, productBits)),
                  'free',
                );
              }
              return made.map((one) => one.product);
            };
            const total = scope.net('total', sint(sumBits));
            const single = (inner: Scope): void => {
              const [product] = products(inner, { '': int(0) }) as [Expr<'s'>];
              inner.assign(total, product.resize(sumBits));
            };
            const tree = (more: Scope): void => {
              const pairs = more.local('PAIRS', div(p.TILE_COLS, 2));
              const pairStage = held ? more.local('PAIR_STAGE', 1, 'products are in registers') : 0;
              const nodes = pairs.times(2).minus(1);
              const sumOf = (part: Scope, n: Int) => part.inRound('node', n, 'sum', sint(sumBits));
              more.comment('Adder tree: the sums of two products, then sums of two nodes before.');
              more.forEach('node', nodes, (n, inner) => {
                const sum = inner.reg('sum', sint(sumBits));
                const take = (part: Scope, both: Expr<'s'>, stage: IntLike): void =>
                  part.always(io.clk, [when(valid.bit(stage), [set(sum, both)])]);
                const ofProducts = (pair: Scope): void => {
                  const columns = { _even: n.times(2), _odd: n.times(2).plus(1) };
                  const [even, odd] = products(pair, columns) as [Expr<'s'>, Expr<'s'>];
                  take(pair, even.resize(sumBits).addWrap(odd.resize(sumBits)), pairStage);
                };
                const ofNodes = (pair: Scope): void => {
                  const below = n.minus(pairs).times(2);
                  const both = sumOf(pair, below).addWrap(sumOf(pair, below.plus(1)));
                  const stage = stages.minus(clog2(pairs.times(2).minus(n)));
                  take(pair, both, stage);
                };
                inner.ifGenerate('pair', n, '<', pairs, ofProducts, ofNodes, 'inner');
              });
              more.assign(total, sumOf(more, nodes.minus(1)));
            };
            if (level) scope.ifGenerate('single', p.TILE_COLS, '==', 1, single, tree, 'tree');
            else {
              const all = scope.addOver('column', p.TILE_COLS, 'sum', sint(sumBits), (n, inner) => {
                const [product] = products(inner, { '': n }) as [Expr<'s'>];
                return product;
              });
              scope.assign(total, all);
            }
            const accumulator = scope.reg('accumulator', sint(p.ACC_BITS));
            const zero = signedLiteral(0, p.ACC_BITS);
            const begins = (fresh?.bit(group) ?? first?.bit(stages)) as Expr<'u'>;
            scope.always(io.clk, [
              when(valid.bit(stages), [
                set(
                  accumulator,
                  begins.choose(zero, accumulator).addWrap(total.resize(p.ACC_BITS)),
                ),
              ]),
            ]);
            const cell = group.times(p.TILE_ROWS).plus(row).times(c.slices).plus(gate);
            scope.assign(
              io.sums.part(cell.times(p.ACC_BITS), p.ACC_BITS),
              accumulator.asUnsigned(),
            );
          }),
        ),
      );
    },
  });
}

export type MacArray = ReturnType<typeof macArray>;
