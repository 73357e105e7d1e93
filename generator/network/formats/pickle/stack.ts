import type { PickleReader } from './reader.js';
import { PyDict, PyList, PyObject, PySet, PyTuple, type PyValue } from './values.js';

/** Values that a pickle may make, and objects among them; what makes few of them is not slowed. */
export const MAX_VALUES = 1_000_000;
export const MAX_OBJECTS = 250_000;

/** The stack and the memo of a pickle. */
export class PickleStack {
  readonly #values: PyValue[] = [];
  readonly #marks: number[] = [];
  readonly #memo = new Map<number, PyValue>();
  #made = 0;
  #objects = 0;

  constructor(private readonly reader: PickleReader) {}

  /** Counts values that are made besides those that are pushed. */
  charge(values: number): void {
    this.#made += values;
    if (this.#made > MAX_VALUES) throw this.reader.limit(`at most ${MAX_VALUES} values`);
  }

  push(value: PyValue): void {
    this.charge(1);
    this.#values.push(value);
  }

  /** A value that takes more than a number does. */
  pushObject(value: PyValue): void {
    if (++this.#objects > MAX_OBJECTS) throw this.reader.limit(`at most ${MAX_OBJECTS} objects`);
    this.push(value);
  }

  mark(): void {
    this.charge(1);
    this.#marks.push(this.#values.length);
  }

  pop(): PyValue {
    if (this.#values.length <= (this.#marks.at(-1) ?? 0)) throw this.#empty();
    return this.#values.pop() as PyValue;
  }

  top(): PyValue {
    if (this.#values.length <= (this.#marks.at(-1) ?? 0)) throw this.#empty();
    return this.#values.at(-1) as PyValue;
  }

  /** POP ends a mark where nothing lies on it. */
  drop(): void {
    if (this.#marks.length > 0 && this.#values.length === this.#marks.at(-1)) this.#marks.pop();
    else this.pop();
  }

  popMark(): PyValue[] {
    const mark = this.#marks.pop();
    if (mark === undefined) throw this.reader.invalid('a mark on the stack', 'none');
    return this.#values.splice(mark);
  }

  last(count: number): PyTuple {
    const items = Array.from({ length: count }, () => this.pop());
    return new PyTuple(items.reverse());
  }

  put(key: number | bigint): void {
    this.#memo.set(Number(key), this.top());
  }

  memoize(): void {
    this.put(this.#memo.size);
  }

  get(key: number | bigint): void {
    const value = this.#memo.get(Number(key));
    if (value === undefined) throw this.reader.invalid('a number of the memo', `${key}`);
    this.push(value);
  }

  append(items: readonly PyValue[]): void {
    const to = this.top();
    if (to instanceof PyObject) to.items ??= [];
    const list = to instanceof PyList ? to.items : to instanceof PyObject ? to.items : undefined;
    if (list === undefined) throw this.reader.invalid('a list to append to', 'something else');
    for (const item of items) list.push(item);
  }

  add(items: readonly PyValue[]): void {
    const to = this.top();
    if (!(to instanceof PySet)) throw this.reader.invalid('a set to add to', 'something else');
    for (const item of items) to.items.push(item);
  }

  setItems(items: readonly PyValue[]): void {
    const to = this.top();
    if (to instanceof PyObject) to.entries ??= new PyDict();
    const dict = to instanceof PyObject ? to.entries : to;
    if (!(dict instanceof PyDict)) throw this.reader.invalid('a dictionary', 'something else');
    setAll(dict, items, this.reader);
  }

  #empty() {
    return this.reader.invalid('a value on the stack', 'none');
  }
}

/** Keys and values in turn. */
export function setAll(dict: PyDict, items: readonly PyValue[], reader: PickleReader): void {
  if (items.length % 2 !== 0) throw reader.invalid('a value for every key', 'a key alone');
  for (let i = 0; i < items.length; i += 2) {
    dict.set(items[i] as PyValue, items[i + 1] as PyValue);
  }
}
