import type { PickleReader } from './reader.js';
import { textOf, unescaped, unquoted } from './reader.js';
import { type PickleStack, setAll } from './stack.js';
import { PyBytes, PyDict, type PyGlobal, PyList, PySet, PyTuple, type PyValue } from './values.js';

/** What opcodes work on; `call` and `build` make values without executing anything. */
export interface Machine {
  readonly reader: PickleReader;
  readonly stack: PickleStack;
  readonly global: (module: PyValue, name: PyValue) => PyGlobal;
  readonly call: (type: PyValue, args: PyValue) => PyValue;
  readonly build: (value: PyValue, state: PyValue) => void;
  readonly persistent: (id: PyValue) => PyValue;
}

type Opcode = (machine: Machine) => void;

const literal =
  (value: PyValue): Opcode =>
  ({ stack }) =>
    stack.push(value);
const number =
  (read: (reader: PickleReader) => PyValue): Opcode =>
  ({ reader, stack }) =>
    stack.push(read(reader));
const object =
  (read: (machine: Machine) => PyValue): Opcode =>
  (machine) =>
    machine.stack.pushObject(read(machine));
/** Strings of Python 2 are text or bytes. */
const oldString = (bytes: Uint8Array): PyValue => textOf(bytes) ?? new PyBytes(bytes);
const tuple = (count: number) => object(({ stack }) => stack.last(count));
const refused =
  (what: string): Opcode =>
  ({ reader }) => {
    throw reader.invalid('a value that the pickle itself has', what);
  };

function float(reader: PickleReader): number {
  const line = reader.line().trim();
  const named: Readonly<Record<string, number>> = { nan: Number.NaN, inf: 1 / 0, '-inf': -1 / 0 };
  const value = named[line] ?? Number(line);
  if (line === '' || (Number.isNaN(value) && line !== 'nan')) {
    throw reader.invalid('a number', line.slice(0, 40));
  }
  return value;
}

function integer(reader: PickleReader): PyValue {
  const line = reader.line();
  return line === '00' ? false : line === '01' ? true : reader.decimal(line);
}

function quoted({ reader }: Machine): PyValue {
  const text = unquoted(reader.line().trim());
  if (text === null) throw reader.invalid('a string in quotes', 'something else');
  return oldString(Uint8Array.from(text, (char) => char.charCodeAt(0)));
}

function dictionary({ stack, reader }: Machine): PyValue {
  const dict = new PyDict();
  setAll(dict, stack.popMark(), reader);
  return dict;
}

function list({ stack }: Machine): PyValue {
  const made = new PyList();
  for (const item of stack.popMark()) made.items.push(item);
  return made;
}

function frozen({ stack }: Machine): PyValue {
  const made = new PySet();
  for (const item of stack.popMark()) made.items.push(item);
  return made;
}

/** The class and arguments on the mark. */
function made(machine: Machine): PyValue {
  const [type, ...args] = machine.stack.popMark();
  if (type === undefined) throw machine.reader.invalid('a class', 'none');
  return machine.call(type, new PyTuple(args));
}

const reduced = object((machine) => {
  const args = machine.stack.pop();
  return machine.call(machine.stack.pop(), args);
});

