import {
  bit,
  clog2,
  type Int,
  indexBits,
  input,
  int,
  integer,
  output,
  type ParameterInts,
  type PortValues,
  type Relation,
  requires,
  uint,
} from '../../hdl/index.js';
import { hasMarks, lastMark } from '../build/ports.js';
import { traceOption } from '../build/trace.js';
import { kindBits } from '../control/cell-table.js';
import { MATCHES, matched } from '../images/matches.js';
import { folderParameter, imageParameter } from '../images/names.js';
import { hWriteBits, hWriteWords } from '../memory/h-words.js';
import { decoderLatency } from '../pipeline/tracks.js';
import { leastSumBits } from '../plan/bounds.js';
import {
  type Configuration,
  gateSums,
  isTimeMultiplexed,
  tablesOf,
} from '../plan/configuration.js';
import { hasPlaces, hFrames } from '../plan/frames-in-memory.js';
import { biasStore, cellTableStore, initialStore, stateStore } from './cell-stores.js';
import { gateSumShifts } from './gate-sum.js';
import { hasState, stateName } from './kinds.js';
import { cellShifts, peepholeParameters } from './lane-interface.js';
import { placesOf } from './places.js';
import { unitsOf } from './units.js';

/** Parameters of the state of the cells. */
function stateParameters(c: Configuration) {
  return {
    CELL_BITS: matched(integer(c.words.cell, `Bits of ${stateName(c)}`, 8, 24), MATCHES.room),
    CELL_DEPTH: matched(
      integer(
        stateStore(c).words,
        `Steps of the recurrent layers: words of the ${stateName(c)} memory`,
      ),
      MATCHES.room,
    ),
    CELL_POINT: matched(
      integer(
        c.cellPointMost,
        `Finest binary point of ${stateName(c)}`,
        tablesOf(c).outputFraction,
      ),
      MATCHES.cellShifts,
    ),
    ...cellShifts(c),
  };
}

/** Those of a cell update whose cells keep a state. */
export function stateInts(p: CellInts): ParameterInts<ReturnType<typeof stateParameters>> {
  const { CELL_BITS, CELL_DEPTH, CELL_POINT, CELL_SHIFT_MOST, CELL_SHIFT_BITS } = p;
  if (!CELL_BITS || !CELL_DEPTH || !CELL_POINT || !CELL_SHIFT_MOST || !CELL_SHIFT_BITS) {
    throw new Error('the cells keep no state');
  }
  return { CELL_BITS, CELL_DEPTH, CELL_POINT, CELL_SHIFT_MOST, CELL_SHIFT_BITS };
}

