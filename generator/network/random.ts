import { UserError, unexpected } from '../base/errors.js';
import { Random } from '../base/random.js';
import { atOnce, type Steps } from '../base/steps.js';
import { densePattern } from '../sparsity/dense.js';
import { patternKind } from '../sparsity/kind-of.js';
import type { Pattern, PatternSpec } from '../sparsity/registry.js';
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
import { checkWordLengths, MAX_CODES } from './limits.js';
import type { InitialState, Model, SparseMatrix, WordLengths } from './model.js';
import { resetBefore } from './reset-before.js';
import { type StackLayer, stackedPasses } from './stack.js';
import { tablesFor } from './tables.js';
import { hiddenFraction } from './words.js';

/** What is drawn for one layer, both sides; null: every weight is kept. */
export type RandomPattern = PatternSpec | null;

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
  const { inputs, hidden, patterns, outputs, words, seed, initialState = false } = options;
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
  const layers: StackLayer[] = [];
  let below = inputs;
  for (const [l, cells] of hidden.entries()) {
    const pattern = patterns[patterns.length === 1 ? 0 : l] as RandomPattern;
    const projected = projectionOf(options, l);
    const width = projected || cells;
    const drawn = cellOfLayer(options, l);
    const cell = CELL_OF[drawn] ?? (drawn as LayerCell);
    const before = drawn === 'gru-before' || drawn === 'gru-relu-before';
    const channels = before ? gatesIn(cell) : channelsIn(cell);
    const shape = { ...options, gates: gatesIn(cell) };
    const x = yield* drawMatrix(cells, below, pattern, shape, random);
    const ofX = deviation(x, words, l === 0 ? UNIFORM_RMS : HIDDEN_RMS);
    const recurrent = CELLS[cell].operands === 2;
    const h = recurrent ? yield* drawMatrix(cells, width, pattern, shape, random) : null;
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
    };
    layers.push(...(before && layer.h ? resetBefore({ ...layer, h: layer.h }) : [layer]));
    if (projected > 0) {
      layers.push(yield* randomProjection(cells, projected, pattern, options, random));
    }
    below = width;
  }
  if (outputs !== 0) layers.push(yield* randomOutput(below, options, random));
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

function* randomOutput(cells: number, options: RandomOptions, random: Random): Steps<StackLayer> {
  const { outputs, words } = options;
  const weights = yield* drawMatrix(outputs, cells, null, { ...options, gates: 1 }, random);
  const exponent = nearestPower(deviation(weights, words, HIDDEN_RMS) / SUM_DEVIATION);
  return {
    cell: OUTPUT_CELL,
    rows: outputs,
    x: { ...weights, exponent },
    h: null,
    bias: uniformCodes(outputs, words.bias, random),
    biasFraction: words.bias - 1,
    stateFraction: null,
  };
}

type Unscaled = Omit<SparseMatrix, 'exponent'>;

function* drawMatrix(
  rows: number,
  columns: number,
  spec: RandomPattern,
  { sharing, words, gates }: Pick<RandomOptions, 'sharing' | 'words'> & { readonly gates: number },
  random: Random,
): Steps<Unscaled> {
  if (gates * rows * columns > MAX_CODES) {
    const message = `a matrix of ${rows} x ${columns} in ${gates} gates: expected at most ${MAX_CODES} weights`;
    const got = gates * rows * columns;
    throw new UserError({ code: 'RANDOM_SHAPE', message, expected: MAX_CODES, got });
  }
  const own = gates === 1 ? 'shared' : sharing;
  const patterns = Array.from({ length: own === 'shared' ? 1 : gates }, () =>
    spec === null
      ? densePattern({ rows, columns })
      : patternKind(spec).draw({ rows, columns }, spec, random),
  );
  const codes = new Int16Array(gates * rows * columns);
  const half = 2 ** (words.weight - 1);
  for (let gate = 0; gate < gates; gate++) {
    const pattern = patterns[own === 'shared' ? 0 : gate] as Pattern;
    for (let row = 0; row < rows; row++) {
      yield;
      for (const [first, width] of patternKind(pattern).runsOfRow(pattern, row)) {
        for (let column = first; column < Math.min(first + width, columns); column++) {
          codes[(gate * rows + row) * columns + column] = random.between(-half, half - 1);
        }
      }
    }
  }
  return { rows, columns, sharing: own, patterns, codes };
}

/** Standard deviation of a row's sum at exponent 0, codes uniform, inputs of the given r.m.s. value. */
function deviation({ rows, patterns }: Unscaled, { weight }: WordLengths, rms: number): number {
  const pattern = patterns[0] as Pattern;
  const products = patternKind(pattern).counts.existing(pattern) / rows;
  return Math.sqrt(((4 ** weight - 1) / 12) * products) * rms;
}

/** Exponents of both sides whose sum comes nearest to the target and shares it most evenly. */
function exponents(
  [x, h]: readonly [number, number],
  target: number,
): readonly [x: number, h: number] {
  const near = (side: number) => {
    const middle = nearestPower((side * Math.SQRT2) / target);
    return [middle - 1, middle, middle + 1];
  };
  const pairs = near(x).flatMap((ex) => near(h).map((eh) => [ex, eh] as const));
  const cost = ([ex, eh]: readonly [number, number]) => {
    const [sx, sh] = [x * 2 ** -ex, h * 2 ** -eh];
    return Math.abs(Math.log2(Math.hypot(sx, sh) / target)) + 0.1 * Math.abs(Math.log2(sx / sh));
  };
  return pairs.reduce((best, pair) => (cost(pair) < cost(best) ? pair : best));
}

/** n with 2^n nearest to the ratio; never -0, which a file would not give back. */
function nearestPower(ratio: number): number {
  return Math.round(Math.log2(ratio)) + 0;
}

function uniformCodes(length: number, bits: number, random: Random): Int32Array {
  const half = 2 ** (bits - 1);
  return Int32Array.from({ length }, () => random.between(-half, half - 1));
}
