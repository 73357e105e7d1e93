import type { ReadBeside } from '../../../base/beside.js';
import { onnxError } from './errors.js';
import type { TensorProto } from './messages.js';

const KNOWN = ['location', 'offset', 'length', 'checksum'];
const EMBED =
  "the data in the file itself: python3 -c \"import onnx; onnx.save(onnx.load('net.onnx'), 'whole.onnx')\"";

/** Where a tensor is read from. */
export interface Source {
  readonly file: string;
  /** Reads files beside it; absent where there are none. */
  readonly beside?: ReadBeside | undefined;
}

/**
 * The bytes of a tensor that lies in another file, beside the model or in a folder below, `length` of them.
 * @throws UserError ONNX_EXTERNAL_DATA where the file does not say where they are, ONNX_INVALID where it says another
 * length, or what reading throws.
 */
export function externalData(
  { external_data }: TensorProto,
  name: string,
  length: number,
  { file, beside }: Source,
): Uint8Array {
  const fail = (expected: string, got: string, code = 'ONNX_EXTERNAL_DATA') =>
    onnxError(file, code, name, expected, got);
  if (beside === undefined) throw fail(EMBED, 'data in another file');
  const entries = new Map(external_data.map(({ key = '', value = '' }) => [key, value]));
  const odd = [...entries.keys()].find((key) => !KNOWN.includes(key));
  if (odd !== undefined || entries.size !== external_data.length) {
    throw fail(`${KNOWN.join(', ')} once each, or ${EMBED}`, odd ?? 'one twice');
  }
  const location = entries.get('location');
  if (!location) throw fail(EMBED, 'data in another file without its name');
  const number = (key: string, absent: number) => {
    const text = entries.get(key);
    if (text === undefined) return absent;
    if (!/^\d{1,15}$/.test(text)) throw fail(`a number of bytes as ${key}`, text, 'ONNX_INVALID');
    return Number(text);
  };
  const said = number('length', length);
  if (said !== length) throw fail(`${length} bytes, as its shape has`, `${said}`, 'ONNX_INVALID');
  return beside(location, number('offset', 0), length);
}
