import { PyForeign, PyGlobal, type PyValue, sequence } from '../../formats/pickle/values.js';
import { DTYPE_BYTES, type Dtype } from '../../formats/safetensors.js';
import type { TorchErrors } from './errors.js';

/** Numbers of a storage: as safetensors names them, or those that it has no name for. */
export interface ElementKind {
  readonly name: string;
  readonly bytes: number;
  readonly dtype: Dtype | null;
}

const kind = (name: string, dtype: Dtype): ElementKind => ({
  name,
  dtype,
  bytes: DTYPE_BYTES[dtype],
});
const odd = (name: string, bytes: number): ElementKind => ({ name, bytes, dtype: null });

/** By the name of torch.dtype. */
const KINDS: readonly ElementKind[] = [
  kind('float32', 'F32'),
  kind('float64', 'F64'),
  kind('float16', 'F16'),
  kind('bfloat16', 'BF16'),
  kind('int64', 'I64'),
  kind('int32', 'I32'),
  kind('int16', 'I16'),
  kind('int8', 'I8'),
  kind('uint8', 'U8'),
  kind('uint16', 'U16'),
  kind('uint32', 'U32'),
  kind('uint64', 'U64'),
  kind('bool', 'BOOL'),
  kind('complex64', 'C64'),
  kind('float8_e5m2', 'F8_E5M2'),
  kind('float8_e4m3fn', 'F8_E4M3'),
  kind('float8_e5m2fnuz', 'F8_E5M2FNUZ'),
  kind('float8_e4m3fnuz', 'F8_E4M3FNUZ'),
  kind('float8_e8m0fnu', 'F8_E8M0'),
  odd('complex128', 16),
  odd('complex32', 4),
  odd('quint8', 1),
  odd('qint8', 1),
  odd('qint32', 4),
];
const BY_NAME: ReadonlyMap<string, ElementKind> = new Map(KINDS.map((one) => [one.name, one]));
const ALIASES: Readonly<Record<string, string>> = {
  Float: 'float32',
  Double: 'float64',
  Half: 'float16',
  BFloat16: 'bfloat16',
  Long: 'int64',
  Int: 'int32',
  Short: 'int16',
  Char: 'int8',
  Byte: 'uint8',
  Bool: 'bool',
  ComplexFloat: 'complex64',
  ComplexDouble: 'complex128',
  QUInt8: 'quint8',
  QInt8: 'qint8',
  QInt32: 'qint32',
};

/** What a storage without a type holds. */
const UNTYPED: ElementKind = odd('bytes', 1);

/** The kind that `torch.float32` names. */
export function kindOfDtype(value: PyValue | undefined): ElementKind | undefined {
  return value instanceof PyGlobal ? BY_NAME.get(value.name.replace(/^torch\./, '')) : undefined;
}

/** The kind that a class of storages is for: `torch.FloatStorage`, `torch.cuda.FloatStorage`. */
function kindOfStorage(name: string): ElementKind | undefined {
  const own = /^torch(?:\.cuda|\.storage)?\.(_?\w+)Storage$/.exec(name)?.[1];
  if (own === undefined) return undefined;
  if (/^_?Untyped$/.test(own)) return UNTYPED;
  return BY_NAME.get(ALIASES[own] ?? '');
}

/** Numbers that tensors are views of, by the name that the file has for them. */
export class TorchStorage extends PyForeign {
  constructor(
    readonly key: string,
    readonly kind: ElementKind,
    /** Elements. */
    readonly length: number,
    /** Of a view of another storage: where it begins, in elements. */
    readonly offset: number,
  ) {
    super();
  }
}

/**
 * The storage of a persistent id: ('storage', class, key, device, elements) and, in the oldest files, (key, offset,
 * elements) of a view; ('module', class, file, text) is the class itself.
 * @throws UserError TORCH_INVALID
 */
export function persistentValue(id: PyValue, errors: TorchErrors): PyValue {
  const [what, type, key, , length, view] = sequence(id) ?? [];
  if (what === 'module' && type instanceof PyGlobal) return type;
  if (what !== 'storage' || !(type instanceof PyGlobal)) {
    throw errors.invalid('pickle', 'a storage', 'another persistent id');
  }
  const own = kindOfStorage(type.name);
  if (own === undefined) throw errors.invalid('pickle', 'a storage of torch', type.name);
  const [, offset = 0, part = length] = sequence(view) ?? [];
  const whole = [offset, part].every((one) => Number.isSafeInteger(one) && (one as number) >= 0);
  if ((typeof key !== 'string' && typeof key !== 'number') || !whole) {
    throw errors.invalid('pickle', 'a key and a length of a storage', 'something else');
  }
  return new TorchStorage(`${key}`, own, part as number, offset as number);
}
