import type { PyArray } from '../../formats/pickle/numpy.js';
import { PyDict, PyObject, type PyValue } from '../../formats/pickle/values.js';
import type { TorchErrors } from './errors.js';
import { asTensor, type OddTensor, type TorchTensor } from './tensor.js';

/** torch.nn.Module objects nest and repeat; a file with more is not made by people. */
const MAX_MODULES = 20_000;
const MAX_DEPTH = 100;

/** A module of a file of torch.save(model) or torch.jit.save. */
export interface TorchModule {
  /** Empty for the outermost. */
  readonly name: string;
  /** `torch.nn.modules.rnn.LSTM`, as Python has it. */
  readonly type: string;
  /** The same as the file has it: `__torch__.torch.nn.modules.rnn.___torch_mangle_0.LSTM` in TorchScript. */
  readonly written: string;
  /** Parameters and buffers by their own names. */
  readonly tensors: ReadonlyMap<string, TorchTensor | OddTensor | PyArray>;
  /** Attributes that are no parameters, buffers or modules. */
  readonly attributes: ReadonlyMap<string, PyValue>;
  readonly children: readonly TorchModule[];
}

/** Whether an object is a torch.nn.Module, or one of TorchScript. */
export function isModule(value: PyValue): value is PyObject {
  if (!(value instanceof PyObject)) return false;
  const { attributes, typeName } = value;
  return attributes.get('_modules') instanceof PyDict || isScript(typeName);
}

const isScript = (type: string): boolean => type.startsWith('__torch__.');

/** The name of the class that TorchScript has written for a class: `__torch__.a.___torch_mangle_3.B` of `a.B`. */
const ownType = (type: string): string =>
  type.replace(/^__torch__\./, '').replace(/(^|\.)___torch_mangle_\d+\./g, '$1');

/**
 * A module and all within it. A module under two names is two, as in a state_dict.
 * @throws UserError TORCH_LIMIT, also where a module holds itself
 */
export function moduleTree(root: PyObject, errors: TorchErrors): TorchModule {
  let made = 0;
  const make = (object: PyObject, name: string, depth: number): TorchModule => {
    if (depth > MAX_DEPTH) throw errors.limit(name, `modules nested at most ${MAX_DEPTH} deep`);
    if (++made > MAX_MODULES) throw errors.limit(name, `at most ${MAX_MODULES} modules`);
    const { attributes } = object;
    const script = isScript(object.typeName);
    const members = script
      ? [...attributes]
      : ['_parameters', '_buffers', '_modules'].flatMap((one) => entriesOf(attributes.get(one)));
    const named = members.flatMap(([key, value]) =>
      typeof key === 'string' ? [[key, value] as const] : [],
    );
    const children = named.flatMap(([key, value]) =>
      isModule(value) ? [make(value, name === '' ? key : `${name}.${key}`, depth + 1)] : [],
    );
    const tensors = named.flatMap(([key, value]) => {
      const tensor = asTensor(value);
      return tensor === null ? [] : [[key, tensor] as const];
    });
    return {
      name,
      type: ownType(object.typeName),
      written: object.typeName,
      tensors: new Map(tensors),
      attributes: new Map(
        [...attributes].flatMap(([key, value]) => (typeof key === 'string' ? [[key, value]] : [])),
      ),
      children,
    };
  };
  return make(root, '', 0);
}

const entriesOf = (value: PyValue | undefined) =>
  value instanceof PyDict ? [...value.entries] : [];

/** A module and all within it, in the order in which torch lists them. */
export function allModules(root: TorchModule): readonly TorchModule[] {
  return [root, ...root.children.flatMap(allModules)];
}
