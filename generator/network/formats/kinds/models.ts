import { begins, type Foreign, magic, type Recognise, startOfText } from './kind.js';

const TENSORS =
  'save its tensors under the names that PyTorch gives them with safetensors.numpy.save_file';
const TRAINED = 'export the network it was made of to ONNX, from the program that trained it';

/** Networks in formats that hcgs does not read. */
export const MODELS: readonly Recognise[] = [
  magic('GGUF', 'a GGUF file', TENSORS),
  ...['lmgg', 'fmgg', 'tjgg', 'algg'].map((one) => magic(one, 'a GGML file', TENSORS)),
  magic('\xdd\x85\x76\x00', 'an ncnn network (.param.bin)', TRAINED),
  magic('B\0C\0N\0', 'a CNTK network', TRAINED),
  magic('\xac\xed\x00\x05', 'serialised objects of Java', TRAINED),
  magic('MATLAB ', 'a MATLAB file (.mat)', matlab()),
  magic('RDX2\n', 'data of R (.RData)', TENSORS),
  magic('RDX3\n', 'data of R (.RData)', TENSORS),
  magic('X\n\0\0\0', 'data of R (.rds)', TENSORS),
  tensorflow,
  (bytes) => (isCoreMl(bytes) ? { what: 'a Core ML model (.mlmodel)', how: TRAINED } : null),
  tesseract,
  caffe,
  text,
  byName,
];

function matlab(): string {
  return 'in Python: scipy.io.loadmat, then numpy.save of the array that is meant, or of a network safetensors.numpy.save_file';
}

/**
 * Whether a protobuf message is no ONNX model although it begins like one: its second field holds messages where ONNX
 * has the producer's name. Core ML has its description there, a SavedModel of TensorFlow its graphs.
 */
export function isMessageOfOthers(bytes: Uint8Array): boolean {
  return secondField(bytes) !== null;
}

/** Core ML: the version of the specification, then a description that is a small part of the file. */
function isCoreMl(bytes: Uint8Array): boolean {
  const length = secondField(bytes);
  return length !== null && length < bytes.length / 2;
}

/** Length of field 2 of a message that begins with a number as field 1, where field 2 begins with a message. */
function secondField(bytes: Uint8Array): number | null {
  if (bytes[0] !== 0x08 || (bytes[1] ?? 0xff) >= 0x80 || bytes[2] !== 0x12) return null;
  let [at, length, factor] = [3, 0, 1];
  for (; at < 8; at++) {
    const byte = bytes[at] ?? 0;
    length += (byte % 128) * factor;
    factor *= 128;
    if (byte < 128) break;
  }
  return length > 1 && at + length < bytes.length && bytes[at + 1] === 0x0a ? length : null;
}

function tensorflow(bytes: Uint8Array, file: string): Foreign | null {
  const what = 'a TensorFlow checkpoint';
  const how =
    'load it with its program and save the whole model as .h5, or convert it to ONNX with tf2onnx --checkpoint';
  // the last eight bytes of a table of LevelDB
  if (begins(bytes, '\x57\xfb\x80\x8b\x24\x75\x47\xdb', bytes.length - 8)) return { what, how };
  return /\.data-\d{5}-of-\d{5}$/.test(file) ? { what: `${what}, its data`, how } : null;
}

/** Tesseract: a count, then as many offsets of 64 bits, -1 where a part is missing; the first part follows them. */
function tesseract(bytes: Uint8Array): Foreign | null {
  const [count = 0, second, third, fourth] = bytes;
  const start = 4 + 8 * count;
  if (count < 10 || count > 64 || second !== 0 || third !== 0 || fourth !== 0) return null;
  if (bytes.length < start) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, start);
  const offsets = Array.from({ length: count }, (_, i) =>
    Number(view.getBigInt64(4 + 8 * i, true)),
  );
  const there = offsets.filter((offset) => offset !== -1);
  if (there[0] !== start || there.some((one) => one < start || one > bytes.length)) return null;
  return { what: 'trained data of Tesseract', how: TRAINED };
}

/** A NetParameter: the name of the net, then its layers, field 100 or 2, or its inputs. */
function caffe(bytes: Uint8Array): Foreign | null {
  const length = bytes[1] ?? 0x80;
  if (bytes[0] !== 0x0a || length === 0 || length >= 0x80) return null;
  const name = bytes.subarray(2, 2 + length);
  if (!name.every((byte) => byte >= 0x20 && byte < 0x7f)) return null;
  const next = bytes.subarray(2 + length, 4 + length);
  const layer = (next[0] === 0xa2 && next[1] === 0x06) || next[0] === 0x1a;
  return layer ? { what: 'a Caffe network (.caffemodel)', how: TRAINED } : null;
}

const TEXTS: readonly (readonly [begin: RegExp, what: string, how: string])[] = [
  [/^version https:\/\/git-lfs/, 'a pointer of Git LFS, not the file itself', 'git lfs pull'],
  [/^7767517\s/, 'an ncnn network (.param) without weights', TRAINED],
  [
    /^(\s*<\s*)?(ir_version:\s*\d|opset_import\s*[{:])/,
    'an ONNX model as text',
    'in Python: onnx.save(onnx.parser.parse_model(text), "model.onnx"), or google.protobuf.text_format for ir_version: 8',
  ],
  [/^(<\?xml[^>]*>\s*)?<net\s/, 'an OpenVINO network (.xml)', `give its ONNX file; ${TRAINED}`],
  [
    /^model_checkpoint_path:/,
    'the list of a TensorFlow checkpoint',
    'convert the checkpoint that it names to ONNX with tf2onnx --checkpoint',
  ],
  [/^(name:\s*"[^"]*"\s*)?(layers?\s*\{|input:\s*")/, 'a Caffe network as text', TRAINED],
];

function text(bytes: Uint8Array): Foreign | null {
  const start = startOfText(bytes);
  const found = start === null ? undefined : TEXTS.find(([begin]) => begin.test(start));
  return found === undefined ? null : { what: found[1], how: found[2] };
}

const NAMES: readonly (readonly [name: RegExp, what: string])[] = [
  [/\.mnn$/i, 'an MNN network by its name'],
  [/\.dnn$/i, 'a CNTK network by its name'],
  [/\.caffemodel$/i, 'a Caffe network by its name'],
  [/\.(engine|plan|trt)$/i, 'a TensorRT engine by its name'],
];

function byName(bytes: Uint8Array, file: string): Foreign | null {
  const found = bytes.length > 0 ? NAMES.find(([name]) => name.test(file)) : undefined;
  return found === undefined ? null : { what: found[1], how: TRAINED };
}
