import type { OutputError } from '../../golden/against-float.js';
import type { CellKind } from '../../network/cells/registry.js';
import type { MatrixFit } from '../../network/compress/patterns.js';
import { inOrder, type LayerMatrices } from '../../network/float/layer-matrices.js';
import { patternKind } from '../../sparsity/kind-of.js';
import type { Pattern } from '../../sparsity/registry.js';
import { leftOutLines } from '../text/left-out-text.js';
import { selectionLines } from '../text/selection-text.js';
import { tableRangeText } from '../text/tables-text.js';
import { textTable } from '../text/text-table.js';
import { weightsWord } from '../text/weights-text.js';
import { wordSearchLines } from './auto-words.js';
import type { CompressionReport } from './compress-report.js';
import { patternSearchLines } from './search-report.js';

/** The report of `compress` for a person. */
export function compressionLines(
  report: CompressionReport,
  fits: readonly LayerMatrices<MatrixFit>[],
  cells: readonly CellKind[],
): readonly string[] {
  const { calibration } = report;
  return [
    ...patternTable(report, fits),
    '',
    ...tensorTable(report),
    'value = code / 2^fraction; errors against float, in the unit of the tensor',
    '',
    ...saturationTable(report),
    `clamped on ${calibration.frames} frames: gate sums, and c for tanh, beyond ${tableRangeText(report.tables)}, where the tables end; c beyond its range; h = 1`,
    '',
    ...sumTable(report),
    `any weights: the worst case of the shape, which hardware holds; seen: on the frames; the MAC array accumulates in ${report.accumulators.bits} bits`,
    '',
    ...endLines(report, cells),
  ];
}

/** The same in a few lines. */
export function compressionSummary(
  report: CompressionReport,
  fits: readonly LayerMatrices<MatrixFit>[],
  cells: readonly CellKind[],
): readonly string[] {
  return [...patternTable(report, fits), '', ...endLines(report, cells)];
}

function endLines(report: CompressionReport, cells: readonly CellKind[]): readonly string[] {
  const word = weightsWord(cells);
  const { calibration, tableErrors, leftOut, notes } = report;
  const ratio = (report.weights / Math.max(1, report.keptWeights)).toFixed(2);
  return [
    `calibrated on ${calibration.file ?? 'noise'}: ${calibration.axes}`,
    errorLine(report.outputError, report.wordSearch?.heldOut.frames ?? calibration.frames),
    ...(report.wordSearch === null ? [] : wordSearchLines(report.wordSearch)),
    ...accuracyLine(report),
    ...(report.selection === null ? [] : selectionLines(report.selection, report.patterns, word)),
    ...(report.patternSearch === null ? [] : patternSearchLines(report.patternSearch)),
    `tables: largest error ${small(tableErrors.sigmoid)} (sigmoid), ${small(tableErrors.tanh)} (tanh)`,
    ...leftOutLines(leftOut).map((line) => `not part of the hardware: ${line}`),
    ...notes.map((note) => `note: ${note}`),
    `${report.file ?? 'not written'}: ${report.keptWeights} of ${report.weights} ${word} kept (${ratio} x), ${report.bytes} bytes`,
  ];
}

function patternTable(
  { patterns }: CompressionReport,
  fits: readonly LayerMatrices<MatrixFit>[],
): readonly string[] {
  const matrices = inOrder(fits);
  return textTable([
    ['matrix', 'pattern', 'kept', 'of', 'gates', 'filled blocks'],
    ...patterns.map(({ name, kept, weights, sharing }, i) => {
      const { patterns, added } = matrices[i] as MatrixFit;
      const pattern = patterns[0] as Pattern;
      const text = patternKind(pattern).report.short(pattern);
      return [name, text, kept, weights, sharing, added.text];
    }),
  ]);
}

function tensorTable({ tensors, cells, values }: CompressionReport): readonly string[] {
  return textTable([
    [
      'tensor',
      'bits',
      'fraction',
      'range',
      'non-zero',
      'saturated',
      'largest error',
      'r.m.s. error',
    ],
    ...tensors.map(({ name, bits, fraction, values, saturated, maxError, rmsError }) => [
      name,
      bits,
      fraction,
      rangeText(bits, fraction),
      values,
      saturated,
      small(maxError),
      small(rmsError),
    ]),
    ...cells.map(({ layer, bits, fraction }) => [
      `state of layer ${layer}`,
      bits,
      fraction,
      rangeText(bits, fraction),
    ]),
    ...values.map(({ layer, bits, fraction }) => [
      `h of layer ${layer}`,
      bits,
      fraction,
      rangeText(bits, fraction),
    ]),
  ]);
}

function saturationTable({ calibration }: CompressionReport): readonly string[] {
  return textTable([
    ['saturated', 'gate sums', 'of', 'c', 'c for tanh', 'h', 'of'],
    ...calibration.layers.map(({ layer, gateSums, cells, gateInput, cellInput, cell, hidden }) => [
      `layer ${layer}`,
      counted(gateInput, gateSums),
      gateSums,
      counted(cell, cells),
      counted(cellInput, cells),
      counted(hidden, cells),
      cells,
    ]),
  ]);
}

function sumTable({ accumulators }: CompressionReport): readonly string[] {
  const names = { x: 'Wx x', h: 'Wh h', aligned: 'both and bias' };
  const outputNames = { ...names, x: 'W h', aligned: 'W h and bias' };
  return textTable([
    ['bits of sums', 'any weights', 'these weights', 'margin', 'seen'],
    ...accumulators.sums.map(({ layer, sum, bits, neededBits, margin, largestBits }) => [
      layer === null ? `output ${outputNames[sum]}` : `layer ${layer} ${names[sum]}`,
      bits,
      neededBits,
      margin,
      largestBits,
    ]),
  ]);
}

function errorLine(error: OutputError, frames: number): string {
  const { rms, largest, referenceRms, relativeRms, relativeLargest } = error;
  const share = (value: number | null) => (value === null ? '' : ` (${percent(value)})`);
  return [
    `outputs against float on ${frames} frames: r.m.s. error ${small(rms)}${share(relativeRms)}`,
    `largest ${small(largest)}${share(relativeLargest)}`,
    `r.m.s. of the float outputs ${small(referenceRms)}`,
  ].join(', ');
}

function accuracyLine({ correct }: CompressionReport): readonly string[] {
  if (correct === null) return [];
  const { utterances, float, quantised } = correct;
  const share = (count: number) => `${count} (${percent(count / utterances)})`;
  return [
    `accuracy on ${utterances} utterances: float ${share(float)}, quantised ${share(quantised)}`,
  ];
}

/** `[-8, 8)`: what a word holds, its last code below the upper end. */
function rangeText(bits: number, fraction: number): string {
  const limit = 2 ** (bits - 1 - fraction);
  const text = String(limit).length > 8 ? limit.toPrecision(4) : String(limit);
  return `[-${text}, ${text})`;
}

/** A count with its share where there is one. */
function counted(count: number, of: number): string {
  return count === 0 ? '0' : `${count} (${percent(count / of)})`;
}

function percent(share: number): string {
  const value = 100 * share;
  return `${value === 0 || value >= 10 ? value.toFixed(1) : value.toPrecision(2)} %`;
}

function small(value: number): string {
  return value === 0 ? '0' : value.toPrecision(3);
}
