import {
  bit,
  clog2,
  defineModule,
  div,
  type Expr,
  input,
  integer,
  output,
  set,
  signedLiteral,
  sint,
  uint,
  when,
} from '../../hdl/index.js';
import { addressStreams, type Configuration, GATE_COUNT } from '../configuration.js';
import { delayedValid } from '../pipeline.js';

/** Cycles from operands at the ports to the finished sum at `sums`. */
export const MAC_LATENCY = 3;

/**
 * The time-multiplexed MAC array: ROW_GROUPS x 4 gates x TILE_ROWS x TILE_COLS multipliers. Every cycle one
 * tile per gate and row group is multiplied and added to the accumulators.
 */
export function macArray(c: Configuration) {
  return defineModule({
    name: `${c.name}_mac_array`,
    doc: 'MAC array. Each cycle takes one tile of TILE_ROWS x TILE_COLS weights for each gate and row group with the activation word of its address stream; `first` starts a new sum. Latency: product, tree and accumulator, three cycles. Sums are exact.',
    parameters: {
      WEIGHT_BITS: integer(c.words.weight, 'Bits of a weight', 2, 16),
      ACT_BITS: integer(c.words.activation, 'Bits of an activation', 4, 16),
      TILE_ROWS: integer(c.tileRows, 'Rows of a tile'),
      TILE_COLS: integer(c.tileColumns, 'Columns of a tile'),
      ROW_GROUPS: integer(c.rowGroups, 'Row groups in parallel'),
      STREAMS: integer(addressStreams(c), 'Activation words per cycle'),
      STREAM_SHARE: integer(c.streamShare, 'Neighbouring row groups that share an activation word'),
      GATE_STREAMS: integer(
        c.perGate ? c.rowGroups / c.streamShare : 0,
        'Activation words between one gate and the next; 0: the gates share them',
        0,
      ),
      ACC_BITS: integer(c.accumulatorBits, 'Bits of an accumulator: the worst case of the shape'),
    },
    ports: (p) => ({
      clk: input(bit),
      rst: input(bit),
      valid: input(bit, 'operands are present'),
      first: input(bit, 'they are the first of a sum'),
      weights: input(
        uint(
          p.ROW_GROUPS.times(GATE_COUNT).times(p.TILE_ROWS).times(p.TILE_COLS).times(p.WEIGHT_BITS),
        ),
        '[row group][gate][row][column], column low',
      ),
      activations: input(uint(p.STREAMS.times(p.TILE_COLS).times(p.ACT_BITS)), '[stream][column]'),
      sums: output(
        uint(p.ROW_GROUPS.times(p.TILE_ROWS).times(GATE_COUNT).times(p.ACC_BITS)),
        '[row group][row][gate], gate low',
      ),
    }),
    body: (m, p, io) => {
      const productBits = m.local('PRODUCT_BITS', p.WEIGHT_BITS.plus(p.ACT_BITS));
      const valid = delayedValid(m, io.clk, io.rst, 'valid', io.valid, 2);
      const first = m.reg('first_line', uint(2), 'start of a sum, one and two cycles late');
      m.always(io.clk, [set(first.bit(0), io.first), set(first.bit(1), first.bit(0))]);
      m.forEach('slice', p.ROW_GROUPS, (group, perGroup) =>
        perGroup.forEach('gate', GATE_COUNT, (gate, perGate) =>
          perGate.forEach('row', p.TILE_ROWS, (row, scope) => {
            const total = scope.sumOver(
              'column',
              p.TILE_COLS,
              'partial',
              productBits,
              (column, inner) => {
                const stream = gate.times(p.GATE_STREAMS).plus(div(group, p.STREAM_SHARE));
                const activation = inner.wire(
                  'activation',
                  io.activations
                    .part(stream.times(p.TILE_COLS).plus(column).times(p.ACT_BITS), p.ACT_BITS)
                    .asSigned(),
                );
                const place = group.times(GATE_COUNT).plus(gate).times(p.TILE_ROWS).plus(row);
                const weight = inner.wire(
                  'weight',
                  io.weights
                    .part(place.times(p.TILE_COLS).plus(column).times(p.WEIGHT_BITS), p.WEIGHT_BITS)
                    .asSigned(),
                );
                const product = inner.reg('product', sint(productBits));
                inner.always(io.clk, [when(io.valid, [set(product, weight.mul(activation))])]);
                return product;
              },
            );
            const tree = scope.reg('tree', sint(productBits.plus(clog2(p.TILE_COLS))));
            const accumulator = scope.reg('accumulator', sint(p.ACC_BITS));
            const zero = signedLiteral(0, p.ACC_BITS);
            scope.always(io.clk, [
              when(valid[1] as Expr<'u'>, [set(tree, total)]),
              when(valid[2] as Expr<'u'>, [
                set(
                  accumulator,
                  first.bit(1).choose(zero, accumulator).addWrap(tree.resize(p.ACC_BITS)),
                ),
              ]),
            ]);
            const cell = group.times(p.TILE_ROWS).plus(row).times(GATE_COUNT).plus(gate);
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
