import protobuf from 'protobufjs/light.js';
import { onnxError } from './errors.js';
import { MESSAGES, type ModelProto } from './messages.js';

const root = protobuf.Root.fromJSON({
  nested: Object.fromEntries(
    Object.entries(MESSAGES).map(([message, fields]) => [
      message,
      { fields: Object.fromEntries(Object.entries(fields).map(([name, f]) => [name, field(f)])) },
    ]),
  ),
});

/** The message types, for whoever writes ONNX files: tests do. */
export const ONNX_TYPES: protobuf.Root = root;

function field([id, spec]: readonly [number, string]): protobuf.IField {
  const [, packed, type, repeated] = /^(packed )?(\w+)(\[\])?$/.exec(spec) as RegExpExecArray;
  if (repeated === undefined) return { id, type: type as string };
  return { id, type: type as string, rule: 'repeated', options: { packed: packed !== undefined } };
}

/**
 * Decodes an ONNX file. Fields that the importer does not read are skipped; messages nested deeper than 100
 * are refused by the decoder.
 * @throws UserError ONNX_INVALID when the bytes are no protocol buffer message of that type.
 */
export function decodeOnnx(bytes: Uint8Array, file: string): ModelProto {
  try {
    const reader = protobuf.Reader.create(bytes);
    reader.discardUnknown = true;
    return root.lookupType('ModelProto').decode(reader) as unknown as ModelProto;
  } catch (cause) {
    if (!(cause instanceof Error)) throw cause;
    throw onnxError(file, 'ONNX_INVALID', 'file', 'an ONNX model', cause.message, cause);
  }
}