/** Parameters of the cell update. */
export function cellParameters(c: Configuration) {
  const biases = biasStore(c);
  const tables = tablesOf(c);
  return {
    ACC_BITS: matched(integer(c.accumulatorBits, 'Bits of one sum from the array'), MATCHES.room),
    SUM_BITS: matched(
      integer(c.sumBits, 'Bits of an aligned gate sum', leastSumBits(tables)),
      MATCHES.room,
    ),
    ACT_BITS: matched(integer(c.words.activation, 'Bits of h', 4, 16), MATCHES.activations),
    ...(hasState(c) ? stateParameters(c) : {}),
    ...(c.peepholes ? peepholeParameters(c) : {}),
    BIAS_BITS: matched(integer(c.words.bias, 'Bits of a bias', 4, 24), MATCHES.biases),
    ...(isTimeMultiplexed(c)
      ? {}
      : { CELL_LANES: matched(integer(c.cellLanes, 'Cells at once'), MATCHES.cellLanes) }),
    ...(unitsOf(c).length > 1
      ? {
          KIND_BITS: matched(
            integer(kindBits(c), 'Bits of the number of a kind of lanes', kindBits(c)),
            MATCHES.cellFields,
          ),
        }
      : {}),
    ...(c.turns === undefined
      ? {}
      : {
          TURN_CELLS: matched(
            integer(c.cellLanes / c.turns, 'Cells in a step where their rows take turns'),
            MATCHES.nothing,
          ),
        }),
    LAYERS: matched(integer(c.layers, 'Words of the cell table'), MATCHES.layers),
    BIAS_DEPTH: matched(
      integer(
        biases.words,
        c.initialState
          ? 'Words of the bias ROM: steps of a frame, and those with other biases in the first frame'
          : 'Steps of a frame: words of the bias ROM',
      ),
      MATCHES.biases,
    ),
    ...gateSumShifts(c),
    H_ADDRESS_BITS: matched(integer(hWriteBits(c), 'Bits of an h write address'), MATCHES.nothing),
    H_BUFFER_WORDS: matched(
      integer(
        hWriteWords(c),
        hasPlaces(c)
          ? 'Words of CELL_LANES from one frame to the next in the h memory'
          : 'Words of CELL_LANES in one h buffer',
      ),
      MATCHES.room,
    ),
    ...(hasPlaces(c)
      ? { H_FRAMES: matched(integer(hFrames(c), 'Frames in the h memory'), MATCHES.room) }
      : {}),
    TRACE: traceOption(),
    MEM_DIR: folderParameter(),
    BIAS_FILE: imageParameter(c.name, biases.name, 'Image of the bias ROM: [lane][channel]'),
    ...(c.initialState && hasState(c)
      ? {
          INITIAL_FILE: imageParameter(
            c.name,
            initialStore(c).name,
            `Image of ${stateName(c)} before the first frame of an utterance: [lane]`,
          ),
        }
      : {}),
    CELL_FILE: imageParameter(c.name, cellTableStore(c).name, 'Image of the cell table'),
  };
}

export type CellInts = ParameterInts<ReturnType<typeof cellParameters>>;

/** Lanes of the cell update: a time-multiplexed lane is the only one. */
export function lanesOf(p: { readonly CELL_LANES?: Int | undefined }): Int {
  return p.CELL_LANES ?? int(1);
}

/** What they have to be to each other; the modules inside add theirs. */
export function cellRelations(c: Configuration, p: CellInts): readonly Relation[] {
  return [
    ...(p.TURN_CELLS === undefined
      ? []
      : [
          requires(
            p.TURN_CELLS.times(c.turns as number),
            '==',
            lanesOf(p),
            `TURN_CELLS must be CELL_LANES over ${c.turns}`,
          ),
        ]),
    p.H_FRAMES === undefined
      ? requires(
          p.H_ADDRESS_BITS,
          '>=',
          clog2(p.H_BUFFER_WORDS.times(2)),
          'H_ADDRESS_BITS must reach both buffers',
        )
      : requires(
          p.H_ADDRESS_BITS,
          '>=',
          clog2(p.H_BUFFER_WORDS).plus(indexBits(p.H_FRAMES)),
          'H_ADDRESS_BITS must reach all frames',
        ),
  ];
}

