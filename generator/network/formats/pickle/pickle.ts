import { BUILTIN, type Constructors } from './constructors.js';
import { execute, type Machine } from './opcodes.js';
import { PickleReader } from './reader.js';
import { PickleStack } from './stack.js';
import { PyDict, PyForeign, PyGlobal, PyObject, PyTuple, type PyValue } from './values.js';

const STOP = 0x2e;
const MAX_NAME = 1000;

/** What whoever reads a pickle knows beside it. */
export interface PickleContext {
  /** Classes and functions by their whole name, of which values are made; all others stay unknown. */
  readonly constructors?: Constructors;
  /** What a persistent id stands for, in the words of torch a storage. */
  readonly persistent?: (id: PyValue) => PyValue;
}

/**
 * Reads one pickle, protocols 0 to 5, that begins at byte `at`. Nothing is executed and no name is looked up: classes
 * and functions that are not known here leave their name, arguments and state. `end` is the byte behind it.
 * @throws UserError PICKLE_INVALID (damaged, an extension, a buffer outside of it) or PICKLE_LIMIT (more than
 * MAX_VALUES values or MAX_OBJECTS objects, a number of more than 1000 digits).
 */
export function readPickle(
  bytes: Uint8Array,
  file: string,
  { constructors = new Map(), persistent }: PickleContext = {},
  at = 0,
): { readonly value: PyValue; readonly end: number } {
  const reader = new PickleReader(bytes, at, file);
  const stack = new PickleStack(reader);
  const known: Constructors = new Map([...BUILTIN, ...constructors]);
  const machine: Machine = {
    reader,
    stack,
    global: (module, name) => globalOf(module, name, reader),
    call: (type, args) => {
      if (!(args instanceof PyTuple)) throw reader.invalid('a tuple of arguments', 'another value');
      const make = type instanceof PyGlobal ? known.get(type.name) : undefined;
      return make?.(args.items, (values) => stack.charge(values)) ?? new PyObject(type, args);
    },
    build: (value, state) => build(value, state, reader),
    persistent: (id) => {
      if (persistent === undefined)
        throw reader.invalid('a value of the pickle', 'a persistent id');
      return persistent(id);
    },
  };
  for (;;) {
    const opcode = reader.uint8();
    if (opcode === STOP) return { value: stack.pop(), end: reader.at };
    execute(opcode, machine);
  }
}

function globalOf(module: PyValue, name: PyValue, reader: PickleReader): PyGlobal {
  if (typeof module !== 'string' || typeof name !== 'string') {
    throw reader.invalid('the name of a class or function', 'something else');
  }
  if (module.length + name.length > MAX_NAME) {
    throw reader.limit(`names of at most ${MAX_NAME} letters`);
  }
  return new PyGlobal(`${module}.${name}`);
}

/** Sets the state of an object, where it can have one; classes, numbers and the like are left alone. */
function build(value: PyValue, state: PyValue, reader: PickleReader): void {
  if (value instanceof PyObject || value instanceof PyDict) value.state = state;
  else if (value instanceof PyForeign) value.build(state);
  else if (!(value instanceof PyGlobal)) {
    throw reader.invalid('an object that can have attributes', 'another value');
  }
}
