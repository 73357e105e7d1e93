import { ELEMENT_BYTES } from '../../formats/elements.js';
import type { SafetensorsFile, Tensor } from '../../formats/safetensors.js';
import { badMap, type NameMap } from '../map.js';
import { namesText, realType } from '../pytorch/tensors.js';

/** A file in which arrays with the layout of Keras stand under names of PyTorch, and from which arrays they come. */
export interface Kernels {
  readonly source: SafetensorsFile;
  /** The map without what is said of them. */
  readonly map: NameMap;
  /** Names of PyTorch to names of the file; null for zeros that stand for a second bias. */
  readonly from: ReadonlyMap<string, string | null>;
  readonly notes: readonly string[];
}

const KERNEL = /^(lstm)\.(kernel|recurrent_kernel|bias)_l(\d+)$|^(fc)\.kernel$/;
const PARTS = { kernel: 'weight_ih', recurrent_kernel: 'weight_hh', bias: 'bias_ih' } as const;

/** Whether an entry of a map says that an array has the layout of Keras. */
export const isKernelKey = (key: string): boolean => KERNEL.test(key);

/**
 * `lstm.kernel_l0=NAME` [inputs, 4 cells] and `lstm.recurrent_kernel_l0=NAME` [cells, 4 cells], gates i, f, c, o, are
 * transposed, `lstm.bias_l0=NAME` [4 cells] is the only bias, `fc.kernel=NAME` [cells, outputs] is transposed.
 * @throws UserError BAD_MAP when there is no such array, or it is no matrix
 */
export function withKernels(source: SafetensorsFile, map: NameMap, file: string): Kernels {
  const tensors = new Map(source.tensors);
  const rest = new Map(map);
  const from = new Map<string, string | null>();
  const notes: string[] = [];
  for (const [key, name] of map) {
    const [, lstm, kind, layer] = KERNEL.exec(key) ?? [];
    if (!isKernelKey(key)) continue;
    const tensor = source.tensors.get(name);
    if (tensor === undefined) {
      throw badMap(`${key}= and an array of ${namesText(source.tensors.keys())}`, name, file);
    }
    if ([...from.values()].includes(name)) throw badMap('each array once', `${name} twice`, file);
    const bias = kind === 'bias';
    if (!bias && (tensor.shape.length !== 2 || realType(tensor) === undefined)) {
      const got = `${tensor.dtype} [${tensor.shape.join(', ')}]`;
      throw badMap(`${key}= and a matrix of real numbers`, `${name}: ${got}`, file);
    }
    const target = lstm ? `lstm.${PARTS[kind as keyof typeof PARTS]}_l${layer}` : 'fc.weight';
    if (map.has(target) || source.tensors.has(target))
      throw badMap(`${target} once`, 'it twice', file);
    tensors.delete(name);
    tensors.set(target, bias ? tensor : transposed(tensor));
    from.set(target, name);
    if (bias) {
      const second = `lstm.bias_hh_l${layer}`;
      tensors.set(second, { ...tensor, bytes: new Uint8Array(tensor.bytes.length) });
      from.set(second, null);
    } else {
      const gates = lstm ? ', gates i, f, c, o' : '';
      notes.push(`${name} is taken as Keras has it, a row for each input${gates}`);
    }
    rest.delete(key);
    if (!lstm) rest.set('fc.weight', target);
  }
  return { source: { ...source, tensors }, map: rest, from, notes };
}

function transposed(tensor: Tensor): Tensor {
  const [rows = 0, columns = 0] = tensor.shape;
  const type = realType(tensor);
  const size = type === undefined ? 0 : ELEMENT_BYTES[type];
  const bytes = new Uint8Array(tensor.bytes.length);
  for (let i = 0; i < rows * columns; i++) {
    const to = (i % columns) * rows + Math.floor(i / columns);
    bytes.set(tensor.bytes.subarray(i * size, (i + 1) * size), to * size);
  }
  return { ...tensor, shape: [columns, rows], bytes };
}
