import { bit, type Int, input, output, type TypedModule, uint } from '../../hdl/index.js';

/** Who counts the tiles of a row group set: the decoder, or the sequencer by its table of jobs. */
export type TileCounter = 'decoder' | 'jobs';

/**
 * Ports of every decoder, over its parameters; where jobs are counted, it is told where the tile stands. `places`: the memories
 * hold more than two frames.
 */
export function decoderPorts(
  p: Readonly<Record<string, Int>>,
  counts: TileCounter = 'decoder',
  places = false,
) {
  const of = (name: string): Int => p[name] as Int;
  return {
    clk: input(bit),
    rst: input(bit),
    load: input(bit, 'take the start of the next layer'),
    next_layer: input(uint(of('LAYER_BITS')), 'layer table word that load takes'),
    layer: input(uint(of('LAYER_BITS')), 'layer table word of the running layer'),
    x_side: input(bit, 'the tile belongs to the input side'),
    from_input: input(bit, 'its activations are in the x memory'),
    ...(places ? {} : { upper_buffer: input(bit, 'in the upper buffer') }),
    ...(places
      ? { frame_place: input(uint(of('PLACE_BITS')), 'frame that they are of, in its memory') }
      : {}),
    advance: input(bit, 'the tile is issued'),
    tile_first:
      counts === 'jobs' ? input(bit, 'first tile of a half') : output(bit, 'first tile of a half'),
    tile_last:
      counts === 'jobs' ? input(bit, 'last tile of a half') : output(bit, 'last tile of a half'),
    address: output(uint(of('STREAMS').times(of('ADDRESS_BITS'))), 'activation words, [stream]'),
    present: output(
      uint(of('STREAMS').times(of('TILE_COLS'))),
      'a cycle later: columns that the matrix has, [stream][column]',
    ),
  };
}

export type DecoderModule = TypedModule<
  ReturnType<typeof decoderPorts> & { readonly ends?: ReturnType<typeof output> }
>;
