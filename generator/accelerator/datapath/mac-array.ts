import {
  bit,
  ceilPower2,
  clog2,
  concat,
  div,
  type Expr,
  type Int,
  input,
  int,
  integer,
  literal,
  output,
  requires,
  type Scope,
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

/** Cycles from operands at the ports to the finished sum: product, one for each level of the tree, accumulator, as far as they stand. */
export function macLatency(c: Pick<Configuration, 'tileColumns' | 'pipeline'>): number {
  const levels = stands(c, 'level') ? Math.ceil(Math.log2(c.tileColumns)) : 0;
  return cyclesOf(c, ['product', 'accumulator']) + levels;
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
  const start = held ? 1 : 0;
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
      STREAMS: matched(integer(addressStreams(c), 'Activation words per cycle'), MATCHES.streams),
      STREAM_SHARE: matched(
        integer(c.streamShare, 'Neighbouring row groups that share an activation word'),
        MATCHES.streams,
      ),
      GATE_STREAMS: matched(
        integer(
          c.perGate ? c.rowGroups / c.streamShare : 0,
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
      first: input(bit, 'they are the first of a sum'),
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
      const productBits = m.local('PRODUCT_BITS', p.WEIGHT_BITS.plus(p.ACT_BITS));
      const levels = m.local('LEVELS', clog2(p.TILE_COLS));
      const treeBits = m.local('TREE_BITS', productBits.plus(levels));
      const { stages, valid, first } = sumCycles(m, io, { held, level, levels });
      m.forEach('slice', p.ROW_GROUPS, (group, perGroup) =>
        perGroup.forEach('gate', c.slices, (gate, perGate) =>
          perGate.forEach('row', p.TILE_ROWS, (row, scope) => {
            const place = group.times(c.slices).plus(gate).times(p.TILE_ROWS).plus(row);
            const stream = gate.times(p.GATE_STREAMS).plus(div(group, p.STREAM_SHARE));
            /** Registers of the products of some columns, by name. */
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
                const own = `product${name}`;
                const product = held
                  ? inner.reg(own, sint(productBits))
                  : inner.net(own, sint(productBits));
                return { product, next: weight.mul(activation) };
              });
              const next = made.map((one) => set(one.product, one.next));
              if (p.HOLD_PRODUCTS === undefined) {
                for (const one of made) inner.assign(one.product, one.next);
                return made.map((one) => one.product);
              }
              inner.ifGenerate(
                'hold',
                p.HOLD_PRODUCTS,
                '==',
                1,
                (held) => held.always(io.clk, [when(io.valid, next)]),
                (free) => free.always(io.clk, next),
                'free',
              );
              return made.map((one) => one.product);
            };
            const total = scope.net('total', sint(treeBits));
            /** The sum of two in a register. */
            const added = (inner: Scope, both: Expr<'s'>, stage: Int): Expr<'s'> => {
              const sum = inner.reg('sum', sint(treeBits));
              inner.always(io.clk, [when(valid.bit(stage), [set(sum, both)])]);
              return sum;
            };
            const single = (inner: Scope): void => {
              const [product] = products(inner, { '': int(0) }) as [Expr<'s'>];
              inner.assign(total, product.resize(treeBits));
            };
            const tree = (more: Scope): void => {
              const pairs = more.local('PAIRS', div(p.TILE_COLS, 2));
              const pairStage =
                held && level
                  ? more.local('PAIR_STAGE', int(start), 'products are in registers')
                  : int(start);
              const nodes = more.net(
                'nodes',
                uint(pairs.times(2).minus(1).times(treeBits)),
                'adder tree: node n adds nodes 2n + 1 and 2n + 2; the sums of two products are the last',
              );
              const node = (n: Int) => nodes.part(n.times(treeBits), treeBits);
              more.forEach('pair', pairs, (pair, inner) => {
                const columns = { _even: pair.times(2), _odd: pair.times(2).plus(1) };
                const [even, odd] = products(inner, columns) as [Expr<'s'>, Expr<'s'>];
                const both = even.resize(treeBits).addWrap(odd.resize(treeBits));
                const sum = added(inner, both, pairStage);
                inner.assign(node(pairs.minus(1).plus(pair)), sum.asUnsigned());
              });
              more.forEach('node', pairs.minus(1), (n, inner) => {
                const [a, b] = [node(n.times(2).plus(1)), node(n.times(2).plus(2))];
                const both = a.asSigned().addWrap(b.asSigned());
                const sum = added(inner, both, stages.minus(clog2(n.plus(2))));
                inner.assign(node(n), sum.asUnsigned());
              });
              more.assign(total, node(int(0)).asSigned());
            };
            if (level) scope.ifGenerate('single', p.TILE_COLS, '==', 1, single, tree, 'tree');
            else {
              // a vector of nodes without registers would be a loop to tools that look at whole vectors
              const all = scope.sumOver(
                'column',
                p.TILE_COLS,
                'sum',
                productBits,
                (column, inner) => {
                  const [product] = products(inner, { '': column }) as [Expr<'s'>];
                  return product;
                },
              );
              scope.assign(total, all);
            }
            const accumulator = scope.reg('accumulator', sint(p.ACC_BITS));
            const zero = signedLiteral(0, p.ACC_BITS);
            scope.always(io.clk, [
              when(valid.bit(stages), [
                set(
                  accumulator,
                  first.bit(stages).choose(zero, accumulator).addWrap(total.resize(p.ACC_BITS)),
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

/** When operands, in cycles behind them, are added: `stages`: their sum; valid and first bits by such cycles. */
function sumCycles(
  m: Scope,
  io: Readonly<Record<'clk' | 'rst' | 'valid' | 'first', Expr<'u'>>>,
  of: { readonly held: boolean; readonly level: boolean; readonly levels: Int },
): { readonly stages: Int; readonly valid: Expr<'u'>; readonly first: Expr<'u'> } {
  const { held, level, levels } = of;
  const cycles = (level ? levels : int(0)).plus(held ? 1 : 0);
  if (cycles.equals(0)) {
    m.unused('rst', io.rst);
    return { stages: cycles, valid: io.valid, first: io.first };
  }
  const stages = m.local('SUM_STAGE', cycles, 'cycles from operands to their sum');
  const valid = m.net('valid_at', uint(cycles.plus(1)), 'bit n: operands came n cycles ago');
  const first = m.net('first_at', uint(cycles.plus(1)), 'bit n: they started a sum');
  const validLine = m.reg('valid_line', uint(stages));
  const firstLine = m.reg('first_line', uint(stages));
  m.assign(valid, concat(validLine, io.valid));
  m.assign(first, concat(firstLine, io.first));
  m.always(io.clk, [
    when(io.rst, [set(validLine, literal(0, stages))], [set(validLine, valid.part(0, stages))]),
    set(firstLine, first.part(0, stages)),
  ]);
  return { stages, valid, first };
}

export type MacArray = ReturnType<typeof macArray>;
