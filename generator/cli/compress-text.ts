import type { PatternReport } from '../network/compress/compress.js';
import type { TensorReport } from '../network/compress/quantise.js';
import type { WordLengths } from '../network/model.js';
import { textTable } from './text-table.js';

/** What `compress` reports: the JSON object, and the source of the text. */
export interface CompressionReport {
  readonly file: string;
  readonly bytes: number;
  readonly words: WordLengths;
  readonly inputFraction: number;
  /** LSTM weights, dense and kept. */
  readonly weights: number;
  readonly keptWeights: number;
  readonly patterns: readonly PatternReport[];
  readonly tensors: readonly TensorReport[];
  readonly cells: readonly {
    readonly layer: number;
    readonly bits: number;
    readonly fraction: number;
  }[];
  /** The quantised network on the calibration frames. */
  readonly calibration: {
    readonly frames: number;
    readonly utterances: number;
    readonly saturations: Readonly<Record<string, number>>;
  };
  /** Largest difference of the tables from the real functions. */
  readonly tableErrors: { readonly sigmoid: number; readonly tanh: number };
}

export function compressionText(report: CompressionReport): string {
  const { patterns, tensors, cells, calibration, tableErrors } = report;
  const saturated = Object.entries(calibration.saturations).map(([kind, n]) => `${kind} ${n}`);
  const ratio = (report.weights / Math.max(1, report.keptWeights)).toFixed(2);
  return [
    textTable([
      ['matrix', 'pattern', 'kept', 'of', 'gates', 'filled blocks'],
      ...patterns.map(({ name, blocks, keep, kept, weights, sharing, filledBlocks }) => [
        name,
        blocks.length === 0 ? 'dense' : `${blocks.join()} keep ${keep.join()}`,
        kept,
        weights,
        sharing,
        filledBlocks.some((count) => count > 0) ? filledBlocks.join() : '-',
      ]),
    ]),
    '',
    textTable([
      ['tensor', 'bits', 'fraction', 'non-zero', 'saturated', 'largest error', 'r.m.s. error'],
      ...tensors.map(({ name, bits, fraction, values, saturated, maxError, rmsError }) => [
        name,
        bits,
        fraction,
        values,
        saturated,
        small(maxError),
        small(rmsError),
      ]),
      ...cells.map(({ layer, bits, fraction }) => [`c of layer ${layer}`, bits, fraction]),
    ]),
    '',
    `calibration: ${calibration.frames} frames, saturated: ${saturated.join(', ')}`,
    `tables: largest error ${small(tableErrors.sigmoid)} (sigmoid), ${small(tableErrors.tanh)} (tanh)`,
    `${report.file}: ${report.keptWeights} of ${report.weights} LSTM weights kept (${ratio} x), ${report.bytes} bytes`,
  ].join('\n');
}

function small(value: number): string {
  return value === 0 ? '0' : value.toPrecision(3);
}
