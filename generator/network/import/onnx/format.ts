import type { NetworkFormat, Part } from '../format.js';
import { graphOf } from './graph.js';
import { importOnnx } from './import-onnx.js';
import { decodeOnnx } from './protobuf.js';

export const onnxFormat: NetworkFormat = {
  what: 'ONNX',
  // the first field of a message, in practice ir_version; safetensors has a brace there
  recognise: ({ bytes }) => bytes[8] !== 0x7b && bytes[0] === 0x08 && (bytes[1] ?? 0xff) < 0x80,
  read: ({ bytes, file }, map, { beside }) => importOnnx(bytes, file, map, beside),
  contents: ({ bytes, file }, { beside }) => {
    const graph = graphOf(decodeOnnx(bytes, file), file, beside);
    return graph.nodes.map((node): Part => ({ name: node.label, what: node.op }));
  },
};