/** https://docs.python.org/3/library/pickletools.html, protocols 0 to 5. */
const OPCODES: Readonly<Record<string, Opcode>> = {
  '(': ({ stack }) => stack.mark(),
  '0': ({ stack }) => stack.drop(),
  '1': ({ stack }) => void stack.popMark(),
  '2': ({ stack }) => stack.push(stack.top()),
  F: number(float),
  I: number(integer),
  J: number((reader) => reader.int32()),
  K: number((reader) => reader.uint8()),
  L: number((reader) => reader.decimal(reader.line().replace(/L$/, ''))),
  M: number((reader) => reader.uint16()),
  G: number((reader) => reader.float64()),
  N: literal(null),
  P: object(({ reader, persistent }) => persistent(reader.line())),
  Q: object(({ stack, persistent }) => persistent(stack.pop())),
  R: reduced,
  S: object(quoted),
  T: object(({ reader }) => oldString(reader.take(reader.int32()))),
  U: object(({ reader }) => oldString(reader.take(reader.uint8()))),
  V: number((reader) => unescaped(reader.line())),
  X: number((reader) => reader.utf8(reader.uint32())),
  a: ({ stack }) => {
    const item = stack.pop();
    stack.append([item]);
  },
  b: ({ stack, build }) => {
    const state = stack.pop();
    build(stack.top(), state);
  },
  c: object(({ reader, global }) => global(reader.line(), reader.line())),
  d: object(dictionary),
  '}': object(() => new PyDict()),
  e: ({ stack }) => {
    const items = stack.popMark();
    stack.append(items);
  },
  g: ({ reader, stack }) => stack.get(reader.decimal(reader.line())),
  h: ({ reader, stack }) => stack.get(reader.uint8()),
  i: object(({ reader, stack, global, call }) =>
    call(global(reader.line(), reader.line()), new PyTuple(stack.popMark())),
  ),
  j: ({ reader, stack }) => stack.get(reader.uint32()),
  l: object(list),
  ']': object(() => new PyList()),
  o: object(made),
  p: ({ reader, stack }) => stack.put(reader.decimal(reader.line())),
  q: ({ reader, stack }) => stack.put(reader.uint8()),
  r: ({ reader, stack }) => stack.put(reader.uint32()),
  s: ({ stack }) => {
    const value = stack.pop();
    const key = stack.pop();
    stack.setItems([key, value]);
  },
  t: object(({ stack }) => new PyTuple(stack.popMark())),
  ')': tuple(0),
  u: ({ stack }) => {
    const items = stack.popMark();
    stack.setItems(items);
  },
  B: object(({ reader }) => new PyBytes(reader.take(reader.uint32()))),
  C: object(({ reader }) => new PyBytes(reader.take(reader.uint8()))),
  '\x80': ({ reader }) => {
    const protocol = reader.uint8();
    if (protocol > 5) throw reader.invalid('a pickle of protocol 0 to 5', `protocol ${protocol}`);
  },
  '\x81': reduced,
  '\x82': refused('an extension that programs register'),
  '\x83': refused('an extension that programs register'),
  '\x84': refused('an extension that programs register'),
  '\x85': tuple(1),
  '\x86': tuple(2),
  '\x87': tuple(3),
  '\x88': literal(true),
  '\x89': literal(false),
  '\x8a': number((reader) => reader.long(reader.uint8())),
  '\x8b': number((reader) => reader.long(reader.int32())),
  '\x8c': number((reader) => reader.utf8(reader.uint8())),
  '\x8d': number((reader) => reader.utf8(reader.uint64())),
  '\x8e': object(({ reader }) => new PyBytes(reader.take(reader.uint64()))),
  '\x8f': object(() => new PySet()),
  '\x90': ({ stack }) => {
    const items = stack.popMark();
    stack.add(items);
  },
  '\x91': object(frozen),
  '\x92': object((machine) => {
    const { stack, call } = machine;
    const named = stack.pop();
    const args = stack.pop();
    const type = stack.pop();
    // arguments by name are no business of the values that are known here
    return named instanceof PyDict && named.entries.size === 0
      ? call(type, args)
      : call(call(type, args), new PyTuple([named]));
  }),
  '\x93': object(({ stack, global }) => {
    const name = stack.pop();
    return global(stack.pop(), name);
  }),
  '\x94': ({ stack }) => stack.memoize(),
  '\x95': ({ reader }) => void reader.uint64(),
  '\x96': object(({ reader }) => new PyBytes(reader.take(reader.uint64()))),
  '\x97': refused('a buffer that is passed beside it'),
  '\x98': refused('a buffer that is passed beside it'),
};

const BY_BYTE: readonly (Opcode | undefined)[] = Array.from(
  { length: 256 },
  (_, byte) => OPCODES[String.fromCharCode(byte)],
);

/** Does what an opcode says. @throws UserError PICKLE_INVALID where there is no such opcode */
export function execute(opcode: number, machine: Machine): void {
  const act = BY_BYTE[opcode];
  if (act === undefined) {
    throw machine.reader.invalid('an opcode', `byte 0x${opcode.toString(16).padStart(2, '0')}`);
  }
  act(machine);
}
