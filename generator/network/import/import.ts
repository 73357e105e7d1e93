import { unexpected } from '../../base/errors.js';
import { refuseForeign } from '../formats/foreign.js';
import type { NetworkFormat, Part } from './format.js';
import {
  emitsLast,
  FORMAT_NAMES,
  type FormatName,
  type Imported,
  type ImportOptions,
} from './imported.js';
import { parseMap } from './map.js';
import { NETWORK_FORMATS } from './registry.js';
import { checkSaid } from './said.js';

const FORMATS: readonly NetworkFormat[] = Object.values(NETWORK_FORMATS);

/** The formats that are read, as errors list them. */
export const READ_FORMATS = FORMATS.map(({ what }) => what)
  .join(', ')
  .replace(/, ([^,]*)$/, ' or $1');

/**
 * Reads a trained float network, in the format that its content shows. `file` is the name used in errors.
 * @throws UserError FOREIGN_FORMAT, or of the reader of the format, with the tensor or node, what was expected and what came.
 */
export function importNetwork(
  bytes: Uint8Array,
  file: string,
  options: ImportOptions = {},
): Imported {
  const names = parseMap(options.map ?? []);
  const imported = formatOf(bytes, file).read({ bytes, file }, names, options);
  checkSaid(imported, options, file);
  const isFinal = emitsLast(imported) && imported.model.layers.some((one) => one.aligned === false);
  return isFinal ? { ...imported, notes: [...imported.notes, FINAL] } : imported;
}

/** Of a network that reads final states. */
const FINAL =
  'outputs of other frames than the last one of an utterance mean nothing: the final state of a backward direction stands at that one';

/** What is in a file, whether or not it is a network that can be taken. @throws UserError as `importNetwork` */
export function contentsOf(
  bytes: Uint8Array,
  file: string,
  options: ImportOptions = {},
): readonly Part[] {
  return formatOf(bytes, file).contents({ bytes, file }, options);
}

/** The format whose content a file has, and its name; null where there is none. */
export function networkFormatOf(
  bytes: Uint8Array,
  file: string,
): { readonly name: FormatName; readonly what: string } | null {
  const found = FORMAT_NAMES.find((name) => NETWORK_FORMATS[name].recognise({ bytes, file }));
  return found === undefined ? null : { name: found, what: NETWORK_FORMATS[found].what };
}

/** What looks like no format is what its name says, if it says one. */
function formatOf(bytes: Uint8Array, file: string): NetworkFormat {
  const found = FORMATS.find(({ recognise }) => recognise({ bytes, file }));
  if (found !== undefined) return found;
  refuseForeign(bytes, file, READ_FORMATS);
  if (/\.onnx$/i.test(file)) return NETWORK_FORMATS.onnx;
  if (/\.safetensors$/i.test(file)) return NETWORK_FORMATS.safetensors;
  const first = Array.from(bytes.subarray(0, 8), (byte) => byte.toString(16).padStart(2, '0'));
  const got = `none of them: ${bytes.length} bytes that begin with ${first.join(' ')}`;
  throw unexpected(
    { code: 'FOREIGN_FORMAT', file, field: 'format', expected: READ_FORMATS, got },
    file,
  );
}
