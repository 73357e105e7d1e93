import { ELEMENT_BYTES } from '../../formats/elements.js';
import type { SafetensorsFile, Tensor } from '../../formats/safetensors.js';
import { KERAS_ORDER } from '../gates.js';
import type { ImportOptions } from '../imported.js';
import { badMap, type NameMap } from '../map.js';
import { cellOfShape, TORCH_GATES, type TorchCell } from '../pytorch/modules.js';
import { namesText, realType, shapeText } from '../pytorch/tensors.js';
import { resetUnknown } from '../reset.js';

/** A file in which arrays with the layout of Keras stand under names of PyTorch, and from which arrays they come. */
export interface Kernels {
  readonly source: SafetensorsFile;
  /** The map without what is said of them. */
  readonly map: NameMap;
  /** Names of PyTorch to names of the file; null for what stands for a second bias. */
  readonly from: ReadonlyMap<string, string | null>;
  /** Layers of GRU whose reset stands before the product. */
  readonly before: ReadonlySet<number>;
  readonly notes: readonly string[];
}

const KERNEL = /^(lstm)\.(kernel|recurrent_kernel|bias)_l(\d+)$|^(fc)\.kernel$/;
const PARTS = { kernel: 'weight_ih', recurrent_kernel: 'weight_hh', bias: 'bias_ih' } as const;
/** Where the gates of PyTorch, which has our order, are among those of Keras, and what Keras calls its own. */
const ORDER = { LSTM: KERAS_ORDER.lstm, GRU: KERAS_ORDER.gru, RNN: KERAS_ORDER['rnn-tanh'] };
const GATES = { LSTM: ', gates i, f, c, o', GRU: ', gates z, r, h', RNN: '' } as const;

/** Whether an entry of a map says that an array has the layout of Keras. */
export const isKernelKey = (key: string): boolean => KERNEL.test(key);

/**
 * `lstm.kernel_l0=NAME` [inputs, gates x cells] and `lstm.recurrent_kernel_l0=NAME` [cells, gates x cells] are transposed,
 * `lstm.bias_l0=NAME` [gates x cells] is the only bias, of a GRU
 * with the reset behind the product [2, 3 cells] both, `fc.kernel=NAME` [cells, outputs] is
 * transposed. How many gates there are is the shape of the recurrent kernel: i, f, c, o; z, r, h; or one.
 * @throws UserError BAD_MAP when there is no such array, or it is no matrix; TENSOR_SHAPE; GRU_RESET
 */
export function withKernels(
  source: SafetensorsFile,
  map: NameMap,
  file: string,
  { reset }: Pick<ImportOptions, 'reset'>,
): Kernels {
  const tensors = new Map(source.tensors);
  const rest = new Map(map);
  const from = new Map<string, string | null>();
  const notes: string[] = [];
  const before = new Set<number>();
  const add = (target: string, tensor: Tensor, name: string | null): void => {
    if (map.has(target) || source.tensors.has(target))
      throw badMap(`${target} once`, 'it twice', file);
    tensors.set(target, tensor);
    from.set(target, name);
  };
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
      throw badMap(`${key}= and a matrix of real numbers`, `${name}: ${shapeText(tensor)}`, file);
    }
    const cell = lstm ? cellOf(source, map, layer as string) : null;
    const target = lstm ? `lstm.${PARTS[kind as keyof typeof PARTS]}_l${layer}` : 'fc.weight';
    tensors.delete(name);
    rest.delete(key);
    if (bias) {
      const second = `lstm.bias_hh_l${layer}`;
      const [ofX, ofH] = biasesOf(tensor, cell, name, file);
      if (cell === 'GRU' && tensor.shape.length === 1) before.add(Number(layer));
      add(target, ofX, name);
      add(second, ofH, null);
    } else {
      const own = transposed(tensor);
      add(target, cell === null ? own : inTorchOrder(own, cell), name);
      notes.push(
        `${name} is taken as Keras has it, a row for each input${cell ? GATES[cell] : ''}`,
      );
      if (cell === 'GRU' && kind === 'kernel' && !map.has(`lstm.bias_l${layer}`)) {
        const got = 'a GRU without biases, whose shape would show it';
        if (reset === undefined) throw resetUnknown(file, name, got);
        if (reset === 'before') before.add(Number(layer));
      }
    }
    if (!lstm) rest.set('fc.weight', target);
  }
  return { source: { ...source, tensors }, map: rest, from, before, notes };
}

/** The cell of a layer, by its recurrent kernel; null where that is none of a cell. */
function cellOf(source: SafetensorsFile, map: NameMap, layer: string): TorchCell | null {
  const name = map.get(`lstm.recurrent_kernel_l${layer}`);
  const [cells = 0, columns = 0] = source.tensors.get(name ?? '')?.shape ?? [];
  return cells === 0 ? null : cellOfShape([columns, cells]);
}

/** Both biases: zeros for the second one, but where Keras keeps two of a GRU. @throws UserError BAD_MAP */
function biasesOf(
  tensor: Tensor,
  cell: TorchCell | null,
  name: string,
  file: string,
): readonly [Tensor, Tensor] {
  if (cell !== 'GRU' || tensor.shape.length === 1) {
    const own = cell === 'GRU' ? inTorchOrder(tensor, cell) : tensor;
    return [own, { ...own, bytes: new Uint8Array(own.bytes.length) }];
  }
  const [two, columns = 0] = tensor.shape;
  const type = realType(tensor);
  if (two !== 2 || tensor.shape.length !== 2 || columns % 3 !== 0 || type === undefined) {
    throw badMap('the bias of a GRU, [2, 3 cells]', `${name}: ${shapeText(tensor)}`, file);
  }
  const half = tensor.bytes.length / 2;
  const [ofX, ofH] = [0, half].map((start) =>
    inTorchOrder(
      { ...tensor, shape: [columns], bytes: tensor.bytes.subarray(start, start + half) },
      cell,
    ),
  );
  return [ofX as Tensor, ofH as Tensor];
}

/** Rows [gates x cells, ...] of Keras in the order of the gates that PyTorch has. */
function inTorchOrder(tensor: Tensor, cell: TorchCell): Tensor {
  const gate = tensor.bytes.length / TORCH_GATES[cell];
  if (!Number.isInteger(gate)) return tensor;
  const bytes = new Uint8Array(tensor.bytes.length);
  ORDER[cell].forEach((theirs, ours) => {
    bytes.set(tensor.bytes.subarray(theirs * gate, (theirs + 1) * gate), ours * gate);
  });
  return { ...tensor, bytes };
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
