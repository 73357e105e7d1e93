import type { PruningLoss } from '../../golden/pruning-loss.js';
import type { PatternReport } from '../../network/compress/compress.js';
import type { Selection } from '../../network/select/select.js';

/** A pattern that was chosen here, and what it does to the float network: a part of the JSON object. */
export interface SelectionReport {
  readonly by: Selection['by'];
  readonly sharing: Selection['sharing'];
  /** Of a random choice, else null. */
  readonly seed: number | null;
  readonly loss: PruningLoss;
}

export function selectionReport(
  { by, sharing, seed }: Selection,
  loss: PruningLoss,
): SelectionReport {
  return { by, sharing, seed: by === 'random' ? seed : null, loss };
}

/** The same in a line of a model's provenance; sizes and counts are in the model. */
export function selectionLine({ by, sharing, seed }: Selection): string {
  return `${by === 'random' ? `random, seed ${seed}` : 'mean magnitude'}, ${sharing}`;
}

/** The same for a person. */
export function selectionLines(
  { by, seed, loss }: SelectionReport,
  patterns: readonly PatternReport[],
  word: string,
): readonly string[] {
  const { error, sameDecisions, correct, utterances } = loss;
  const sum = (key: 'kept' | 'weights' | 'indexBits') =>
    patterns.reduce((total, pattern) => total + pattern[key], 0);
  const how = by === 'random' ? `at random, seed ${seed}` : 'by magnitude';
  const share = error.relativeRms === null ? '' : ` (${(100 * error.relativeRms).toFixed(1)} %)`;
  return [
    `pattern chosen ${how}: ${sum('kept')} of ${sum('weights')} ${word} kept, ${sum('indexBits')} index bits`,
    [
      `float outputs with the pattern against those without: r.m.s. error ${error.rms.toPrecision(3)}${share}`,
      `largest ${error.largest.toPrecision(3)}`,
      ...(sameDecisions === null ? [] : [`${sameDecisions} of ${utterances} decisions the same`]),
      ...(correct === null
        ? []
        : [`correct ${correct.pruned} instead of ${correct.whole} of ${utterances}`]),
    ].join(', '),
    'pruned without retraining, a network loses accuracy: retrain it with these zeros, or keep more blocks',
  ];
}
