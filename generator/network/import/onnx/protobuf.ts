import type protobuf from 'protobufjs/light.js';
import { decodeMessage, messageTypes } from '../../formats/protobuf.js';
import { onnxError } from './errors.js';
import { MESSAGES, type ModelProto } from './messages.js';

const root = messageTypes(MESSAGES);

/** The message types, for whoever writes ONNX files: tests do. */
export const ONNX_TYPES: protobuf.Root = root;

/**
 * Decodes an ONNX file. Fields that the importer does not read are skipped; messages nested deeper than 100
 * are refused by the decoder.
 * @throws UserError ONNX_INVALID when the bytes are no protocol buffer message of that type.
 */
export function decodeOnnx(bytes: Uint8Array, file: string): ModelProto {
  try {
    return decodeMessage(root, 'ModelProto', bytes) as ModelProto;
  } catch (cause) {
    if (!(cause instanceof Error)) throw cause;
    throw onnxError(file, 'ONNX_INVALID', 'file', 'an ONNX model', cause.message, cause);
  }
}
