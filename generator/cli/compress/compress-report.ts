import type { AgainstFloat, Correct, OutputError } from '../../golden/against-float.js';
import type { Saturations } from '../../golden/network.js';
import { accumulatorBits, type SumMargin, sumMargins } from '../../golden/sum-margins.js';
import { cellOf } from '../../network/cells/registry.js';
import type { PatternReport } from '../../network/compress/compress.js';
import type { TensorReport } from '../../network/compress/quantise.js';
import type { LeftOut } from '../../network/import/imported.js';
import type { Model, TableScheme, WordLengths } from '../../network/model.js';
import { layersOf, programOf } from '../../network/program.js';
import type { TableFunctions } from '../../network/table-functions.js';
import { tableErrors } from '../../network/tables.js';
import { framesIn } from '../../network/utterances.js';
import type { CalibrationInput } from '../options/calibration-options.js';
import type { SelectionReport } from '../text/selection-text.js';
import type { WordSearchReport } from './auto-words.js';
import type { PatternSearchReport } from './search-report.js';

/** What one layer clamped while the golden model ran on the calibration frames. */
export interface LayerSaturations extends Saturations {
  readonly layer: number;
  /** Gate sums that were computed, and cell states (and as many h). */
  readonly gateSums: number;
  readonly cells: number;
}

/** Format of the values of a layer. */
interface LayerFormat {
  readonly layer: number;
  readonly bits: number;
  readonly fraction: number;
}

/** What `compress` reports: the JSON object, and the source of the text. */
export interface CompressionReport {
  /** Null where nothing was written, because no words meet the target. */
  readonly file: string | null;
  readonly bytes: number;
  readonly words: WordLengths;
  readonly inputFraction: number;
  /** Recurrent weights, dense and kept. */
  readonly weights: number;
  readonly keptWeights: number;
  readonly patterns: readonly PatternReport[];
  readonly tensors: readonly TensorReport[];
  /** Formats of the states, and of what the layers write. */
  readonly cells: readonly LayerFormat[];
  readonly values: readonly LayerFormat[];
  /** The quantised network on the calibration frames. */
  readonly calibration: {
    /** File of the frames, or null where they are noise, and the standard deviation of the noise. */
    readonly file: string | null;
    readonly noise: number | null;
    readonly frames: number;
    readonly utterances: number;
    /** Which axis of the frames is which. */
    readonly axes: string;
    /** Of all layers together. */
    readonly saturations: Readonly<Record<string, number>>;
    readonly layers: readonly LayerSaturations[];
  };
  readonly accumulators: {
    /** Bits of every accumulator of the MAC array of a design for this model. */
    readonly bits: number;
    readonly sums: readonly SumMargin[];
  };
  /** What a search for word lengths found; null where they were given. */
  readonly wordSearch: WordSearchReport | null;
  /**
   * Outputs of the quantised network against those of the float network, on the calibration frames; where words were
   * searched for, on those that chose no formats.
   */
  readonly outputError: OutputError;
  /** Utterances decided as labelled; null without labels. */
  readonly correct: Correct | null;
  /** A pattern that was chosen here; null where the zeros say it. */
  readonly selection: SelectionReport | null;
  /** What a search for patterns found; null where there was none. */
  readonly patternSearch: PatternSearchReport | null;
  /** How the tables are cut. */
  readonly tables: TableScheme;
  /** Largest difference of the tables from the real functions. */
  readonly tableErrors: { readonly sigmoid: number; readonly tanh: number };
  /** Everything in the source file that is not part of the model. */
  readonly leftOut: readonly LeftOut[];
  /** What else the user has to know, a sentence each. */
  readonly notes: readonly string[];
  /** What nobody should miss, a sentence each. */
  readonly warnings: readonly string[];
}

export interface CompressionFacts {
  readonly file: string | null;
  readonly bytes: number;
  readonly wordSearch: WordSearchReport | null;
  readonly model: Model;
  readonly patterns: readonly PatternReport[];
  /** What its tables hold; absent: sigmoid and tanh. */
  readonly functions: TableFunctions | undefined;
  readonly tensors: readonly TensorReport[];
  readonly calibration: CalibrationInput;
  /** With the largest sums. */
  readonly against: AgainstFloat;
  readonly selection: SelectionReport | null;
  readonly patternSearch: PatternSearchReport | null;
  readonly leftOut: readonly LeftOut[];
  readonly notes: readonly string[];
  readonly warnings: readonly string[];
}

export function compressionReport(facts: CompressionFacts): CompressionReport {
  const { model, patterns, tensors, calibration, against } = facts;
  const { frames, golden } = against;
  const program = programOf(model);
  const layers = layersOf(program);
  const sums = sumMargins(model, against.peaks ?? []);
  const total = framesIn(frames);
  return {
    file: facts.file,
    bytes: facts.bytes,
    words: model.words,
    inputFraction: program.input.fraction,
    weights: patterns.reduce((sum, pattern) => sum + pattern.weights, 0),
    keptWeights: patterns.reduce((sum, pattern) => sum + pattern.kept, 0),
    patterns,
    tensors,
    cells: layers.flatMap(({ stateFraction }, layer) =>
      stateFraction === null ? [] : [{ layer, bits: model.words.cell, fraction: stateFraction }],
    ),
    values: layers.map(({ writes }, layer) => ({
      layer,
      bits: model.words.activation,
      fraction: writes.fraction,
    })),
    calibration: {
      file: calibration.file,
      noise: calibration.noise,
      frames: total,
      utterances: frames.lengths.length,
      axes: calibration.axes,
      saturations: { input: frames.saturated, ...golden.saturations },
      layers: layers.map(({ cell, rows }, layer) => ({
        layer,
        gateSums: cellOf(cell).channels.length * rows * total,
        cells: rows * total,
        ...(golden.layerSaturations[layer] as Saturations),
      })),
    },
    accumulators: { bits: accumulatorBits(sums), sums },
    wordSearch: facts.wordSearch,
    outputError: against.error,
    correct: against.correct,
    selection: facts.selection,
    patternSearch: facts.patternSearch,
    tables: model.tables.scheme,
    tableErrors: tableErrors(model.tables, facts.functions),
    leftOut: facts.leftOut,
    notes: [...facts.notes, ...noiseNote(calibration)],
    warnings: facts.warnings,
  };
}

function noiseNote({ noise }: CalibrationInput): readonly string[] {
  if (noise === null) return [];
  return [
    `the formats of x and c come from noise with standard deviation ${noise}, not from frames of yours: they may clip on real data`,
  ];
}
