import { basename } from 'node:path';
import { emitProvenance } from '../../network/emit.js';
import type { FloatModel } from '../../network/float/model.js';
import { emitsLast, type FramesValue, type Imported } from '../../network/import/imported.js';
import { functionsText } from '../../network/table-functions.js';
import { headProvenance } from '../input/classes.js';

/** Where a network came from, and what it was calibrated and pruned with. */
export interface Origin {
  readonly file: string;
  /** Of the bytes of the file. */
  readonly sha256: string;
  /** Frames of the calibration, in a line. */
  readonly calibration: string;
  /** What chose the pattern, in a line; absent: its zeros. */
  readonly selection?: string | undefined;
}

/** The lines about its origin that a compressed model has. */
export function provenanceOf(
  imported: Imported,
  { file, sha256, calibration, selection }: Origin,
): Readonly<Record<string, string>> {
  return {
    source: basename(file),
    sourceSha256: sha256,
    calibration,
    ...headProvenance(imported),
    ...emitProvenance(emitsLast(imported)),
    ...(imported.frames?.behind && { frames: framesLine(imported.frames) }),
    ...(selection !== undefined && { selection }),
    ...functionsLine(imported.model),
  };
}

/** What the gates of a network go through, where that is not usual. */
function functionsLine({ functions }: FloatModel): { readonly functions?: string } {
  const text = functions && functionsText(functions);
  return text ? { functions: text } : {};
}

/** What a frame is where it is no input of the source network. */
const framesLine = ({ name, behind }: FramesValue): string => `${name}, behind ${behind}`;
