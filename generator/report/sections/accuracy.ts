import type { ReportInput } from '../input.js';
import { confusionPicture } from '../pictures/confusion.js';
import { PAGE } from '../pictures/picture.js';
import { percent, type Section, section } from './section.js';

/** How many utterances are decided as labelled, by class. */
export function accuracySection({ measured }: ReportInput): Section {
  const accuracy = measured?.values.accuracy ?? null;
  if (accuracy === null || measured === null) {
    return section('accuracy', 'Accuracy', {
      missing: ['Not measured: --frames FILE with --labels FILE.'],
    });
  }
  const { correct, utterances, floatCorrect, confusion } = accuracy;
  return section('accuracy', 'Accuracy', {
    text: [
      `${correct} of ${utterances} utterances of ${measured.file} are decided as labelled: ${percent(correct / utterances)}, by the bit-exact golden model.`,
      ...(floatCorrect === null
        ? []
        : [`The float network: ${floatCorrect}, ${percent(floatCorrect / utterances)}.`]),
    ],
    pictures: [confusionPicture(confusion, PAGE)],
    tables: [
      {
        caption: 'By class',
        head: ['class', 'utterances', 'right', 'share'],
        rows: confusion.classes.map(({ class: own, utterances: all, correct: right }) => [
          own,
          all,
          right,
          all === 0 ? '-' : percent(right / all),
        ]),
      },
    ],
  });
}
