/**
 * What a pickle holds, as data: nothing of it is ever called. Numbers beyond 53 bits are bigint; a tuple, list or
 * dictionary that a pickle shares is one object here too, and may hold itself.
 */
export type PyValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | PyBytes
  | PyList
  | PyTuple
  | PyDict
  | PySet
  | PyGlobal
  | PyObject
  | PyForeign;

export class PyBytes {
  readonly #from: Uint8Array | string;

  /** Bytes, or a letter for each of them; letters are kept as they are until somebody wants the bytes. */
  constructor(from: Uint8Array | string) {
    this.#from = from;
  }

  get length(): number {
    return this.#from.length;
  }

  get bytes(): Uint8Array {
    const from = this.#from;
    if (typeof from !== 'string') return from;
    const bytes = new Uint8Array(from.length);
    for (let i = 0; i < from.length; i++) bytes[i] = from.charCodeAt(i);
    return bytes;
  }
}

export class PyList {
  readonly items: PyValue[] = [];
}

export class PyTuple {
  constructor(readonly items: readonly PyValue[]) {}
}

export class PySet {
  readonly items: PyValue[] = [];
}

const NOTHING: ReadonlyMap<PyValue, PyValue> = new Map();

/** A dictionary or one of its subclasses that behave like it, in the order of the pickle. */
export class PyDict {
  #entries: Map<PyValue, PyValue> | undefined;
  /** Attributes of the dictionary itself, as torch keeps `_metadata` on an OrderedDict. */
  state: PyValue = null;

  get entries(): ReadonlyMap<PyValue, PyValue> {
    return this.#entries ?? NOTHING;
  }

  set(key: PyValue, value: PyValue): void {
    this.#entries ??= new Map();
    this.#entries.set(key, value);
  }
}

/** A class or function by its name, `torch.nn.modules.linear.Linear`; that is all that is known of it. */
export class PyGlobal {
  constructor(readonly name: string) {}
}

/** What a class or function that is not known here would have made: its name, arguments and state. */
export class PyObject {
  /** Attributes, as the pickle sets them. */
  state: PyValue = null;
  /** What a subclass of list or dict holds. */
  items: PyValue[] | undefined;
  entries: PyDict | undefined;

  constructor(
    readonly type: PyValue,
    readonly args: PyValue,
  ) {}

  /** `collections.Counter`; empty where the type is no plain name. */
  get typeName(): string {
    return this.type instanceof PyGlobal ? this.type.name : '';
  }

  /** The attributes by name, none where the state is no dictionary. */
  get attributes(): ReadonlyMap<PyValue, PyValue> {
    // classes with slots have a pair: the dictionary and the slots
    const own = this.state instanceof PyTuple ? this.state.items[0] : this.state;
    return own instanceof PyDict ? own.entries : NOTHING;
  }
}

/** A value of whoever reads the pickle: a tensor, a storage, an array. */
export abstract class PyForeign {
  /** What BUILD sets. */
  build(_state: PyValue): void {}
}

/** The items of a list or tuple; null where it is neither. */
export function sequence(value: PyValue | undefined): readonly PyValue[] | null {
  return value instanceof PyTuple || value instanceof PyList ? value.items : null;
}

/** Lengths, strides and the like: whole numbers, 0 or more; null where they are not. */
export function sizes(value: PyValue | undefined): readonly number[] | null {
  const items = sequence(value);
  return items?.every((one): one is number => Number.isSafeInteger(one) && (one as number) >= 0)
    ? items
    : null;
}
