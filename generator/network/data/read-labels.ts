import { unexpected } from '../../base/errors.js';
import { type LabelsOptions, labelsOf } from './labels.js';
import { entryOf, type ListKind, readNumbers, shown } from './number-list.js';

const NAMED =
  '{"classes": [...], "labels": [...]} in a .json file, which says the number of each name';

/**
 * Reads the class of each utterance of `frames`: an array, CSV or JSON, there also by the names of classes.
 * @throws UserError as `readNumbers` and `labelsOf`; LABELS_NAMES
 */
export async function readLabels(
  file: string,
  frames: LabelsOptions['frames'],
  classes: number,
): Promise<Int32Array> {
  const array = await readNumbers(file, labelKind(classes, file));
  return labelsOf(array, { frames, classes, file });
}

/** How labels are written. */
export function labelKind(classes: number, file: string): ListKind {
  return {
    what: 'labels',
    names: ['labels', 'label', 'class'],
    words: `names of classes need ${NAMED}`,
    numbered: (list, object) => numbered(list, object, classes, file),
  };
}

/** Labels with the number of a class in the place of its name. */
function numbered(
  list: readonly unknown[],
  object: unknown,
  classes: number,
  file: string,
): readonly unknown[] {
  const refused = (field: string, expected: string, got: string) =>
    unexpected({ code: 'LABELS_NAMES', file, field, expected, got });
  const named = list.find((label) => typeof label === 'string');
  const names = entryOf(object, ['classes']);
  if (names === undefined) {
    if (named === undefined) return list;
    throw refused('labels', `numbers, or ${NAMED}`, shown(named));
  }
  const words = Array.isArray(names) && names.every((name) => typeof name === 'string');
  if (!words || names.length !== classes || new Set(names).size !== classes) {
    const expected = `${classes} different names, one for each output of the network`;
    throw refused(
      'classes',
      expected,
      Array.isArray(names) ? `${names.length}: ${shown(names)}` : shown(names),
    );
  }
  if (named === undefined) return list;
  const numbers = new Map((names as string[]).map((name, i) => [name, i]));
  return list.map((label, u) => {
    const number = numbers.get(label as string);
    if (number === undefined) throw refused(`labels[${u}]`, 'a name of classes', shown(label));
    return number;
  });
}
