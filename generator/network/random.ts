import { UserError, unexpected } from '../base/errors.js';
import { Random } from '../base/random.js';
import { atOnce, type Steps } from '../base/steps.js';
import { patternKind } from '../sparsity/kind-of.js';
import {
  CELLS,
  channelsIn,
  gatesIn,
  LAYER_CELLS,
  type LayerCell,
  OUTPUT_CELL,
  USUAL_CELL,
} from './cells/registry.js';
import { checkModel } from './compressed/check.js';
import { checkWordLengths } from './limits.js';
import type { InitialState, Model, SparseMatrix, WordLengths } from './model.js';
import {
  deviation,
  drawMatrix,
  exponents,
  nearestPower,
  type RandomPattern,
  uniformCodes,
} from './random-draw.js';
import { type Below, downTo, drawRead } from './random-read.js';
import { resetBefore } from './reset-before.js';
import { type StackLayer, stackedPasses } from './stack.js';
import { tablesFor } from './tables.js';
import { hiddenFraction } from './words.js';

export type { RandomPattern } from './random-draw.js';

/** Kinds of layers that are drawn: those of the cells, a GRU with the reset before the product, a linear layer without values below zero. */
export const DRAWN_CELLS = [...LAYER_CELLS, 'gru-before', 'gru-relu-before', 'dense-relu'] as const;
export type DrawnCell = (typeof DRAWN_CELLS)[number];

export interface RandomOptions {
  /** Cell of the layers, one for all or one for each; default: USUAL_CELL. */
  readonly cell?: DrawnCell | readonly DrawnCell[] | undefined;
  readonly inputs: number;
  /** Cells of each layer. */
  readonly hidden: readonly number[];
  /** Values that h of each LSTM layer is projected to, one for all or one for each; absent or 0: it is not. */
  readonly projection?: readonly number[] | undefined;
  /**
   * Recurrent layers run in both directions, and what is behind them reads both: side by side, or their sum, by a matrix of two
   * equal halves. Absent: they run forward.
   */
  readonly bidirectional?: 'concat' | 'sum' | undefined;
  /** One entry for all layers, or one per layer. */
  readonly patterns: readonly RandomPattern[];
  readonly sharing: SparseMatrix['sharing'];
  /** Every layer starts an utterance with a state drawn at random, and a bias of its own. */
  readonly initialState?: boolean;
  /** Outputs of the fully connected layer; 0 = none. */
  readonly outputs: number;
  readonly words: WordLengths;
  /** Fraction bits of a value of the activation tables; default 12. */
  readonly tableBits?: number | undefined;
  readonly seed: number;
}

/** The cells of those that are drawn under a name of their own. */
const CELL_OF: Partial<Record<DrawnCell, LayerCell>> = {
  'gru-before': 'gru',
  'gru-relu-before': 'gru-relu',
  'dense-relu': 'dense-linear',
};

/** Standard deviation of gate sums that scales aim at, and what they assume of x and h. */
const SUM_DEVIATION = 2;
const UNIFORM_RMS = 1 / Math.sqrt(3);
const HIDDEN_RMS = 0.3;
/** c in [-2, 2): a few cells of a network with these sums saturate. */
const CELL_INTEGER_BITS = 1;
/** The state of a GRU with a ReLU in [-8, 8): it is that of its sums, some of which are beyond. */
const RELU_INTEGER_BITS = 3;
const integerBits = (cell: LayerCell) =>
  cell === 'gru-relu' ? RELU_INTEGER_BITS : CELL_INTEGER_BITS;
/** Values of a linear layer in [-4, 4). */
const LINEAR_INTEGER_BITS = 2;

/**
 * A network of a given shape: patterns drawn at random, codes uniform over all weight codes wherever the
 * pattern keeps one, biases uniform in [-1, 1), x in [-1, 1), scales such that gate sums have a standard deviation near
 * 2 and some values saturate. The same options give the same model.
 * @throws UserError RANDOM_SHAPE, or the codes of `checkModel`.
 */
export function randomModel(options: RandomOptions): Model {
  return atOnce(randomModelSteps(options));
}

