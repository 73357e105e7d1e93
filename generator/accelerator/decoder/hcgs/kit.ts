import type { Expr, Int, PortValues, Scope } from '../../../hdl/index.js';
import { bit, input, output, uint } from '../../../hdl/index.js';
import type { LayerTableWidths, Side } from '../../control/layer-table.js';
import type { Configuration } from '../../plan/configuration.js';

/** The parameters of the decoder: which there are depends on the number of levels. */
export type HcgsInts = Readonly<Record<string, Int>>;

/** Ports of the HCGS decoder. */
export function hcgsPorts(p: HcgsInts) {
  const of = (name: string): Int => p[name] as Int;
  return {
    clk: input(bit),
    rst: input(bit),
    load: input(bit, 'take the start of the next layer'),
    next_layer: input(uint(of('LAYER_BITS')), 'layer table word that load takes'),
    layer: input(uint(of('LAYER_BITS')), 'layer table word of the running layer'),
    x_side: input(bit, 'the tile belongs to the input side'),
    from_input: input(bit, 'its activations are in the x memory'),
    upper_buffer: input(bit, 'in the upper buffer'),
    advance: input(bit, 'the tile is issued'),
    tile_first: output(bit, 'first tile of a half'),
    tile_last: output(bit, 'last tile of a half'),
    address: output(uint(of('STREAMS').times(of('ADDRESS_BITS'))), 'activation words, [stream]'),
    present: output(
      uint(of('STREAMS').times(of('TILE_COLS'))),
      'a cycle later: columns that the matrix has, [stream][column]',
    ),
  };
}

/** What every part of the decoder works with. */
export interface HcgsKit {
  readonly c: Configuration;
  readonly m: Scope;
  readonly p: HcgsInts;
  readonly io: PortValues<ReturnType<typeof hcgsPorts>>;
  readonly widths: LayerTableWidths<Int>;
  /** A field of the word of the running layer, and that of the next one. */
  readonly now: (name: string) => Expr<'u'>;
  readonly next: (name: string, width: Int) => Expr<'u'>;
  /** The field of the side that the tile belongs to. */
  readonly field: (name: (side: Side) => string) => Expr<'u'>;
}
