/** Pieces of which the objects of several commands are made. */
import { z } from 'zod';
import { ARRAYS, EMITS, ORDERS, PIPELINES } from '../../accelerator/index.js';
import { CELL_KINDS } from '../../network/cells/registry.js';
import { SCHEMA_VERSION } from '../frame/report.js';
import { patternFields } from './pattern-fields.js';

/** Whether the gates of a matrix share a pattern. */
export const sharing = z.enum(['shared', 'per-gate']);

export const count = z.int().min(0);
export const hash = z.string().regex(/^[0-9a-f]{64}$/);
export const record = z.record(z.string(), z.json());
export const share = z.number().min(0).max(1);

/** Fields of every object; `ok` is false when a check failed. */
export const envelope = {
  schemaVersion: z.literal(SCHEMA_VERSION),
  toolVersion: z.string(),
  ok: z.boolean(),
};

/** An error, here or as part of a report; what it does not know is null. */
export const error = z.strictObject({
  code: z.string(),
  message: z.string(),
  file: z.string().nullable(),
  field: z.string().nullable(),
  expected: z.union([z.string(), z.number()]).nullable(),
  got: z.union([z.string(), z.number()]).nullable(),
});

export const words = z.strictObject({ weight: count, activation: count, cell: count, bias: count });
export const tables = z
  .strictObject({
    inputBits: count,
    inputFraction: count,
    outputFraction: count,
    segments: count.describe('over |u|'),
  })
  .describe('how the activation tables are cut');
export const saturations = z
  .strictObject({
    input: count,
    gateInput: count,
    cellInput: count,
    cell: count,
    hidden: count,
  })
  .describe('values clamped, by rounding point');

export const matrix = z.strictObject({
  rows: count.describe('of one gate'),
  columns: count,
  sharing,
  ...patternFields('facts'),
  exponent: z.int().describe('value = code * 2^-exponent'),
  weights: count.describe('positions of all gates, dense'),
  kept: count.describe('without padding and without fill'),
  stored: count.describe('padding and fill included'),
  filled: count,
  indexBits: count,
});

/** Which way a layer runs over an utterance. */
export const direction = {
  direction: z.enum(['forward', 'backward']).describe('backward: begins with the last frame'),
  bidirectional: z
    .boolean()
    .describe('one half of a layer of both directions, a neighbour the other'),
};

export const summary = {
  inputs: count,
  outputs: count,
  words,
  inputFraction: z.int(),
  tables,
  layers: z.array(
    z.strictObject({
      cell: z.enum(CELL_KINDS),
      inputs: count,
      cells: count,
      biasFraction: z.int(),
      cellFraction: z.int().nullable().describe('of the state; null where the cell keeps none'),
      valueFraction: z.int().describe('of what the layer writes'),
      initialState: z.boolean().describe('an utterance starts with more than zeros'),
      ...direction,
      aligned: z
        .boolean()
        .describe('what is made of a frame stands at that frame, not in the order of the steps'),
      x: matrix,
      h: matrix.nullable(),
    }),
  ),
  output: z
    .strictObject({ inputs: count, outputs: count, exponent: z.int(), biasFraction: z.int() })
    .nullable(),
  weights: count.describe('recurrent weights, dense'),
  keptWeights: count,
  provenance: z.record(z.string(), z.string()),
};

export const figures = {
  macs: count.describe('multipliers of the MAC array, of a chain of all of them'),
  cyclesPerFrame: z
    .number()
    .positive()
    .describe(
      'a mean where frames of two or more lengths take turns; with emit last, of frames without outputs',
    ),
  latencyCycles: count.describe('last input beat accepted to last output beat, idle core'),
  emit: z.enum(EMITS).describe('of which frames the outputs leave'),
  order: z
    .enum(ORDERS)
    .describe('all layers of a frame, or all frames of an utterance layer by layer'),
  streams: count.describe('independent streams of frames'),
  maxFrames: count.nullable().describe('of an utterance; null in the order of frames'),
  pipeline: z.enum(PIPELINES).optional().describe('registers of the pipeline; absent: deep'),
  silentCycles: count
    .nullable()
    .describe(
      'last input beat accepted to the end of a frame without outputs, idle core; null where every frame has some',
    ),
  idealCyclesPerFrame: z.number().describe('kept weights, output layer included, per MAC'),
  macUtilization: share.describe('ideal / exact cycles'),
  balance: share.describe(
    'share of the MAC cycles in which a row group has no tile left, others of its set have',
  ),
  padding: share.describe('share in positions of tiles that are no kept weight'),
  waiting: share.describe('share in which no tile is issued; the three and macUtilization make 1'),
  keptWeights: count.describe('kept recurrent weights and all weights of the output layer'),
  paddedWeights: count.describe('stored positions that are no kept weight'),
  weightBits: count.describe('ROM bits, as physically stored'),
  indexBits: count,
  indexBitsPerKeptWeight: z.number().min(0),
  biasBits: count.describe('biases, and initial states'),
  tableBits: count,
  ramBits: count,
  protection: z
    .strictObject({
      kind: z.enum(['parity', 'secded']),
      checkBits: count.describe('in all memories, beside all other bits'),
    })
    .optional()
    .describe('check bits of words that the model puts on the design; absent: they have none'),
  multipliers: z.strictObject({ mac: count, cell: count }),
  slices: count.describe('parallel slices of the array: gates of a cell, or rows'),
  array: z
    .enum(ARRAYS)
    .optional()
    .describe('row groups that end together, or with a queue of rows each; absent for a chain'),
  cellLanes: count,
  cellCycles: count.describe(
    'cycles from one cell to the next; above 1 the lane is time-multiplexed',
  ),
  streamLanes: count,
  activationCopies: count,
  load: z
    .strictObject({
      beatBits: count.describe('bits of a beat of the load port'),
      residents: count.describe('models that are kept at once'),
      bytes: count.describe('of one load'),
      cycles: count.describe('first beat to loaded, beats back to back, in an idle design'),
    })
    .optional()
    .describe('what it takes to load a model; absent where it lies in ROMs'),
  layers: z.array(record),
  engines: z
    .array(record)
    .optional()
    .describe('of a chain: the figures of each engine; those beside them are sums, or the most'),
};

export const mismatch = z.strictObject({
  frame: count,
  layer: count.nullable().describe('null for outputs'),
  row: count,
  tensor: z
    .string()
    .describe('sums, outputs, or the state or value of a layer as its cell names it: c, s, h'),
  gate: z.string().nullable().describe('only for sums: the channel, as the cell names it'),
  expected: z.number().nullable(),
  actual: z.number().nullable(),
  cycle: count,
  registers: z
    .array(
      z.strictObject({
        signal: z.string().describe('path in a waveform; [0:3] stands for each of four blocks'),
        source: z.string().nullable().describe('file:line that declares it'),
        drivenAt: z.array(z.string()).describe('file:line of each statement that sets it'),
      }),
    )
    .describe('registers and memories in which the values of the tensor come about'),
});

export const leftOut = z
  .array(z.strictObject({ name: z.string(), kind: z.enum(['tensor', 'node']), what: z.string() }))
  .describe('everything in the file that becomes no hardware');