/** The same, row by row. */
export function* randomModelSteps(options: RandomOptions): Steps<Model> {
  const { inputs, hidden, patterns, outputs, words, seed } = options;
  checkWordLengths(words, undefined, (word) => `--${word}-bits`);
  if (patterns.length !== 1 && patterns.length !== hidden.length) {
    const expected = `1 or ${hidden.length}`;
    const spec = patterns.find((pattern) => pattern !== null);
    const field = spec === undefined ? '--hidden' : patternKind(spec).parse.options[0];
    const message = `${field}: expected ${expected} lists, got ${patterns.length}`;
    const report = { code: 'RANDOM_SHAPE', message, field, expected };
    throw new UserError({ ...report, got: patterns.length });
  }
  const random = new Random(seed);
  checkDirections(options);
  const layers: StackLayer[] = [];
  let below: Below = { layers: [-1], length: inputs };
  for (const l of hidden.keys()) {
    const read = below;
    const written: number[] = [];
    let length = 0;
    for (const direction of directionsOf(options, l)) {
      const place = { read, at: layers.length, direction };
      const drawn = yield* drawLayer(options, l, place, random);
      layers.push(...drawn);
      length += drawn.at(-1)?.rows as number;
      written.push(layers.length - 1);
    }
    below = { layers: written, length };
  }
  if (outputs !== 0) layers.push(yield* randomOutput(below, layers.length, options, random));
  const model: Model = {
    words,
    input: { length: inputs, fraction: hiddenFraction(words) },
    passes: stackedPasses(layers),
    tables: tablesFor(options.tableBits),
    provenance: { source: 'random', seed: String(seed) },
  };
  checkModel(model);
  return model;
}

/** Where a layer stands in the stack, and which way it runs. */
interface Place {
  readonly read: Below;
  readonly at: number;
  readonly direction: 'backward' | undefined;
}

/** The ways that a layer runs: what keeps nothing from step to step has one. */
function directionsOf(options: RandomOptions, l: number): readonly Place['direction'][] {
  const both = options.bidirectional !== undefined && isRecurrent(cellOfLayer(options, l));
  return both ? [undefined, 'backward'] : [undefined];
}

const isRecurrent = (drawn: DrawnCell) =>
  CELLS[CELL_OF[drawn] ?? (drawn as LayerCell)].operands === 2;

/** @throws UserError RANDOM_SHAPE where nothing runs in both directions, or nothing puts both together. */
function checkDirections(options: RandomOptions): void {
  const { bidirectional, hidden, outputs } = options;
  if (bidirectional === undefined) return;
  const field = `--bidirectional ${bidirectional}`;
  const both = [...hidden.keys()].map((l) => directionsOf(options, l).length === 2);
  if (!both.includes(true)) {
    const expected = 'a recurrent layer';
    throw unexpected({ code: 'RANDOM_SHAPE', field, expected, got: 'none' });
  }
  if (outputs > 0 || both.at(-1) === false) return;
  const expected =
    'a layer behind both directions of the last one, as outputs of two directions need it (--outputs, or a fully connected last layer)';
  throw unexpected({ code: 'RANDOM_SHAPE', field, expected, got: 'none' });
}

/** The passes of layer `l` in one direction. */
function* drawLayer(
  options: RandomOptions,
  l: number,
  { read, at, direction }: Place,
  random: Random,
): Steps<readonly StackLayer[]> {
  const { hidden, patterns, words, initialState = false } = options;
  const cells = hidden[l] as number;
  const pattern = patterns[patterns.length === 1 ? 0 : l] as RandomPattern;
  const projected = projectionOf(options, l);
  const drawn = cellOfLayer(options, l);
  const cell = CELL_OF[drawn] ?? (drawn as LayerCell);
  const before = drawn === 'gru-before' || drawn === 'gru-relu-before';
  const channels = before ? gatesIn(cell) : channelsIn(cell);
  const shape = { ...options, gates: gatesIn(cell) };
  const x = yield* drawRead(cells, read, pattern, shape, random);
  const ofX = deviation(x, words, l === 0 ? UNIFORM_RMS : HIDDEN_RMS);
  const recurrent = isRecurrent(drawn);
  const h = recurrent ? yield* drawMatrix(cells, projected || cells, pattern, shape, random) : null;
  const target = Math.sqrt(SUM_DEVIATION ** 2 - UNIFORM_RMS ** 2);
  const [ex, eh] =
    h === null
      ? [nearestPower(ofX / target), 0]
      : exponents([ofX, deviation(h, words, HIDDEN_RMS)], target);
  const bias = uniformCodes(channels * cells, words.bias, random);
  const layer: StackLayer = {
    cell,
    rows: cells,
    x: { ...x, exponent: ex },
    h: h && { ...h, exponent: eh },
    down: downTo(read, at),
    ...(projected > 0 && { loop: 1 }),
    bias,
    biasFraction: words.bias - 1,
    stateFraction: CELLS[cell].state === null ? null : words.cell - 1 - integerBits(cell),
    ...(CELLS[cell].valueFraction === 'own' && {
      valueFraction: words.activation - 1 - LINEAR_INTEGER_BITS,
    }),
    ...(drawn === 'dense-relu' && { range: { low: 0, high: 2 ** (words.activation - 1) - 1 } }),
    ...(initialState &&
      recurrent && {
        initial: randomInitial(cell, bias, cells, words, random),
      }),
    ...(direction && { direction }),
  };
  if (before && layer.h) return resetBefore({ ...layer, h: layer.h });
  if (projected === 0) return [layer];
  const projection = yield* randomProjection(cells, projected, pattern, options, random);
  return [layer, { ...projection, ...(direction && { direction }) }];
}

