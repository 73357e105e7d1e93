import { isMessageOfOthers } from '../../formats/kinds/models.js';
import type { NetworkFormat } from '../format.js';
import { graphContents } from './contents.js';
import { importOnnx } from './import-onnx.js';
import { decodeOnnx } from './protobuf.js';

export const onnxFormat: NetworkFormat = {
  what: 'ONNX',
  // the first field of a message, in practice ir_version; safetensors has a brace there
  recognise: ({ bytes }) =>
    bytes[8] !== 0x7b &&
    bytes[0] === 0x08 &&
    (bytes[1] ?? 0xff) < 0x80 &&
    !isMessageOfOthers(bytes),
  read: ({ bytes, file }, map, options) => importOnnx(bytes, file, map, options),
  contents: ({ bytes, file }) => {
    const { graph } = decodeOnnx(bytes, file);
    return graph ? graphContents(graph) : [];
  },
};
