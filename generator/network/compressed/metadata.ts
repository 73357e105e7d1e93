import { UserError } from '../../base/errors.js';
import type { SafetensorsFile } from '../formats/safetensors.js';

/** Metadata keys of a compressed-model file, whatever its format. */
export const FORMAT_KEY = 'hcgs_format';
export const MODEL_KEY = 'hcgs_model';

/** Formats that are read, oldest first; the last one is written. */
export const FORMATS = [1, 2] as const;
export type ModelFormat = (typeof FORMATS)[number];

/** Whether a safetensors file says that it is a compressed model. */
export function isCompressedModel({ metadata }: SafetensorsFile): boolean {
  return FORMAT_KEY in metadata || MODEL_KEY in metadata;
}

/** The format that a file says it has. @throws UserError NOT_A_COMPRESSED_MODEL, MODEL_FORMAT */
export function formatOf({ metadata }: SafetensorsFile, file: string): ModelFormat {
  const said = metadata[FORMAT_KEY];
  const format = FORMATS.find((known) => String(known) === said);
  if (format !== undefined) return format;
  const expected = FORMATS.join(' or ');
  if (said === undefined) {
    throw new UserError({
      code: 'NOT_A_COMPRESSED_MODEL',
      message: `${file} is no compressed model; "hcgs compress" makes one of a trained network, "hcgs random" one of random weights`,
      file,
      field: FORMAT_KEY,
      expected,
      got: 'nothing',
    });
  }
  throw new UserError({
    code: 'MODEL_FORMAT',
    message: `${file}: ${FORMAT_KEY}: expected ${expected}, got ${said}; a file of a newer version of hcgs is read by that version, or made anew with "hcgs compress"`,
    file,
    field: FORMAT_KEY,
    expected,
    got: said,
  });
}
