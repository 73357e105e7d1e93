/** What each command prints with --json. docs/schemas/ holds the same as JSON Schema. */
import { z } from 'zod';
import { SCHEMA_VERSION } from './report.js';

const count = z.int().min(0);
const hash = z.string().regex(/^[0-9a-f]{64}$/);
const record = z.record(z.string(), z.json());
const share = z.number().min(0).max(1);

/** Fields of every object; `ok` is false when a check failed. */
const envelope = {
  schemaVersion: z.literal(SCHEMA_VERSION),
  toolVersion: z.string(),
  ok: z.boolean(),
};

const words = z.strictObject({ weight: count, activation: count, cell: count, bias: count });
const saturations = z
  .strictObject({
    input: count,
    gateInput: count,
    cellInput: count,
    cell: count,
    hidden: count,
  })
  .describe('values clamped, by rounding point');

const matrix = z.strictObject({
  rows: count.describe('of one gate'),
  columns: count,
  sharing: z.enum(['shared', 'per-gate']),
  blocks: z.array(count).describe('outermost first; none = dense'),
  keep: z.array(count).describe('blocks kept in a block row of each level'),
  exponent: z.int().describe('value = code * 2^-exponent'),
  weights: count.describe('positions of all gates, dense'),
  kept: count.describe('without padding and without fill'),
  stored: count.describe('padding and fill included'),
  filled: count,
  indexBits: count,
});

const summary = {
  inputs: count,
  outputs: count,
  words,
  inputFraction: z.int(),
  layers: z.array(
    z.strictObject({
      inputs: count,
      cells: count,
      biasFraction: z.int(),
      cellFraction: z.int(),
      x: matrix,
      h: matrix,
    }),
  ),
  output: z
    .strictObject({ inputs: count, outputs: count, exponent: z.int(), biasFraction: z.int() })
    .nullable(),
  weights: count.describe('LSTM weights, dense'),
  keptWeights: count,
  provenance: z.record(z.string(), z.string()),
};

const figures = {
  macs: count.describe('multipliers of the MAC array'),
  cyclesPerFrame: z
    .number()
    .positive()
    .describe('a mean where frames of two or more lengths take turns'),
  latencyCycles: count.describe('last input beat accepted to last output beat, idle core'),
  idealCyclesPerFrame: z.number().describe('kept weights, output layer included, per MAC'),
  macUtilization: share.describe('ideal / exact cycles'),
  keptWeights: count.describe('kept LSTM weights and all weights of the output layer'),
  paddedWeights: count.describe('stored positions that are no kept weight'),
  weightBits: count.describe('ROM bits, as physically stored'),
  indexBits: count,
  indexBitsPerKeptWeight: z.number().min(0),
  biasBits: count,
  tableBits: count,
  ramBits: count,
  multipliers: z.strictObject({ mac: count, cell: count }),
  cellLanes: count,
  streamLanes: count,
  activationCopies: count,
  layers: z.array(record),
};

const mismatch = z.strictObject({
  frame: count,
  layer: count.nullable().describe('null for outputs'),
  row: count,
  tensor: z.enum(['sums', 'c', 'h', 'outputs']),
  gate: z.enum(['i', 'f', 'g', 'o']).nullable().describe('only for sums'),
  expected: z.number().nullable(),
  actual: z.number().nullable(),
  cycle: count,
});

const estimate = z.looseObject({ ...envelope, ...figures });
/** A design that was written. */
const written = z.strictObject({
  ...envelope,
  design: z.string(),
  directory: z.string(),
  top: z.string(),
  files: count,
  bytes: count,
  modelHash: hash,
  configurationHash: hash,
  designHash: hash,
  estimate: z.looseObject(figures),
});