/** Ports of the cell update. */
export function cellPorts(c: Configuration, p: CellInts) {
  const lanes = lanesOf(p);
  const some = lanes.times(gateSums(c)).times(p.ACC_BITS);
  const whole = hasPlaces(c);
  const order = isTimeMultiplexed(c) ? 'of the gates, one after another' : '[lane][gate]';
  return {
    clk: input(bit),
    rst: input(bit),
    fetch: input(bit, 'a row group set is taken in the next cycle'),
    fetch_layer: input(uint(indexBits(p.LAYERS)), 'its layer'),
    take: input(bit, 'a row group set goes to the lane feed'),
    take_first: input(bit, 'the first of its layer'),
    ...(c.initialState
      ? { take_restart: input(bit, 'its frame is the first of an utterance') }
      : {}),
    ...(c.jobs === undefined
      ? {}
      : {
          x_first: input(bit, 'the completing half is not the input side'),
          alone: input(bit, 'there is no ready half'),
        }),
    ...(hasState(c)
      ? {
          restart: input(
            bit,
            `${stateName(c)} ${c.initialState ? 'is the initial one' : 'reads as zero'}`,
          ),
        }
      : {}),
    ...(hasMarks(c)
      ? { marks: input(uint(2), `of the frame: 0: first of an utterance, 1: ${lastMark(c)}`) }
      : {}),
    ...(whole ? {} : { parity: input(bit, 'h buffer to write') }),
    ...(whole
      ? {
          place: input(uint(indexBits(p.H_FRAMES ?? 1)), 'frame at which its values stand'),
          visit_end: input(bit, 'the set is the last of its visit'),
        }
      : {}),
    step: input(bit, 'sums are present'),
    step_last: input(bit, 'they are the last of their row group set'),
    frame_end: input(bit, 'and of the frame'),
    ...(c.turns === undefined
      ? {}
      : {
          take_flat: output(bit, 'rows of the set that is taken lie in the slices and take turns'),
        }),
    ready_sums: input(uint(some), order),
    complete_sums: input(uint(some), order),
    retire: output(
      bit,
      `h of ${whole ? 'a visit' : 'a row group set'} is written ${decoderLatency(c)} cycle${decoderLatency(c) === 1 ? '' : 's'} later, in time for a tile issued after this`,
    ),
    ...(c.streams === undefined
      ? {}
      : {
          retire_place: output(uint(indexBits(p.H_FRAMES ?? 1)), 'its stream and h buffer'),
          sum_place: output(uint(indexBits(p.H_FRAMES ?? 1)), 'those of aligned sums'),
          h_place: output(uint(indexBits(p.H_FRAMES ?? 1)), 'those of h'),
        }),
    sum_valid: output(bit, 'aligned sums of the output layer'),
    h_valid: output(bit, 'h of a layer'),
    h_leaves: output(bit, 'which is the output of the network'),
    ...(hasMarks(c)
      ? { output_marks: output(uint(2), `marks, with ${c.outputLayer ? 'sum' : 'h'}_valid`) }
      : {}),
    h_address: output(uint(p.H_ADDRESS_BITS), 'words of CELL_LANES'),
    h_data: output(uint(lanes.times(p.ACT_BITS))),
    sum_end: output(bit, 'sum_valid and the last of the frame'),
    h_end: output(bit, 'h_valid and the last of the frame'),
    trace_sum_valid: output(bit, 'aligned sums of a layer'),
    trace_sum_layer: output(uint(indexBits(p.LAYERS))),
    trace_sum_step: output(uint(p.H_ADDRESS_BITS), 'step within the layer: row / CELL_LANES'),
    sums: output(uint(lanes.times(placesOf(c).length).times(p.SUM_BITS)), '[lane][channel]'),
    trace_cell_layer: output(uint(indexBits(p.LAYERS)), 'with h_valid'),
    trace_cell_step: output(uint(p.H_ADDRESS_BITS), 'step within the layer: row / CELL_LANES'),
    ...(hasState(c)
      ? {
          trace_cell: output(
            uint(lanes.times(stateInts(p).CELL_BITS)),
            `${stateName(c)}' of the cells of h_data`,
          ),
        }
      : {}),
    ...(c.busStates && hasState(c) ? statePorts(c, p) : {}),
  };
}

/** Ports of what reaches the memory of c beside the frames. */
function statePorts(c: Configuration, p: CellInts) {
  const { CELL_BITS, CELL_DEPTH } = stateInts(p);
  const word = uint(lanesOf(p).times(CELL_BITS));
  return {
    state_active: input(bit, `the address here goes to the ${stateName(c)} memory`),
    state_write: input(bit),
    state_read: input(bit),
    state_address: input(uint(indexBits(CELL_DEPTH))),
    state_data: input(word),
    state_word: output(word, 'a cycle behind its address'),
  };
}

export type CellPorts = PortValues<ReturnType<typeof cellPorts>>;