/** @throws UserError RANDOM_SHAPE where there is neither one width nor one for each layer, or for a layer that is no LSTM. */
function projectionOf(options: RandomOptions, l: number): number {
  const { projection = [0], hidden } = options;
  const own = projection[projection.length === 1 ? 0 : l];
  const field = '--projection';
  if (own === undefined || (projection.length !== 1 && projection.length !== hidden.length)) {
    const expected = `1 or ${hidden.length} widths`;
    throw unexpected({ code: 'RANDOM_SHAPE', field, expected, got: projection.length });
  }
  const cell = cellOfLayer(options, l);
  if (own > 0 && cell !== 'lstm') {
    throw unexpected({ code: 'RANDOM_SHAPE', field, expected: `0 for ${cell}`, got: own });
  }
  return own;
}

/** What projects h of a layer: linear, without biases. */
function* randomProjection(
  cells: number,
  rows: number,
  pattern: RandomPattern,
  options: RandomOptions,
  random: Random,
): Steps<StackLayer> {
  const { words } = options;
  const weights = yield* drawMatrix(rows, cells, pattern, { ...options, gates: 1 }, random);
  return {
    ...{ cell: 'dense-linear', rows, h: null, stateFraction: null },
    x: { ...weights, exponent: nearestPower(deviation(weights, words, HIDDEN_RMS) / HIDDEN_RMS) },
    ...{ bias: new Int32Array(rows), biasFraction: words.bias - 1 },
    valueFraction: words.activation - 2,
  };
}

/** @throws UserError RANDOM_SHAPE where there is neither one cell nor one for each layer. */
function cellOfLayer({ cell = USUAL_CELL, hidden }: RandomOptions, l: number): DrawnCell {
  const cells = typeof cell === 'string' ? [cell] : cell;
  const own = cells[cells.length === 1 ? 0 : l];
  if (own !== undefined && (cells.length === 1 || cells.length === hidden.length)) return own;
  const expected = `1 or ${hidden.length} cells`;
  throw unexpected({ code: 'RANDOM_SHAPE', field: '--cell', expected, got: cells.length });
}

function randomInitial(
  cell: LayerCell,
  usual: Int32Array,
  cells: number,
  words: WordLengths,
  random: Random,
): InitialState {
  const bias = uniformCodes(usual.length, words.bias, random);
  CELLS[cell].channels.forEach(({ operands }, n) => {
    // a weight inside of the cell is the same in every frame
    const own = usual.subarray(n * cells, (n + 1) * cells);
    if (operands === 'none') bias.set(own, n * cells);
  });
  const kept = CELLS[cell].state !== null;
  return { bias, state: kept ? uniformCodes(cells, words.cell, random) : null };
}

function* randomOutput(
  read: Below,
  at: number,
  options: RandomOptions,
  random: Random,
): Steps<StackLayer> {
  const { outputs, words } = options;
  const weights = yield* drawRead(outputs, read, null, { ...options, gates: 1 }, random);
  const exponent = nearestPower(deviation(weights, words, HIDDEN_RMS) / SUM_DEVIATION);
  return {
    cell: OUTPUT_CELL,
    rows: outputs,
    x: { ...weights, exponent },
    h: null,
    down: downTo(read, at),
    bias: uniformCodes(outputs, words.bias, random),
    biasFraction: words.bias - 1,
    stateFraction: null,
  };
}