export const schemas = {
  compress: z.strictObject({
    ...envelope,
    file: z.string(),
    bytes: count,
    words,
    inputFraction: z.int(),
    weights: count,
    keptWeights: count,
    patterns: z.array(
      z.strictObject({
        name: z.string(),
        ...matrix.pick({ sharing: true, blocks: true, keep: true, kept: true, weights: true })
          .shape,
        filledBlocks: z.array(count).describe('zero blocks added, by level'),
      }),
    ),
    tensors: z.array(
      z.strictObject({
        name: z.string(),
        bits: count,
        fraction: z.int(),
        values: count.describe('not zero in the source'),
        saturated: count,
        maxError: z.number().min(0).describe('against float'),
        rmsError: z.number().min(0),
      }),
    ),
    cells: z.array(z.strictObject({ layer: count, bits: count, fraction: z.int() })),
    calibration: z.strictObject({ frames: count, utterances: count, saturations }),
    tableErrors: z.strictObject({ sigmoid: z.number(), tanh: z.number() }),
  }),
  random: z.strictObject({
    ...envelope,
    file: z.string(),
    bytes: count,
    seed: count,
    ...summary,
  }),
  run: z.strictObject({
    ...envelope,
    model: z.string(),
    frames: count,
    utterances: count,
    inputs: count,
    outputs: count,
    outputFractionBits: z.int(),
    saturations,
    correct: count.nullable(),
    accuracy: share.nullable().describe('null without labels'),
    outputsFile: z.string().nullable(),
    statesFile: z.string().nullable(),
  }),
  info: z.discriminatedUnion('kind', [
    z.strictObject({
      ...envelope,
      kind: z.literal('model'),
      file: z.string(),
      bytes: count,
      sha256: hash,
      ...summary,
    }),
    z.strictObject({
      ...envelope,
      kind: z.literal('design'),
      directory: z.string(),
      name: z.string(),
      top: z.string(),
      core: z.string(),
      modelHash: hash,
      configurationHash: hash,
      designHash: hash,
      files: count,
      bytes: count,
      parameters: record,
      ports: record,
      shape: record,
      layers: z.array(record),
      memories: z.array(record),
      estimate: z.looseObject(figures),
      model: z.strictObject(summary),
    }),
  ]),
  estimate,
  generate: written,
  images: written,
  cosim: z.strictObject({
    ...envelope,
    design: z.string(),
    simulator: z.string(),
    seed: count,
    stall: share,
    frames: count,
    utterances: count,
    warmupFrames: count,
    compared: z.strictObject({ sums: count, h: count, c: count, outputs: count }),
    comparedValues: count,
    mismatches: count,
    firstMismatch: mismatch.nullable(),
    cyclesPerFrame: z.number().nullable().describe('measured; null under --stall'),
    predictedCyclesPerFrame: z.number().positive(),
    latencyCycles: z.number().nullable(),
    predictedLatencyCycles: count,
    idealCyclesPerFrame: z.number(),
    macUtilization: z.number().nullable(),
    saturations,
    complaints: z.array(z.string()),
    waveform: z.string().nullable(),
    buildSeconds: z.number(),
    simSeconds: z.number(),
    framesPerSecond: z.number(),
    simCycles: count,
    cyclesPerSecond: z.number(),
    accuracy: share.nullable(),
    goldenAccuracy: share.nullable(),
    outputFractionBits: z.int(),
    modelHash: hash,
    designHash: hash,
  }),
} as const satisfies Readonly<Record<string, z.ZodType>>;

export type CommandName = keyof typeof schemas;

/** The object of a command that could not do its work. */
export const failureSchema = z.strictObject({
  ...envelope,
  ok: z.literal(false),
  error: z.strictObject({
    code: z.string(),
    message: z.string(),
    file: z.string().nullable(),
    field: z.string().nullable(),
    expected: z.union([z.string(), z.number()]).nullable(),
    got: z.union([z.string(), z.number()]).nullable(),
  }),
});

/** All schemas as JSON Schema, by name. */
export function jsonSchemas(): ReadonlyMap<string, unknown> {
  return new Map(
    Object.entries({ ...schemas, failure: failureSchema }).map(([name, schema]) => [
      name,
      z.toJSONSchema(schema),
    ]),
  );
}
