import { bit, type Int, indexBits, input, int, integer, output, uint } from '../../hdl/index.js';
import { hasMarks, lastMark } from '../build/ports.js';
import { MATCHES, matched } from '../images/matches.js';
import { type Configuration, gatesInTurn, stepsPerGroup } from '../plan/configuration.js';
import { hasPlaces, streamBits } from '../plan/frames-in-memory.js';
import { gateBits } from './layer-table.js';

/** Ports of the sequencer. */
export function sequencerPorts(
  c: Configuration,
  p: {
    readonly LAYERS: Int;
    readonly LAYER_BITS: Int;
    readonly SUM_SLOTS: Int;
    readonly WEIGHT_ADDRESS_BITS: Int;
    readonly MAX_FRAMES?: Int | undefined;
  },
) {
  const whole = c.order === 'sequence';
  const places = hasPlaces(c);
  const several = c.streams === undefined ? null : uint(c.streams);
  const frames = p.MAX_FRAMES ?? int(1);
  const frameNumber = uint(indexBits(frames));
  const placeNumber = several ? uint(streamBits(c) + 1) : uint(indexBits(frames.times(2)));
  const writtenNumber = several ? placeNumber : frameNumber;
  return {
    clk: input(bit),
    rst: input(bit),
    frame_ready: input(
      several ?? bit,
      several
        ? 'per stream: a whole frame waits'
        : `a whole ${whole ? 'utterance' : 'frame'} waits`,
    ),
    ...(whole ? {} : { frame_restart: input(several ?? bit, 'it starts an utterance') }),
    ...(whole ? { frame_last: input(frameNumber, 'its frames, less one') } : {}),
    ...(hasMarks(c) && !whole ? { frame_emits: input(several ?? bit, lastMark(c)) } : {}),
    frame_start: output(bit, 'it is taken'),
    x_release: output(
      bit,
      `the running ${whole ? 'utterance' : 'frame'} reads its x no more after this tile`,
    ),
    retire: input(
      bit,
      `${places ? 'the last row group set of a visit' : 'a row group set'} retires: its h is written when a tile issued after this reads it`,
    ),
    ...(several ? { retire_stream: input(uint(streamBits(c)), 'stream of the visit') } : {}),
    output_taken: input(bit, 'an output frame has left'),
    tile_last: input(bit, 'decoder: last tile of a half'),
    load: output(bit, 'the next layer starts'),
    next_layer: output(uint(p.LAYER_BITS)),
    layer: output(uint(p.LAYER_BITS)),
    x_side: output(bit),
    from_input: output(bit),
    ...(places ? {} : { upper_buffer: output(bit, 'it reads the upper buffer') }),
    ...(places ? { place: output(placeNumber, 'frame that it reads, in its memory') } : {}),
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
    ...(hasMarks(c)
      ? {
          emits: output(
            bit,
            c.emit === 'last' && !whole
              ? 'outputs of the frame leave'
              : 'the frame is the last of its utterance',
          ),
        }
      : {}),
    ...(places ? {} : { parity: output(bit, 'h buffer that this frame writes') }),
    ...(places ? { write_place: output(writtenNumber, 'frame at which its values stand') } : {}),
    ...(c.busStates && several
      ? { odd_frames: output(several, 'per stream: the h buffer that its last frame wrote') }
      : {}),
    group_last: output(bit, 'it completes the last row group set of the layer'),
  };
}

/** What the sequencer does, in words. */
export function sequencerText(c: Configuration): string {
  const [until, next] =
    c.order === 'sequence'
      ? [
          'until no more visits are under way than those behind what it reads, and before a segment until all have retired',
          'an utterance',
        ]
      : c.streams === undefined
        ? [
            'until all row group sets under way have retired: h of the layer below can be read then',
            'a frame',
          ]
        : ['until all visits of its stream have retired', 'a frame of any stream'];
  const leaves = c.emit === 'last' ? ', where the outputs of the frame leave,' : '';
  return `Runs the layer table: one tile per cycle. A row group set has a ready half (stored in a sum slot) and a completing half. It waits (a) before the first completing half of a layer whose \`waits\` is set ${until}, (b) before the last tile of a completing half until the cell lanes can take it, (c) before a completing half of the last layer${leaves} until an output buffer is free, (d) before the last tile of a layer until the next word of the layer table is there, (e) for ${next}.`;
}

/** Cycles of the lanes between two sets. */
export function gapParameters(c: Configuration) {
  return {
    LANE_GAP: matched(
      integer(
        stepsPerGroup(c) * c.cellCycles - 1,
        'Cycles behind the end of a completing half in which the next one cannot end, for the lanes are busy with its steps',
        0,
      ),
      MATCHES.nothing,
    ),
    ...(c.turns === undefined
      ? {}
      : {
          TURN_GAP: matched(
            integer(
              stepsPerGroup(c, c.turns) * c.cellCycles - 1,
              'The same where rows take turns',
              0,
            ),
            MATCHES.nothing,
          ),
        }),
  };
}
