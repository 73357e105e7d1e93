import { bit, type Int, indexBits, input, output, uint } from '../../hdl/index.js';
import { type Configuration, gatesInTurn } from '../plan/configuration.js';
import { gateBits } from './layer-table.js';

/** Ports of the sequencer. */
export function sequencerPorts(
  c: Configuration,
  p: {
    readonly LAYERS: Int;
    readonly LAYER_BITS: Int;
    readonly SUM_SLOTS: Int;
    readonly WEIGHT_ADDRESS_BITS: Int;
  },
) {
  return {
    clk: input(bit),
    rst: input(bit),
    frame_ready: input(bit, 'a whole frame waits'),
    frame_restart: input(bit, 'it starts an utterance'),
    ...(c.emit === 'last' ? { frame_emits: input(bit, 'its outputs leave') } : {}),
    frame_start: output(bit, 'it is taken'),
    x_release: output(bit, 'the running frame reads its x no more after this tile'),
    retire: input(
      bit,
      'a row group set retires: its h is written when a tile issued after this reads it',
    ),
    output_taken: input(bit, 'an output frame has left'),
    tile_last: input(bit, 'decoder: last tile of a half'),
    load: output(bit, 'the next layer starts'),
    next_layer: output(uint(p.LAYER_BITS)),
    layer: output(uint(p.LAYER_BITS)),
    x_side: output(bit),
    from_input: output(bit),
    upper_buffer: output(bit, 'it reads the upper buffer'),
    issue: output(bit, 'a tile is issued'),
    store: output(bit, 'it ends a ready half'),
    complete: output(bit, 'it ends a completing half'),
    ...(gatesInTurn(c) > 1
      ? {
          gate: output(uint(gateBits(c)), 'gate of the row group set'),
          gate_last: output(bit, 'its last one'),
        }
      : {}),
    zero: output(bit, 'its activations read as zero: first frame of an utterance'),
    slot: output(uint(indexBits(p.SUM_SLOTS)), 'sum slot of its half'),
    weight_address: output(uint(p.WEIGHT_ADDRESS_BITS), 'word of its weights'),
    frame_end: output(bit, 'it is the last of the frame'),
    layer_number: output(uint(indexBits(p.LAYERS))),
    restart: output(bit, 'c reads as zero'),
    ...(c.emit === 'last' ? { emits: output(bit, 'outputs of the frame leave') } : {}),
    parity: output(bit, 'h buffer that this frame writes'),
    group_last: output(bit, 'it completes the last row group set of the layer'),
  };
}
