import { type Confusion, confusionOf } from '../../golden/confusion.js';
import { correctDecisions } from '../../golden/run.js';
import { textTable } from '../text/text-table.js';

/** What a run decided, and how that compares with the labels. */
export interface Decided {
  /** Class of each utterance. */
  readonly decisions: readonly number[];
  /** Null without labels, all of them. */
  readonly correct: number | null;
  readonly accuracy: number | null;
  readonly classes: Confusion['classes'] | null;
  readonly confusion: Confusion['matrix'] | null;
}

/** `classes`: outputs of the network. */
export function decidedOf(
  decisions: Int32Array,
  labels: Int32Array | null,
  classes: number,
): Decided {
  const base = { decisions: [...decisions] };
  if (labels === null)
    return { ...base, correct: null, accuracy: null, classes: null, confusion: null };
  const correct = correctDecisions(decisions, labels);
  const counted = confusionOf(decisions, labels, classes);
  return {
    ...base,
    correct,
    accuracy: correct / decisions.length,
    classes: counted.classes,
    confusion: counted.matrix,
  };
}

/** Accuracy in a line. */
export function accuracyLines({ correct, accuracy, decisions }: Decided): readonly string[] {
  if (correct === null || accuracy === null) return [];
  return [`accuracy: ${correct} of ${decisions.length} (${(100 * accuracy).toFixed(1)} %)`];
}

/** The classes one by one, and what they were taken for. */
export function confusionLines({ classes, confusion }: Decided): readonly string[] {
  if (classes === null || confusion === null) return [];
  const all = classes.map((one) => String(one.class));
  return [
    '',
    'utterances of each class (rows) by the class decided (columns)',
    ...textTable([
      ['class', ...all, 'of', 'right'],
      ...classes.map(({ class: own, utterances, correct }) => [
        own,
        ...(confusion[own] as readonly number[]),
        utterances,
        utterances === 0 ? '-' : `${((100 * correct) / utterances).toFixed(1)} %`,
      ]),
    ]),
  ];
}
