import type { Constructor, Constructors } from '../../formats/pickle/constructors.js';
import { NUMPY, PyArray } from '../../formats/pickle/numpy.js';
import {
  PyDict,
  PyForeign,
  PyGlobal,
  PyObject,
  PyTuple,
  type PyValue,
  sequence,
  sizes,
} from '../../formats/pickle/values.js';
import { type ElementKind, kindOfDtype, TorchStorage } from './storage.js';

/** A tensor as a view of a storage: element [i, j] is number offset + i · strides[0] + j · strides[1] of it. */
export class TorchTensor extends PyForeign {
  constructor(
    readonly storage: TorchStorage,
    readonly kind: ElementKind,
    readonly offset: number,
    readonly shape: readonly number[],
    readonly strides: readonly number[],
  ) {
    super();
  }
}

/** A tensor that is no plain array of numbers, and what it is. */
export class OddTensor extends PyForeign {
  constructor(readonly what: string) {
    super();
  }
}

/** Functions of torch that make tensors. */
const REBUILD = /^torch\.(\w+\.)*_rebuild_\w+$/;

/** A value as a tensor; null where it is none. What an unknown function of torch has made is one, of an odd kind. */
export function asTensor(value: PyValue | undefined): TorchTensor | OddTensor | PyArray | null {
  if (value instanceof TorchTensor || value instanceof OddTensor) return value;
  if (value instanceof PyArray) return (value.shape?.length ?? 0) > 0 ? value : null;
  if (!(value instanceof PyObject) || !REBUILD.test(value.typeName)) return null;
  return new OddTensor(`what ${value.typeName} makes`);
}

function view(
  [storage, offset, shape, strides]: readonly PyValue[],
  dtype: PyValue | undefined,
  metadata: PyValue | undefined,
): PyValue | undefined {
  const [own, steps] = [sizes(shape), sizes(strides)];
  const at = sizes(new PyTuple([offset ?? null]));
  if (!(storage instanceof TorchStorage) || own === null || steps === null || at === null) {
    return undefined;
  }
  if (own.length !== steps.length) return undefined;
  // the values are those of the storage with another sign or imaginary part
  if (metadata instanceof PyDict && [...metadata.entries.values()].some((one) => one === true)) {
    return new OddTensor('a negated or conjugated view');
  }
  const kind = dtype === undefined ? storage.kind : kindOfDtype(dtype);
  return kind && new TorchTensor(storage, kind, at[0] as number, own, steps);
}

/** Classes that are tensors and nothing else. */
const PLAIN = /^torch\.(Tensor|_tensor\.Tensor|nn\.parameter\.(Parameter|Buffer)|nn\.Parameter)$/;

/** What `func(*args)` makes, as a tensor of the class `type`. */
const fromType: Constructor = ([func, type, args], charge) => {
  const make = func instanceof PyGlobal ? TORCH.get(func.name) : undefined;
  const made = make?.(sequence(args) ?? [], charge);
  if (made === undefined || !(type instanceof PyGlobal)) return undefined;
  return PLAIN.test(type.name) ? made : new OddTensor(`a tensor of the class ${type.name}`);
};

const parameter: Constructor = ([data]) => asTensor(data) ?? undefined;
const first: Constructor = ([value]) => value;
const oddly =
  (what: string): Constructor =>
  () =>
    new OddTensor(what);

/** What torch writes in its files, and NumPy. */
export const TORCH: Constructors = new Map<string, Constructor>([
  ...NUMPY,
  ['torch._utils._rebuild_tensor', (args) => view(args, undefined, undefined)],
  ['torch._utils._rebuild_tensor_v2', (args) => view(args, undefined, args[6])],
  ['torch._utils._rebuild_tensor_v3', (args) => view(args, args[6], args[7])],
  ['torch._utils._rebuild_parameter', parameter],
  ['torch._utils._rebuild_parameter_with_state', parameter],
  ['torch._tensor._rebuild_from_type', fromType],
  ['torch._tensor._rebuild_from_type_v2', fromType],
  ['torch._utils._rebuild_sparse_tensor', oddly('a sparse tensor')],
  ['torch._utils._rebuild_sparse_csr_tensor', oddly('a sparse tensor')],
  ['torch._utils._rebuild_qtensor', oddly('a quantised tensor')],
  ['torch._utils._rebuild_nested_tensor', oddly('a nested tensor')],
  ['torch._utils._rebuild_meta_tensor_no_storage', oddly('a tensor without values (meta)')],
  ['torch.Size', ([items]) => (items instanceof PyTuple ? items : undefined)],
  ['torch.jit._pickle.restore_type_tag', first],
  ['torch.jit._pickle.build_intlist', first],
  ['torch.jit._pickle.build_doublelist', first],
  ['torch.jit._pickle.build_boollist', first],
  ['torch.jit._pickle.build_tensorlist', first],
]);
