/** What `compress` prints. */
import { z } from 'zod';
import { count, envelope, leftOut, matrix, saturations, sharing, tables, words } from './parts.js';
import { patternFields } from './pattern-fields.js';

const layerFormat = z.strictObject({ layer: count, bits: count, fraction: z.int() });

const layerSaturations = z.strictObject({
  layer: count,
  gateSums: count.describe('gate sums computed'),
  cells: count.describe('cell states computed'),
  gateInput: count.describe('gate sums beyond the table input'),
  cellInput: count.describe('cell states beyond the table input'),
  cell: count.describe('cell states beyond their word'),
  hidden: count.describe('h = 1'),
});

const sum = z.strictObject({
  layer: count.nullable().describe('null for the output layer'),
  sum: z.enum(['x', 'h', 'aligned']).describe('products of one side, or both sides and bias'),
  bits: count.describe('structural worst case, whatever the weights'),
  neededBits: count.describe('worst case with the weights of this model'),
  margin: z.int(),
  largest: z.number().min(0).describe('magnitude in the calibration, in units of the last bit'),
  largestBits: count,
});

const outputError = z
  .strictObject({
    rms: z.number().min(0),
    largest: z.number().min(0),
    referenceRms: z.number().min(0).describe('r.m.s. of the float outputs'),
    relativeRms: z.number().min(0).nullable().describe('rms / referenceRms'),
    relativeLargest: z.number().min(0).nullable(),
  })
  .describe(
    'every output of every calibration frame (with --words auto: of those that chose no formats) against a float network',
  );

const wordSearch = z.strictObject({
  target: z.strictObject({ kind: z.enum(['error', 'accuracy-loss']), limit: z.number().min(0) }),
  reached: z.boolean(),
  lengths: z
    .strictObject({ weight: count, activation: count, table: count, cell: count, bias: count })
    .describe('bits of the words, and fraction bits of the tables, that were chosen'),
  heldOut: z.strictObject({ frames: count }).describe('frames that chose no formats'),
  error: z
    .strictObject({ all: z.number().nullable(), heldOut: z.number().nullable() })
    .describe('relative r.m.s. error of the outputs'),
  exponents: z
    .array(z.strictObject({ name: z.string(), leastSquares: z.int(), exponent: z.int() }))
    .describe('of weights, chosen by the outputs because least squares are worse'),
  headroom: z
    .array(count)
    .describe('bits by which the ranges of x and of c of each layer exceed the calibration'),
  less: z
    .array(
      z.strictObject({
        word: z.enum(['weight', 'activation', 'table', 'cell', 'bias']),
        bits: count,
        error: z.number().nullable(),
        correct: count.nullable(),
      }),
    )
    .describe('what one bit less in a word gives'),
  runs: count.describe('of the golden model'),
});

const pruningLoss = z.strictObject({
  error: outputError,
  sameDecisions: count.nullable().describe('null where the outputs are no classes'),
  correct: z
    .strictObject({ whole: count, pruned: count })
    .nullable()
    .describe('utterances decided as labelled; null without labels'),
  utterances: count,
});

const forms = z.array(z.string()).describe('form of each matrix, in the order of `patterns`');
const figure = z.number().min(0);

const patternSearch = z.strictObject({
  budget: z.strictObject({ kind: z.enum(['cycles', 'bits']), limit: count }),
  by: z
    .enum(['outputs', 'weights'])
    .describe(
      'what errors are: of the outputs, r.m.s.; without frames the share of the squares of the weights that is dropped',
    ),
  weights: z
    .enum(['fitted', 'trained'])
    .describe('whether kept weights and biases were fitted to frames'),
  frames: z
    .strictObject({ fitted: count, judged: count, heldOut: count })
    .nullable()
    .describe('that weights were fitted to, that judged, and that had no part; null for noise'),
  forms,
  cycles: count.describe('of a frame, as estimate says'),
  bits: count.describe('of weights and index in hardware'),
  front: z
    .array(
      z.strictObject({
        forms,
        kept: count,
        cycles: count,
        bits: count,
        error: figure,
        refused: z.null(),
      }),
    )
    .describe(
      'of what was judged, also for other budgets, that of which nothing else is as good in cycles, bits and error',
    ),
  tried: z.array(
    z.strictObject({
      forms,
      kept: count
        .nullable()
        .describe('weights; where it was not judged, as many as were asked for'),
      cycles: count.nullable(),
      bits: count.nullable(),
      error: figure.nullable().describe('null where it was not judged'),
      refused: z.string().nullable().describe('why it is out'),
    }),
  ),
  heldOut: pruningLoss
    .nullable()
    .describe(
      'the float network with the patterns against the one without, on the frames held out',
    ),
});

export const compress = z.strictObject({
  ...envelope,
  file: z.string().nullable().describe('null: nothing is written, no words meet the target'),
  bytes: count,
  words,
  inputFraction: z.int(),
  weights: count,
  keptWeights: count,
  patterns: z.array(
    z.strictObject({
      name: z.string(),
      sharing,
      ...patternFields('facts'),
      ...matrix.pick({ kept: true, weights: true, indexBits: true }).shape,
      ...patternFields('added'),
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
  cells: z.array(layerFormat).describe('states of layers that keep one'),
  values: z.array(layerFormat).describe('what the layers write'),
  calibration: z.strictObject({
    file: z.string().nullable().describe('null for noise'),
    noise: z.number().nullable().describe('standard deviation; null for a file'),
    frames: count,
    utterances: count,
    axes: z.string().describe('which axis of the frames is which, with their lengths'),
    saturations,
    layers: z.array(layerSaturations),
  }),
  accumulators: z.strictObject({
    bits: count.describe('of an accumulator of the MAC array'),
    sums: z.array(sum),
  }),
  wordSearch: wordSearch.nullable().describe('with --words auto'),
  outputError,
  correct: z
    .strictObject({ utterances: count, float: count, quantised: count })
    .nullable()
    .describe('utterances decided as labelled; null without labels'),
  selection: z
    .strictObject({
      by: z.enum(['random', 'magnitude']),
      sharing,
      seed: count.nullable().describe('of a random choice'),
      loss: pruningLoss,
    })
    .nullable()
    .describe('with --select: the float network with the pattern against the one without'),
  patternSearch: patternSearch.nullable().describe('with --search'),
  tables,
  tableErrors: z.strictObject({ sigmoid: z.number(), tanh: z.number() }),
  leftOut,
  notes: z.array(z.string()),
  warnings: z
    .array(z.string())
    .describe('an output error above 5 %, and what makes it smaller, as measured'),
});
