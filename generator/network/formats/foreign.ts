import { UserError } from '../../base/errors.js';
import { ARCHIVES } from './kinds/archives.js';
import { begins, type Foreign, magic, type Recognise } from './kinds/kind.js';
import { MODELS } from './kinds/models.js';
import { OTHERS } from './kinds/others.js';
import { zipEntries } from './zip.js';

const TENSORS =
  'save its tensors under the names that PyTorch gives them with safetensors.numpy.save_file';
const TF2ONNX = 'convert it to ONNX with tf2onnx';
const KERAS = 'it may hold a trained network: hcgs inspect and hcgs compress read those';
const UNPACK = 'unpack it first';
const OLD_TORCH = 'load it with a PyTorch that still reads it, and torch.save it again';
const PICKLE = `it can run any code when it is read; in Python, ${TENSORS}`;

const latin1 = (bytes: Uint8Array, length: number): string =>
  new TextDecoder('latin1').decode(bytes.subarray(0, length));

const FORMATS: readonly Recognise[] = [
  zip,
  (bytes, file) =>
    begins(bytes, '\x80\x02\x8a\x0a\x6c\xfc\x9c\x46')
      ? {
          what: 'a PyTorch file (torch.save, before PyTorch 1.6)',
          how: stateDict('torch.load', file),
        }
      : null,
  (bytes) =>
    bytes[0] === 0x80 && (bytes[1] ?? 0) >= 2 && (bytes[1] ?? 9) <= 5
      ? { what: 'a Python pickle', how: PICKLE }
      : null,
  magic('\x89HDF\r\n\x1a\n', 'an HDF5 file (Keras .h5)', KERAS),
  magic('TFL3', 'a TensorFlow Lite model', `convert it with tf2onnx --tflite`, 4),
  magic('\x93NUMPY', 'a NumPy array (.npy)', 'frames and labels are arrays, a network is not'),
  (bytes) =>
    begins(bytes, 'ustar', 257) &&
    /^(\.\/)?(sys_info|pickle|storages|tensors)\0/.test(latin1(bytes, 100))
      ? { what: 'a PyTorch file (a tar archive, before PyTorch 0.1.10)', how: OLD_TORCH }
      : null,
  ...ARCHIVES,
  ...MODELS,
  frozenGraph,
  text,
  ...OTHERS,
];

/**
 * @throws UserError FOREIGN_FORMAT when the content is that of a format that hcgs does not read, with what it is and
 * what to do. `reads` says what is read here, e.g. `safetensors or ONNX`.
 */
export function refuseForeign(bytes: Uint8Array, file: string, reads: string): void {
  // safetensors: the length of a JSON text, below 2^40, and its brace
  if (bytes[8] === 0x7b && bytes[5] === 0 && bytes[6] === 0 && bytes[7] === 0) return;
  for (const recognise of FORMATS) {
    const found = recognise(bytes, file);
    if (found === null) continue;
    throw new UserError({
      code: 'FOREIGN_FORMAT',
      message: `${file} is ${found.what}; expected ${reads}: ${found.how}`,
      file,
      field: 'format',
      expected: reads,
      got: found.what,
    });
  }
}

/** One line of Python that saves a state_dict as safetensors. */
function stateDict(load: string, file: string): string {
  const [name, target] = [file, `${file.replace(/\.[^./]*$/, '')}.safetensors`].map((path) =>
    JSON.stringify(path),
  );
  const loaded =
    load === 'torch.load'
      ? `torch.load(${name}, map_location="cpu")`
      : `${load}(${name}).state_dict()`;
  return `in Python: import torch, safetensors.torch; safetensors.torch.save_file({k: v.detach().clone().contiguous() for k, v in ${loaded}.items()}, ${target}); of a checkpoint take the entry with the state_dict, of a whole module its state_dict()`;
}

function zip(bytes: Uint8Array, file: string): Foreign | null {
  if (!begins(bytes, 'PK\x03\x04')) return null;
  const names = entryNames(bytes);
  const has = (pattern: RegExp) => names.some((name) => pattern.test(name));
  if (has(/(^|\/)data\.pkl$/)) {
    const script = has(/(^|\/)constants\.pkl$/) || has(/(^|\/)code\//);
    return script
      ? { what: 'a TorchScript file (torch.jit.save)', how: stateDict('torch.jit.load', file) }
      : { what: 'a PyTorch file (torch.save)', how: stateDict('torch.load', file) };
  }
  if (has(/\.weights\.h5$/)) {
    return { what: 'a Keras archive (.keras)', how: KERAS };
  }
  if (names.length > 0 && names.every((name) => name.endsWith('.npy'))) {
    return {
      what: `several NumPy arrays (.npz: ${names.slice(0, 5).join(', ')})`,
      how: 'save the one array that is meant as .npy with numpy.save',
    };
  }
  const inside = names.length === 0 ? '' : ` (${names.slice(0, 5).join(', ')})`;
  return { what: `a zip archive${inside}`, how: UNPACK };
}

/** Names of the files of a zip archive, none where it is damaged; nothing is unpacked. */
function entryNames(bytes: Uint8Array): readonly string[] {
  try {
    return zipEntries(bytes, '').map(({ name }) => name);
  } catch {
    return [];
  }
}

/** A TensorFlow GraphDef: its first field is a node, whose first field is a name and whose second is an operator. */
function frozenGraph(bytes: Uint8Array): Foreign | null {
  const [node, name] = [bytes[1] ?? 0x80, bytes[3] ?? 0x80];
  const message = bytes[0] === 0x0a && node < 0x80 && bytes[2] === 0x0a && name + 4 <= node;
  if (!message || bytes[4 + name] !== 0x12) return null;
  const letters = bytes.subarray(4, 4 + name).every((byte) => byte > 0x20 && byte < 0x7f);
  return letters ? { what: 'a TensorFlow graph (.pb)', how: TF2ONNX } : null;
}

function text(bytes: Uint8Array): Foreign | null {
  const start = latin1(bytes, 64).trimStart();
  if (/^<(!|html|\?xml|[a-z])/i.test(start)) {
    return /^<(!doctype html|html)/i.test(start)
      ? { what: 'a web page (HTML)', how: 'download the file itself' }
      : { what: 'an XML text', how: 'give the file with the weights' };
  }
  const json = /^[[{]\s*["{[\d\]}-]/.test(start) && !start.includes('\0');
  return json ? { what: 'a JSON text', how: `in Python, ${TENSORS}` } : null;
}
