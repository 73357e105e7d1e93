import type { PyArray } from '../../formats/pickle/numpy.js';
import {
  PyDict,
  PyList,
  PyObject,
  PySet,
  PyTuple,
  type PyValue,
} from '../../formats/pickle/values.js';
import type { TorchErrors } from './errors.js';
import { allModules, isModule, moduleTree, type TorchModule } from './modules.js';
import { asTensor, type OddTensor, type TorchTensor } from './tensor.js';

export type TensorValue = TorchTensor | OddTensor | PyArray;

/** A dictionary of tensors somewhere in a file: a state_dict, or the one that a module would give. */
export interface Dictionary {
  /** Keys that lead there, joined by points; empty for the file itself. */
  readonly path: string;
  /** The last of these keys. */
  readonly key: string;
  /** The object that holds it; null for the file itself. */
  readonly within: PyValue;
  readonly tensors: ReadonlyMap<string, TensorValue>;
  /** What else the dictionary has. */
  readonly others: readonly string[];
  /** Names of all modules, as torch keeps them beside a state_dict; empty where it does not. */
  readonly modules: readonly string[];
  /** The module itself, where the file has it. */
  readonly module: TorchModule | null;
}

/** A place in the file, and the way to it. */
interface Place {
  readonly value: PyValue;
  readonly key: string;
  readonly from: Place | null;
}

function pathOf(place: Place): string {
  const keys: string[] = [];
  for (let at: Place = place; at.from !== null; at = at.from) keys.push(at.key);
  return keys.reverse().join('.');
}

/** All dictionaries of tensors of a file, the outermost first. Objects that are shared are looked at once. */
export function dictionariesOf(root: PyValue, errors: TorchErrors): readonly Dictionary[] {
  const found: Dictionary[] = [];
  const seen = new Set<PyValue>();
  const places: Place[] = [];
  // numbers and texts hold nothing: a list of a million of them is no place to look at
  const visit = (value: PyValue, key: string | number, from: Place | null) => {
    if (typeof value !== 'object' || value === null || seen.has(value)) return;
    seen.add(value);
    places.push({ value, key: `${key}`, from });
  };
  visit(root, '', null);
  for (let i = 0; i < places.length; i++) {
    const place = places[i] as Place;
    const { value, from } = place;
    const at = () => ({ path: pathOf(place), key: place.key, within: from?.value ?? null });
    if (isModule(value)) {
      const module = moduleTree(value, errors);
      found.push({ ...at(), tensors: tensorsOf(module), others: [], modules: [], module });
      continue;
    }
    if (value instanceof PyDict) {
      const members = named(value).map(([key, one]) => ({ key, tensor: asTensor(one) }));
      const own = members.flatMap(({ key, tensor }) => (tensor ? [[key, tensor] as const] : []));
      const others = members.filter(({ tensor }) => tensor === null);
      if (own.length > 0) {
        found.push({
          ...at(),
          tensors: new Map(own),
          others: others.map(({ key }) => key),
          modules: metadata(value.state),
          module: null,
        });
      }
    }
    for (const [key, inner] of within(value)) visit(inner, key, place);
  }
  return found;
}

const named = (dict: PyDict): readonly (readonly [string, PyValue])[] =>
  [...dict.entries].flatMap(([key, value]) => (typeof key === 'string' ? [[key, value]] : []));

function* within(value: PyValue): Generator<readonly [string | number, PyValue]> {
  if (value instanceof PyDict) {
    for (const [key, one] of value.entries) yield [keyText(key), one];
  } else if (value instanceof PyList || value instanceof PyTuple || value instanceof PySet) {
    yield* value.items.entries();
  } else if (value instanceof PyObject) {
    for (const [key, one] of value.attributes) yield [keyText(key), one];
    if (value.entries !== undefined) yield* within(value.entries);
    yield* (value.items ?? []).entries();
    yield ['()', value.args];
  }
}

const keyText = (key: PyValue): string =>
  typeof key === 'string' || typeof key === 'number' ? `${key}` : '?';

/** What a module's state_dict() would hold, and its buffers that it would leave out. */
function tensorsOf(module: TorchModule): ReadonlyMap<string, TensorValue> {
  const all = allModules(module).flatMap(({ name, tensors }) =>
    [...tensors].map(([key, one]) => [name === '' ? key : `${name}.${key}`, one] as const),
  );
  return new Map(all);
}

function metadata(state: PyValue): readonly string[] {
  const own = state instanceof PyDict ? state.entries.get('_metadata') : undefined;
  return own instanceof PyDict ? named(own).map(([name]) => name) : [];
}
