import { readerBeside } from '../../base/beside.js';
import { UserError } from '../../base/errors.js';
import { shellWord } from '../../base/printable.js';
import { importNetwork } from '../../network/import/import.js';
import type { Imported } from '../../network/import/imported.js';
import { type ImportValues, importValues } from '../options/import-options.js';
import { checkImportedLabels } from './classes.js';

/** What the user says about a network, and the frames and answers that it is tried with. */
interface Given extends ImportValues {
  readonly calibrate?: string | undefined;
  readonly labels?: string | undefined;
}

/**
 * A trained network and what is said about its file. Frames are refused where the file computes something before its
 * first layer and nobody says that they were recorded behind it; labels where the head is left out.
 * @throws UserError FRAMES_UNSETTLED, LABELS_WITHOUT_HEAD or what the importer throws.
 */
export function readNetwork(bytes: Uint8Array, file: string, given: Given): Imported {
  const beside = readerBeside(file);
  const imported = importNetwork(bytes, file, { ...importValues(given), beside });
  checkFrames(imported, file, given);
  checkImportedLabels(imported, file, given.labels);
  return imported;
}

/** @throws UserError FRAMES_UNSETTLED where `calibrate`, as errors call the frames, may be another value than the model reads */
export function checkFrames(
  { frames }: Imported,
  file: string,
  { calibrate }: Pick<Given, 'calibrate'>,
): void {
  if (calibrate === undefined || !frames?.behind || frames.said) return;
  const { name, behind } = frames;
  const expected = `frames recorded behind ${behind}, and --map ${shellWord(`frames=${name}`)}, which says so`;
  const got = `${calibrate}, which may be the input of the network`;
  throw new UserError({
    code: 'FRAMES_UNSETTLED',
    message: `${file}: expected ${expected}, got ${got}: ${behind} stands before the first layer and is left out`,
    file,
    field: '--calibrate',
    expected,
    got,
  });
}
